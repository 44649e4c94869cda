import { beforeEach, describe, expect, test } from "bun:test";
import { type Attention, attention } from "../../plugin/delivery/attention.ts";
import { evidenceDueMs } from "../../plugin/delivery/proof/evidence.ts";
import { type Hooked, hooked } from "../fakes/hooked.ts";
import { type House, house, type Seat, seat } from "../fakes/house.ts";

let home: House;
let api: Seat;
let client: Hooked;
let own: Attention;
const facts = { pushes: false, wakes: true, hooksHeard: true, unanswered: null as number | null, misses: 0 };
beforeEach(async () => {
  home = await house();
  api = await seat(home, "api");
  client = hooked(home, api);
  Object.assign(facts, { pushes: false, wakes: true, hooksHeard: true, unanswered: null, misses: 0 });
  own = attention({
    clock: home.clock,
    doing: client.doing,
    evidence: { ...client.evidence, misses: () => facts.misses },
    pushes: () => facts.pushes,
    wakes: () => facts.wakes,
    unanswered: () => facts.unanswered,
    hooksHeard: () => facts.hooksHeard,
  });
});
const reach = () => own.condition().reach;

describe("a session is reached", () => {
  test("by a push, if its client takes channel events, whatever else", () => {
    Object.assign(facts, { pushes: true, wakes: false, misses: 9 });
    expect(reach()).toBe("push");
  });

  test("by a wake, if its client watches its file", () => expect(reach()).toBe("wake"));

  test("with its next turn, if it cannot be woken and its hooks are heard", () => {
    facts.wakes = false;
    expect(reach()).toBe("turn");
  });

  test("when it calls inbox, if no hook was ever heard", () => {
    Object.assign(facts, { wakes: false, hooksHeard: false });
    expect(reach()).toBe("pull");
  });

  test("by nothing that works, once three hand-overs in a row yielded no evidence", () => {
    facts.misses = 2;
    expect(reach()).toBe("wake");
    facts.misses = 3;
    expect(reach()).toBe("deaf");
  });
});

describe("a client that was asked to fetch its mail and did not", () => {
  beforeEach(() => {
    facts.unanswered = home.clock.now();
  });

  test("is not woken, it seems, after ten idle seconds", async () => {
    client.doing.note({ kind: "end", agent: "" });
    expect(reach()).toBe("wake");
    await home.clock.pass(evidenceDueMs - 1);
    expect(reach()).toBe("wake");
    await home.clock.pass(1);
    expect(reach()).toBe("turn");
    facts.unanswered = null;
    expect(reach()).toBe("wake");
  });

  test("is given its time while it is busy or blocked", async () => {
    client.doing.note({ kind: "turn" });
    client.doing.note({ kind: "dialog", about: "Bash", agent: "" });
    await home.clock.pass(100 * evidenceDueMs);
    expect(reach()).toBe("wake");
  });
});

test("nobody is disturbed until the moment said, and then again", async () => {
  expect(own.isQuiet()).toBe(false);
  const until = home.clock.now() + 60_000;
  own.quiet(until);
  expect([own.isQuiet(), own.condition().quietUntil]).toEqual([true, until]);
  await home.clock.pass(60_000);
  expect([own.isQuiet(), own.condition().quietUntil]).toEqual([false, null]);
  own.quiet(until + 60_000);
  own.quiet(null);
  expect([own.isQuiet(), own.condition().quietUntil]).toEqual([false, null]);
});

test("what it does is told as its hooks tell it", () => {
  expect(own.condition().activity).toBeNull();
  client.doing.note({ kind: "turn" });
  expect(own.condition().activity).toEqual({ state: "busy", since: home.clock.now(), on: null });
});
