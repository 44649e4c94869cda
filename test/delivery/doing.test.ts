import { beforeEach, describe, expect, test } from "bun:test";
import { type Doing, doing as doings } from "../../plugin/delivery/doing.ts";
import { type FakeClock, fakeClock } from "../fakes/clock.ts";

const minute = 60_000;
let clock: FakeClock;
let doing: Doing;
let changes: number;
beforeEach(() => {
  clock = fakeClock();
  changes = 0;
  doing = doings(clock, () => void changes++);
});

const turn = () => doing.note({ kind: "turn" });
const tool = (name = "Bash") => doing.note({ kind: "tool", tool: name, agent: "" });
const dialog = (about = "Bash", agent = "") => doing.note({ kind: "dialog", about, agent });
const end = (agent = "") => doing.note({ kind: "end", agent });
const state = () => doing.activity()?.state ?? null;

test("nothing is known before the first sign, and every sign is passed on", () => {
  expect([doing.activity(), doing.inTurn(), doing.lastTurn(), doing.progressAt()]).toEqual([
    null,
    null,
    null,
    null,
  ]);
  turn();
  tool();
  expect([changes, state()]).toEqual([2, "busy"]);
});

describe("a client that falls silent", () => {
  test("in the middle of a turn is not known to be busy after ten minutes", async () => {
    turn();
    await clock.pass(10 * minute);
    expect(state()).toBe("busy");
    await clock.pass(1);
    expect([doing.activity(), doing.inTurn()]).toEqual([null, null]);
    tool();
    expect(state()).toBe("busy");
  });

  test("is, if its transcript grows", async () => {
    turn();
    for (let n = 0; n < 5; n++) {
      await clock.pass(9 * minute);
      doing.stirred();
    }
    expect(state()).toBe("busy");
  });

  test("is not known by a transcript alone", () => {
    doing.stirred();
    expect(doing.activity()).toBeNull();
  });

  test("with a tool in hand, a dialog or nothing to do stays what it is: these take their time", async () => {
    turn();
    tool();
    await clock.pass(600 * minute);
    expect(doing.activity()).toMatchObject({ state: "busy", on: "Bash" });
    dialog();
    await clock.pass(600 * minute);
    expect(state()).toBe("blocked");
    end();
    await clock.pass(600 * minute);
    expect(state()).toBe("idle");
  });

  test("is silent by a clock that was set back, too", () => {
    turn();
    clock.setWall(-11 * minute);
    expect(doing.activity()).toBeNull();
  });
});

describe("a turn that its person broke off", () => {
  test("is over", () => {
    turn();
    doing.broken(clock.now());
    expect(state()).toBe("idle");
  });

  test("is over with its dialog, but not a subagent's", () => {
    turn();
    dialog("Write", "a-1");
    dialog("Bash");
    doing.broken(clock.now());
    expect(doing.activity()).toMatchObject({ state: "blocked", on: "Write" });
  });

  test("is not the one that runs by now, if that began later", async () => {
    turn();
    const broken = clock.now();
    await clock.pass(1000);
    end();
    turn();
    doing.broken(broken);
    expect(state()).toBe("busy");
  });

  test("told while nothing runs changes nothing", async () => {
    end();
    const { since } = doing.activity() ?? {};
    await clock.pass(1000);
    doing.broken(clock.now());
    expect(doing.activity()).toEqual({ state: "idle", since: since ?? 0, on: null });
  });
});

describe("a turn that can bring mail", () => {
  test("is told since when it runs, and none when it is over", async () => {
    const since = clock.now();
    turn();
    await clock.pass(1000);
    tool();
    expect([doing.inTurn(), doing.lastTurn()]).toEqual([since, null]);
    end();
    expect([doing.inTurn(), doing.lastTurn()]).toEqual([null, since]);
  });

  test("begins anew each moment in which its person has to decide something", async () => {
    turn();
    dialog();
    await clock.pass(5 * minute);
    expect(doing.inTurn()).toBe(clock.now());
  });

  test("is not held up by a subagent's dialog, and is none where only a subagent asks", async () => {
    const since = clock.now();
    turn();
    dialog("Write", "a-1");
    await clock.pass(5 * minute);
    expect(doing.inTurn()).toBe(since);
    end();
    expect([doing.inTurn(), state()]).toEqual([null, "blocked"]);
  });

  test("that is over is the last one, and the end of a subagent ends none", async () => {
    turn();
    end();
    const first = doing.lastTurn();
    await clock.pass(1000);
    turn();
    end("a-1");
    end("");
    expect(doing.lastTurn()).toBe((first ?? 0) + 1000);
    end();
    expect(doing.lastTurn()).toBe((first ?? 0) + 1000);
  });
});

describe("the client's own note", () => {
  const noted = (status: "idle" | "busy" | "waiting", at: number, waitingFor: string | null = null) =>
    doing.corrected({ status, at, waitingFor });

  test("ends a turn that no hook said was over, and its dialogs", async () => {
    turn();
    dialog("Write", "a-1");
    dialog();
    await clock.pass(1000);
    noted("idle", clock.now());
    expect(doing.activity()).toEqual({ state: "idle", since: clock.now(), on: null });
  });

  test("tells that a dialog was answered: the tool runs", async () => {
    const since = clock.now();
    turn();
    tool();
    dialog();
    await clock.pass(1000);
    noted("busy", clock.now());
    expect(doing.activity()).toEqual({ state: "busy", since, on: "Bash" });
  });

  test("tells of a dialog that no hook told of, in its words", async () => {
    turn();
    await clock.pass(1000);
    noted("waiting", clock.now(), "input needed");
    expect(doing.activity()).toEqual({ state: "blocked", since: clock.now(), on: "input needed" });
    end();
    await clock.pass(1000);
    noted("waiting", clock.now());
    expect(doing.activity()?.on).toBe("a question");
  });

  test("keeps the name of a dialog that a hook told of", async () => {
    turn();
    dialog("Write");
    await clock.pass(1000);
    noted("waiting", clock.now(), "permission prompt");
    expect(doing.activity()?.on).toBe("Write");
  });

  test("of the moment of the last sign or before counts nothing: it may be the older news", async () => {
    noted("waiting", clock.now() + 1000);
    expect(doing.activity()).toBeNull();
    await clock.pass(1000);
    turn();
    for (const at of [clock.now() - 500, clock.now(), clock.now() + 100]) noted("idle", at);
    expect(state()).toBe("busy");
    noted("idle", clock.now() + 101);
    expect(state()).toBe("idle");
  });

  test("of what is known already changes nothing", async () => {
    turn();
    await clock.pass(1000);
    const before = changes;
    noted("busy", clock.now());
    end();
    await clock.pass(1000);
    noted("idle", clock.now());
    expect(changes).toBe(before + 1);
  });
});
