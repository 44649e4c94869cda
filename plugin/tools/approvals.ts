import * as z from "zod";
import { iso } from "../core/clock.ts";
import { neutraliseLine } from "../core/neutral.ts";
import { isGenuineRequest } from "../core/permission.ts";
import { quote, readable } from "../policy/petition.ts";
import { tool } from "./tool.ts";

const mostChars = 60_000;
const shown = 20;

/** So much of an input as fits, and how much follows. */
function part(text: string, from: number) {
  const left = Math.max(0, text.length - from - mostChars);
  return { untrusted_input: quote(text.slice(from, from + mostChars)), ...(left > 0 ? { left } : {}) };
}

export const approvals = tool({
  name: "approvals",
  description:
    "Permission requests put to this session: open ones and what became of the last. With request_id all of one, its whole input included.",
  schema: z.strictObject({
    request_id: z.string().optional(),
    from: z.number().int().min(0).default(0).describe("Of a long input: the character to begin at."),
  }),
  async run({ desk }, { request_id: wanted, from }) {
    const { bus } = desk.parts;
    const me = desk.self().id;
    const word = wanted?.trim();
    // Signatures last: of a month of requests few are this session's, and fewer are meant.
    const mine = (await bus.requests("all")).filter(
      (one) =>
        (one.asked.includes(me) || one.session === me) &&
        (word === undefined || one.id === word.toUpperCase() || one.letters === word.toLowerCase()) &&
        isGenuineRequest(one),
    );
    const some = word === undefined ? mine.slice(-shown) : mine;
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
            ...part(readable(request.input), from),
          }),
    }));
    return { result: { requests } };
  },
});
