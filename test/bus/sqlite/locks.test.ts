import { Database } from "bun:sqlite";
import { afterEach, describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { Bus } from "../../../plugin/bus/bus.ts";
import { openSqliteBus } from "../../../plugin/bus/sqlite/index.ts";
import { systemClock } from "../../../plugin/core/clock.ts";
import { nextTurn } from "../../fakes/clock.ts";
import { failure } from "../../fakes/failure.ts";
import { boot, join as joins, type Member, send } from "../../fakes/people.ts";
import { scratch } from "../../fakes/scratch.ts";

const open: { close(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

interface Locked {
  readonly bus: Bus;
  readonly path: string;
  readonly lead: Member;
  readonly api: Member;
  release(): void;
}

/** A bus that another program has locked for writing. Real time: SQLite's own waiting is the point. */
async function locked(patienceMs: number): Promise<Locked> {
  const path = join(scratch(), "bus.db");
  const bus = await openSqliteBus({ path, clock: systemClock, boot, patienceMs });
  open.push({ close: () => bus.end() });
  const [lead, api] = [await joins(bus, "lead"), await joins(bus, "api")];
  await send(bus, lead, [api.session], { body: "before" });
  const other = new Database(path);
  open.push(other);
  other.run("begin immediate");
  return { bus, path, lead, api, release: () => other.run("rollback") };
}

/** Turns of the event loop until a promise settles, and the longest pause between two of them. */
async function watch(run: Promise<unknown>): Promise<{ turns: number; longestMs: number }> {
  let done = false;
  run.then(
    () => {
      done = true;
    },
    () => {
      done = true;
    },
  );
  let [turns, longestMs] = [0, 0];
  for (let last = performance.now(); !done; turns++) {
    await nextTurn();
    const now = performance.now();
    longestMs = Math.max(longestMs, now - last);
    last = now;
  }
  return { turns, longestMs };
}

test("writes wait for the lock and keep the order in which they were asked for", async () => {
  const { bus, lead, api, release } = await locked(10_000);
  const texts = ["1", "2", "3", "4", "5"];
  const sends = texts.map((body) => send(bus, lead, [api.session], { body }));
  for (let n = 0; n < 5; n++) await nextTurn();
  release();
  await Promise.all(sends);
  const offers = await bus.claim({ session: api.session, path: "pull", limit: 10 });
  expect(offers.map((offer) => offer.message.body)).toEqual(["before", ...texts]);
});

test("the event loop turns while a write waits", async () => {
  const { bus, lead, api } = await locked(400);
  const { turns, longestMs } = await watch(failure(send(bus, lead, [api.session])));
  expect(turns).toBeGreaterThan(5);
  // 30 ms are SQLite's own; if it waited for all of the patience, that would be 400.
  expect(longestMs).toBeLessThan(300);
});

test("when patience is over it says so, and nothing was written", async () => {
  const { bus, path, lead, api, release } = await locked(150);
  const start = performance.now();
  const error = await failure(send(bus, lead, [api.session]));
  expect(performance.now() - start).toBeGreaterThanOrEqual(100);
  expect(error.code).toBe("bus_busy");
  expect(error.message).toContain(`${path} is locked by another program`);
  release();
  await send(bus, lead, [api.session], { body: "after" });
  const offers = await bus.claim({ session: api.session, path: "pull", limit: 10 });
  expect(offers.map((offer) => offer.message.body)).toEqual(["before", "after"]);
});

test("reading goes on under the lock", async () => {
  const { bus, api } = await locked(10_000);
  expect(await bus.named("api")).toMatchObject({ id: api.session.id });
  expect(await bus.unread(api.session)).toBe(1);
  expect(await bus.peek(api.session, 10)).toHaveLength(1);
});

test("an empty look takes no lock", async () => {
  const { bus, lead } = await locked(10_000);
  expect(await bus.claim({ session: lead.session, path: "wake", limit: 10 })).toEqual([]);
  expect(await bus.seenBy(lead.session.id, "turn", "stop")).toBe(0);
  expect(await bus.requeue(lead.session.id, "turn", systemClock.now())).toBe(0);
});

describe("a hook that must not hold up a prompt", () => {
  test("gets nothing within its own patience, though others wait longer", async () => {
    const { bus, api } = await locked(10_000);
    const start = performance.now();
    const error = await failure(bus.claim({ session: api.session, path: "turn", limit: 10, patienceMs: 50 }));
    expect(error.code).toBe("bus_busy");
    expect(performance.now() - start).toBeLessThan(2000);
  });

  for (const [when, turns] of [
    ["asked for with it", 0],
    ["asked for earlier", 10],
  ] as const)
    test(`waits no longer behind a patient write ${when}, and then writes nothing`, async () => {
      const { bus, lead, api, release } = await locked(10_000);
      const patient = send(bus, lead, [api.session], { body: "after" });
      for (let n = 0; n < turns; n++) await nextTurn();
      const start = performance.now();
      const hook = bus.claim({ session: api.session, path: "turn", limit: 10, patienceMs: 50 });
      expect((await failure(hook)).code).toBe("bus_busy");
      expect(performance.now() - start).toBeLessThan(2000);
      release();
      await patient;
      // What nobody will show must not count as handed over.
      expect(await bus.unread(api.session)).toBe(2);
    });
});

test("the last word does not wait", async () => {
  const { bus, lead, release } = await locked(10_000);
  const start = performance.now();
  bus.leave(lead.session.id);
  expect(performance.now() - start).toBeLessThan(500);
  release();
  expect(await bus.named("lead")).not.toBeNull();
});

test("opening waits for the lock too, and says so when patience is over", async () => {
  const { path, release } = await locked(10_000);
  const again = () => openSqliteBus({ path, clock: systemClock, boot, patienceMs: 100 });
  (await again()).end(); // nothing to migrate: a lock on writing is no hindrance
  release();
  const fresh = join(scratch(), "bus.db");
  const other = new Database(fresh, { create: true });
  open.push(other);
  other.run("begin exclusive");
  const error = await failure(openSqliteBus({ path: fresh, clock: systemClock, boot, patienceMs: 100 }));
  expect(error.code).toBe("bus_busy");
  other.run("rollback");
  (await openSqliteBus({ path: fresh, clock: systemClock, boot, patienceMs: 100 })).end();
});
