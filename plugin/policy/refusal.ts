import type { Bus } from "../bus/bus.ts";
import { excerpt, type NoticeParts, noticeTo } from "./notice.ts";

/** Takes back what still waits from a session that is now blocked, and tells it so. */
export async function refuseWaiting(
  parts: NoticeParts & { readonly bus: Bus },
  name: string,
): Promise<readonly number[]> {
  const { bus, self } = parts;
  const told: number[] = [];
  for (const waiting of await bus.waitingFrom(self().id, name)) {
    const { message, fromMailbox } = waiting;
    const to = await bus.mailbox(fromMailbox);
    const why = `${self().name} takes no messages from ${message.fromName} any more (block)`;
    const body = `Your message ${message.id} was refused: ${why}. It was not read. It said: ${excerpt(message)}`;
    await bus.refuse(waiting, "blocked", to === null ? null : noticeTo(parts, to, message, body));
    told.push(fromMailbox);
  }
  return told;
}
