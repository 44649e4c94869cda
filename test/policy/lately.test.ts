import { expect, test } from "bun:test";
import type { Session } from "../../plugin/core/model.ts";
import { lately, type Standing } from "../../plugin/policy/presence.ts";
import { fakeClock } from "../fakes/clock.ts";
import { joining } from "../fakes/people.ts";

const session = (name: string): Session => {
  const times = { startedAt: 0, beatAt: 0, beatUp: 0, closedAt: null, hooksAt: null, condition: null };
  return { ...joining(name), mailbox: 1, ...times };
};

test("a standing is looked at once in half a second, for each session by itself", async () => {
  const clock = fakeClock();
  const looked: string[] = [];
  const standings: Record<string, Standing> = { one: "live", two: "away" };
  const ask = lately(({ name }) => {
    looked.push(name);
    return standings[name] ?? "gone";
  }, clock);
  const [one, two] = [session("one"), session("two")];
  expect([ask(one), ask(two), ask(one), ask(two)]).toEqual(["live", "away", "live", "away"]);
  expect(looked).toEqual(["one", "two"]);
  standings.one = "gone";
  await clock.pass(499);
  expect(ask(one)).toBe("live");
  await clock.pass(1);
  expect(ask(one)).toBe("gone");
  clock.setWall(-3_600_000);
  standings.one = "live";
  expect(ask(one)).toBe("live"); // an old answer is not kept by a clock set back
});
