import type { Watch } from "../bus/bus.ts";
import { iso } from "../core/clock.ts";
import { excerpt } from "./notice.ts";

/** What a sender that asked for it is to be told of a message now; null: nothing yet. */
export function outcomeOf({ kind, receipt, receiver, message }: Watch): string | null {
  const { name, state, path, evidence, seenAt, handedAt } = receipt;
  const seen = state === "seen" || state === "replied";
  const said = `Your message ${message.id} ("${excerpt(message)}")`;
  const sight =
    seenAt === null ? "" : ` at ${iso(seenAt)} (${path === null ? "" : `by ${path}, `}evidence: ${evidence})`;
  if (kind === "seen") return seen ? `${name} has seen it${sight}. ${said}` : null;
  if (receiver === null) {
    return seen
      ? `${name} is closed; it had seen your message${sight}. ${said}`
      : `${name} is closed and has not seen your message; it waits there. ${said}`;
  }
  if (!seen) return null;
  const activity = receiver.condition?.activity ?? null;
  if (activity === null) return `${name} has seen it${sight}; it does not tell whether it is idle. ${said}`;
  const done = activity.state === "idle" && activity.since > (handedAt ?? 0);
  return done
    ? `${name} is idle since ${iso(activity.since)}; it had seen your message${sight}. ${said}`
    : null;
}
