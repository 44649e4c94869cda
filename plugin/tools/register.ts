import * as z from "zod";
import { normalise, normaliseSessionName } from "../core/names.ts";
import { tool } from "./tool.ts";

export const register = tool({
  name: "register",
  description:
    "Set this session's name, role and project: the name is its address for other sessions. Omitted fields keep their value; an empty project clears it.",
  schema: z.strictObject({
    name: z.string().describe("Letters, digits, - _ . (64 at most), unique on this machine."),
    role: z.string().optional().describe("e.g. planner, backend, tests"),
    project: z.string().optional().describe("New messages then reach this project only."),
  }),
  async run({ desk }, { name, role, project }) {
    const self = desk.self();
    const next = {
      name: normaliseSessionName(name),
      role: role === undefined ? self.role : normalise(role, "role"),
      project:
        project === undefined ? self.project : project.trim() === "" ? null : normalise(project, "project"),
    };
    await desk.rename(next);
    return { result: { id: self.id, ...next } };
  },
});
