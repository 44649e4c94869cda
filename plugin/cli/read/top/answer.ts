import type { Wish } from "../../../view/ui.ts";
import { answerAll, guard, refusalText } from "../../approve/answer.ts";
import { fateText } from "../../approve/fate.ts";
import type { Asked } from "../../approve/requests.ts";
import type { Terminal } from "../../command.ts";
import type { Store } from "../../store.ts";
import { speaker } from "../../write/speaker.ts";

/** Answers a request as `cc-dm approve` and `cc-dm deny` do, and by the same leave. */
export async function answer(
  terminal: Terminal,
  store: Store,
  asked: Asked,
  { behavior, reason }: Pick<Extract<Wish, { kind: "decide" }>, "behavior" | "reason">,
): Promise<{ readonly text: string; readonly taken: boolean }> {
  const { id, letters, name } = asked.request;
  const why = await guard(terminal, store, [id], behavior);
  if (why !== null) return { text: refusalText(why), taken: false };
  const given = { behavior, reason: reason?.toWellFormed() ?? null, remember: false };
  const [fate] = await answerAll(store, [asked], given);
  if (fate === undefined) return { text: `${letters}: nothing was decided`, taken: false };
  return { text: `${letters} ${name}: ${fateText(fate, behavior)}`, taken: fate.taken };
}

/** Sends a message as `cc-dm send` does, and only as the person: a session has tools of its own. */
export async function say(
  terminal: Terminal,
  store: Store,
  { to, text }: Pick<Extract<Wish, { kind: "send" }>, "to" | "text">,
): Promise<{ readonly text: string; readonly taken: boolean }> {
  const from = await speaker(terminal, store);
  if (!from.isPerson)
    return { text: `not sent: ${from.session.name} speaks here, by its own tools`, taken: false };
  const { recipients, note } = await from.dm(to, { content: text });
  const names = recipients.map(({ name, presence }) => [name, presence].filter(Boolean).join(", "));
  return { text: [`sent to ${names.join("; ")}`, note].filter(Boolean).join(". "), taken: true };
}
