import { describe, expect, test } from "bun:test";
import { activityOf, after, type Doing, nothing, type Sign } from "../../plugin/policy/activity.ts";

const turn: Sign = { kind: "turn" };
const tool = (name = "Bash", agent = ""): Sign => ({ kind: "tool", tool: name, agent });
const done = (agent = ""): Sign => ({ kind: "tools_done", agent });
const dialog = (about = "Bash", agent = ""): Sign => ({ kind: "dialog", about, agent });
const answered = (agent = ""): Sign => ({ kind: "answered", agent });
const end = (agent = ""): Sign => ({ kind: "end", agent });

/** One sign a second, from the first second on. */
function doing(...signs: readonly Sign[]): Doing {
  return signs.reduce((so, sign, n) => after(so, sign, n + 1), nothing(0));
}
/** State, since when, with or on what. */
function seen(...signs: readonly Sign[]) {
  const { state, since, on } = activityOf(doing(...signs));
  return [state, since, on];
}

type Expected = readonly [string, number, string | null];
/** Every sign of the session itself, from every state. */
const states: readonly {
  readonly from: string;
  readonly signs: readonly Sign[];
  readonly is: Expected;
  readonly turn: Expected;
  readonly tool: Expected;
  readonly done: Expected;
  readonly dialog: Expected;
  readonly answered: Expected;
  readonly end: Expected;
}[] = [
  {
    from: "nothing told",
    signs: [],
    is: ["idle", 0, null],
    turn: ["busy", 1, null],
    tool: ["busy", 1, "Read"],
    done: ["busy", 1, null],
    dialog: ["blocked", 1, "Read"],
    answered: ["idle", 0, null],
    end: ["idle", 0, null],
  },
  {
    from: "a turn",
    signs: [turn],
    is: ["busy", 1, null],
    turn: ["busy", 1, null],
    tool: ["busy", 1, "Read"],
    done: ["busy", 1, null],
    dialog: ["blocked", 2, "Read"],
    answered: ["busy", 1, null],
    end: ["idle", 2, null],
  },
  {
    from: "a tool",
    signs: [turn, tool()],
    is: ["busy", 1, "Bash"],
    turn: ["busy", 1, null],
    tool: ["busy", 1, "Read"],
    done: ["busy", 1, null],
    dialog: ["blocked", 3, "Read"],
    answered: ["busy", 1, "Bash"],
    end: ["idle", 3, null],
  },
  {
    from: "a dialog",
    signs: [turn, tool(), dialog()],
    is: ["blocked", 3, "Bash"],
    turn: ["busy", 1, null],
    tool: ["busy", 1, "Read"],
    done: ["busy", 1, null],
    dialog: ["blocked", 4, "Read"],
    answered: ["busy", 1, "Bash"],
    end: ["idle", 4, null],
  },
  {
    from: "the end",
    signs: [turn, end()],
    is: ["idle", 2, null],
    turn: ["busy", 3, null],
    tool: ["busy", 3, "Read"],
    done: ["busy", 3, null],
    dialog: ["blocked", 3, "Read"],
    answered: ["idle", 2, null],
    end: ["idle", 2, null],
  },
];

for (const { from, signs, is, ...next } of states) {
  describe(`after ${from}`, () => {
    test(`it is ${is[0]}`, () => expect(seen(...signs)).toEqual([...is]));
    const given = {
      turn,
      tool: tool("Read"),
      done: done(),
      dialog: dialog("Read"),
      answered: answered(),
      end: end(),
    };
    for (const [kind, sign] of Object.entries(given)) {
      const expected = next[kind as keyof typeof next];
      test(`${kind}: ${expected[0]}`, () => expect(seen(...signs, sign)).toEqual([...expected]));
    }
  });
}

describe("a subagent", () => {
  test("that works makes its idle session no busy one, and a busy one no other", () => {
    for (const sign of [tool("Read", "a"), done("a"), answered("a"), end("a")]) {
      expect(seen(turn, end(), sign)).toEqual(["idle", 2, null]);
      expect(seen(turn, tool(), sign)).toEqual(["busy", 1, "Bash"]);
    }
  });

  test("that asks its person blocks the session, idle or busy", () => {
    expect(seen(turn, end(), dialog("Write", "a"))).toEqual(["blocked", 3, "Write"]);
    expect(seen(turn, tool(), dialog("Write", "a"))).toEqual(["blocked", 3, "Write"]);
  });

  test("still asks when its session's turn ends, or goes on", () => {
    expect(seen(turn, dialog("Write", "a"), end())).toEqual(["blocked", 2, "Write"]);
    for (const sign of [turn, tool(), done(), answered()])
      expect(seen(turn, dialog("Write", "a"), sign)).toEqual(["blocked", 2, "Write"]);
  });

  test("asks no more once it gives any sign, and then its session is what it was", () => {
    for (const sign of [tool("Read", "a"), done("a"), answered("a"), end("a")]) {
      expect(seen(turn, dialog("Write", "a"), sign)).toEqual(["busy", 1, null]);
      expect(seen(turn, dialog("Write", "a"), end(), sign)).toEqual(["idle", 3, null]);
    }
  });

  test("does not answer for another, nor for the session", () => {
    expect(seen(turn, dialog("Write", "a"), end("b"))).toEqual(["blocked", 2, "Write"]);
    expect(seen(turn, dialog("Write"), end("b"))).toEqual(["blocked", 2, "Write"]);
  });

  test("waits its turn: the dialog that has been open longest is told", () => {
    const both = [turn, dialog("Write", "a"), dialog("Bash", "b")] as const;
    expect(seen(...both)).toEqual(["blocked", 2, "Write"]);
    expect(seen(...both, answered("a"))).toEqual(["blocked", 3, "Bash"]);
    expect(seen(...both, dialog("Edit", "a"))).toEqual(["blocked", 3, "Bash"]);
  });
});

test("a dialog that was broken off while nothing ran makes it idle since then", () => {
  expect(seen(turn, end(), dialog(), end())).toEqual(["idle", 4, null]);
});

test("whoever looks on is told nothing else by the same sign again", () => {
  expect(doing(turn, tool(), tool())).toEqual(doing(turn, tool()));
});
