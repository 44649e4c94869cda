import * as z from "zod";
import { iso } from "../core/clock.ts";
import { neutraliseLine } from "../core/neutral.ts";
import { isGenuineRequest } from "../core/permission.ts";
import { quote, readable } from "../policy/petition.ts";
import { tool } from "./tool.ts";

const mostChars = 60_000;
const shown = 20;

export const approvals = tool({
  name: "approvals",
  description:
    "Permission requests put to this session: open ones and what became of the last. With request_id all of one, its whole input included.",
  schema: z.strictObject({ request_id: z.string().optional() }),
  async run({ desk }, { request_id: wanted }) {
    const { bus } = desk.parts;
    const me = desk.self().id;
    const mine = (await bus.requests("all")).filter(
      (request) => isGenuineRequest(request) && (request.asked.includes(me) || request.session === me),
    );
    const word = wanted?.trim();
    const some =
      word === undefined
        ? mine.slice(-shown)
        : mine.filter((one) => one.id === word.toUpperCase() || one.letters === word.toLowerCase());
    const requests = some.map(({ settlement, ...request }) => ({
      request_id: request.id,
      letters: request.letters,
      from: request.name,
      role: request.role,
      project: request.project,
      cwd: neutraliseLine(request.cwd),
      branch: request.branch === null ? null : neutraliseLine(request.branch),
      tool: neutraliseLine(request.tool),
      since: iso(request.askedAt),
      state: settlement.state,
      ...(settlement.by === null ? {} : { by: settlement.by, verdict: settlement.behavior }),
      ...(word === undefined
        ? {}
        : {
            description: quote(request.description),
            untrusted_input: quote(readable(request.input)).slice(0, mostChars),
          }),
    }));
    return { result: { requests } };
  },
});
