import * as z from "zod";
import { normalise } from "../core/names.ts";
import { text } from "./fields.ts";
import { send } from "./send.ts";
import { tool } from "./tool.ts";

export const broadcast = tool({
  name: "broadcast",
  description:
    "Send one message to all live sessions of your project (all sessions, if you have no project), or to those with one role.",
  schema: z.strictObject({ ...text, role: z.string().optional().describe("Only sessions with this role.") }),
  run: (bench, { role, ...draft }) => {
    const only = role === undefined ? undefined : normalise(role, "role");
    return send(bench, "broadcast", draft.content, () => bench.desk.broadcast(draft, { role: only }));
  },
});
