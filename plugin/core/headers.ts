import { iso } from "./clock.ts";
import type { Letter } from "./model.ts";

/** What every tool and command says of a message in JSON. What is in it they say apart: framed for a model, as it is for a script. */
export function headersOf({ id, fromName, sentAt, priority, type, threadId, inReplyTo }: Letter) {
  return {
    message_id: id,
    from: fromName,
    sent_at: iso(sentAt),
    priority: priority ?? "normal",
    message_type: type,
    thread_id: threadId,
    in_reply_to: inReplyTo,
  };
}
