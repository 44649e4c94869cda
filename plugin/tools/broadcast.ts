import * as z from "zod";
import { normalise } from "../core/names.ts";
import { text } from "./fields.ts";
import { tool } from "./tool.ts";

export const broadcast = tool({
  name: "broadcast",
  description:
    "Send one message to all live sessions of your project (all sessions, if you have no project), or to those with one role.",
  schema: z.strictObject({ ...text, role: z.string().optional().describe("Only sessions with this role.") }),
  run: async ({ desk }, { role, ...draft }) => ({
    result: { ...(await desk.broadcast(draft, role === undefined ? undefined : normalise(role, "role"))) },
  }),
});
