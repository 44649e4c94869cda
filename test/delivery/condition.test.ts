import { beforeEach, describe, expect, test } from "bun:test";
import type { Condition } from "../../plugin/core/model.ts";
import { type Teller, teller } from "../../plugin/delivery/condition.ts";
import { type House, house, type Seat, seat } from "../fakes/house.ts";

let home: House;
let api: Seat;
let now: Condition;
let told: Condition[];
let failing: boolean;
let announce: Teller;
beforeEach(async () => {
  home = await house();
  api = await seat(home, "api");
  now = { activity: null, reach: "wake", quietUntil: null };
  told = [];
  failing = false;
  const bus = {
    ...home.bus,
    async tell(id: string, condition: Condition) {
      if (failing) throw new Error("locked");
      await home.bus.tell(id, condition);
      told.push(condition);
    },
  };
  const { clock, log } = home;
  announce = teller({ bus, clock, log, session: api.session, condition: () => now });
});

async function tell(): Promise<number> {
  announce.tell();
  await home.clock.settle();
  return told.splice(0).length;
}
const busy = (on: string | null, since = 0): Condition => ({
  ...now,
  activity: { state: "busy", since, on },
});

test("what a session does stands on the roster, and is written again only when it changed", async () => {
  expect(await tell()).toBe(1);
  for (let n = 0; n < 5; n++) {
    await home.clock.pass(500);
    expect(await tell()).toBe(0);
  }
  const changes: readonly Partial<Condition>[] = [
    { activity: { state: "idle", since: 1, on: null } },
    { activity: { state: "idle", since: 2, on: null } },
    { activity: { state: "blocked", since: 2, on: "Bash" } },
    { activity: { state: "blocked", since: 2, on: "Write" } },
    { reach: "deaf" },
    { quietUntil: 5 },
    { quietUntil: null },
    { activity: null },
  ];
  for (const change of changes) {
    now = { ...now, ...change };
    expect(await tell()).toBe(1);
    expect((await home.bus.session(api.keys.id))?.condition).toEqual(now);
    expect(await tell()).toBe(0);
  }
});

describe("a tool in hand, which changes by the second", () => {
  test("is told every two seconds at most, and the last one at last", async () => {
    now = busy("Read");
    expect(await tell()).toBe(1);
    for (const on of ["Bash", "Edit", "Grep"]) {
      now = busy(on);
      await home.clock.pass(400);
      expect(await tell()).toBe(0);
    }
    await home.clock.pass(800);
    expect(await tell()).toBe(1);
    expect((await home.bus.session(api.keys.id))?.condition?.activity?.on).toBe("Grep");
  });

  test("does not hold up what else changes", async () => {
    now = busy("Read");
    await tell();
    now = { ...now, activity: { state: "blocked", since: 1, on: "Read" } };
    expect(await tell()).toBe(1);
    now = busy("Bash", 5);
    expect(await tell()).toBe(1);
    now = busy("Bash", 6);
    expect(await tell()).toBe(1);
  });

  test("is not held up for ever by a clock that was set back", async () => {
    now = busy("Read");
    await tell();
    home.clock.setWall(-3_600_000);
    now = busy("Bash");
    expect(await tell()).toBe(1);
  });
});

test("what changes while it is being told is told next", async () => {
  announce.tell();
  now = { ...now, reach: "pull" };
  announce.tell();
  await home.clock.settle();
  expect(told.map((one) => one.reach)).toEqual(["wake", "pull"]);
});

test("a bus that was locked is told at the next poll", async () => {
  failing = true;
  expect(await tell()).toBe(0);
  expect(home.logged.map((one) => one.event)).toEqual(["tell_failed"]);
  failing = false;
  expect(await tell()).toBe(1);
  failing = true;
  now = { ...now, reach: "pull" };
  await tell();
  failing = false;
  expect(await tell()).toBe(1);
});

test("a row that was lost is told all of it again", async () => {
  await tell();
  announce.forget();
  expect(await tell()).toBe(1);
});
