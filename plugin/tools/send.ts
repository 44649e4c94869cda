import { answerIn } from "../core/permission.ts";
import type { Sent } from "../policy/post.ts";
import { notAVerdict, verdictInMail } from "./decide.ts";
import type { Bench, Outcome } from "./tool.ts";

/**
 * Sends a text, unless it is an answer to a permission request that was put to this session: that is
 * taken as one and not sent. From anybody else, and in a broadcast, such a text decides nothing; it is
 * on record, and its sender is told.
 */
export async function send(
  bench: Bench,
  tool: "dm" | "reply" | "broadcast",
  content: string,
  post: () => Promise<Sent>,
): Promise<Outcome> {
  const answer = answerIn(content);
  // Nothing is waited for before that: messages go out in the order in which they were called for.
  if (answer === null) return { result: { ...(await post()) } };
  const verdict = tool === "broadcast" ? null : await verdictInMail(bench, tool, content);
  if (verdict !== null) return verdict;
  const sent = await post();
  const { bus, clock, log } = bench.desk.parts;
  await bus
    .audit({
      at: clock.now(),
      request: answer.letters,
      kind: "refused",
      who: bench.desk.self().name,
      detail: `${answer.behavior}: a message that decides nothing`,
    })
    // It was sent: said to have failed it would be sent again.
    .catch((error: unknown) => log("audit_failed", { error: String(error) }));
  return { result: { ...sent, note: [sent.note, notAVerdict].filter(Boolean).join(" ") } };
}
