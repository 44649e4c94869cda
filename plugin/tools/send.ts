import { answerIn } from "../core/permission.ts";
import type { Sent } from "../policy/post.ts";
import { notAVerdict, verdictInMail } from "./decide.ts";
import type { Bench, Outcome } from "./tool.ts";

/** Sends a text, unless it is an answer to a permission request: that is taken as one and not sent. */
export async function send(bench: Bench, content: string, post: () => Promise<Sent>): Promise<Outcome> {
  // Nothing is waited for before that: messages go out in the order in which they were called for.
  if (answerIn(content) === null) return { result: { ...(await post()) } };
  const verdict = await verdictInMail(bench, content);
  if (verdict !== null) return verdict;
  const sent = await post();
  return { result: { ...sent, note: [sent.note, notAVerdict].filter(Boolean).join(" ") } };
}
