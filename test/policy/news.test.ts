import { expect, test } from "bun:test";
import type { Session } from "../../plugin/core/model.ts";
import { movementsLine } from "../../plugin/policy/news.ts";
import { joining } from "../fakes/people.ts";

const session = (name: string, role = "worker"): Session => {
  const times = { startedAt: 0, beatAt: 0, beatUp: 0, closedAt: null, hooksAt: null, condition: null };
  return { ...joining(name, { role }), mailbox: 1, ...times };
};
const many = (count: number) => Array.from({ length: count }, (_, n) => session(`s${n}`));

test("nothing is said if nobody came or went", () => {
  expect(movementsLine({ joined: [], left: [] })).toBe("");
});

test("who joined is named with the role, who left without", () => {
  const [api, web] = [session("api", "tests"), session("web")];
  expect(movementsLine({ joined: [api, web], left: [] })).toBe(
    "Since then joined: api (tests), web (worker).",
  );
  expect(movementsLine({ joined: [], left: [web] })).toBe("Since then left: web.");
  expect(movementsLine({ joined: [api], left: [web] })).toBe("Since then joined: api (tests); left: web.");
});

test("of many, eight are named and the others counted", () => {
  expect(movementsLine({ joined: [], left: many(8) })).not.toContain("more");
  const line = movementsLine({ joined: many(9), left: many(20) });
  expect(line).toContain("s7 (worker) and 1 more; left: ");
  expect(line).toEndWith("s7 and 12 more.");
});
