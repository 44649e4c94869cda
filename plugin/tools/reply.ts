import * as z from "zod";
import { notify, text } from "./fields.ts";
import { send } from "./send.ts";
import { tool } from "./tool.ts";

export const reply = tool({
  name: "reply",
  description:
    "Answer a message this session received, by its message_id. Goes to its sender wherever it is, and keeps its thread.",
  schema: z.strictObject({ message_id: z.string().describe("From the message."), ...text, notify }),
  run: (bench, { message_id, ...draft }) =>
    send(bench, "reply", draft.content, () => bench.desk.reply(message_id, draft)),
});
