import * as z from "zod";
import { notify, text } from "./fields.ts";
import { send } from "./send.ts";
import { tool } from "./tool.ts";

export const dm = tool({
  name: "dm",
  description:
    "Send a message to one other session, by name (or id prefix, or its folder's name). It arrives in that session's conversation; to a closed session it waits. To answer a message use reply.",
  schema: z.strictObject({
    to: z.string().describe('Name of the session; "user" is the person at this machine.'),
    ...text,
    notify,
  }),
  run: (bench, { to, ...draft }) => send(bench, "dm", draft.content, () => bench.desk.dm(to, draft)),
});
