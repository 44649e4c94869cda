import { expect, test } from "bun:test";
import fc from "fast-check";
import type { Person } from "../../../plugin/cli/read/people.ts";
import { roll, shortRoll } from "../../../plugin/cli/read/roll.ts";
import type { Presence, Session } from "../../../plugin/core/model.ts";
import { joining } from "../../fakes/people.ts";

const now = 1_000_000_000;

function person(
  name: string,
  more: {
    readonly role?: string;
    readonly project?: string | null;
    readonly cwd?: string;
    readonly on?: string | null;
    readonly presence?: Presence;
    readonly unread?: number;
  } = {},
): Person {
  const { on = null, presence = "idle", unread = 0, ...session } = more;
  const whole = {
    ...joining(name, session),
    mailbox: 1,
    startedAt: 0,
    beatAt: 0,
    beatUp: 0,
    closedAt: null,
    hooksAt: null,
    condition: null,
  } satisfies Session;
  return {
    session: whole,
    presence,
    since: now - 61_000,
    on,
    reach: "wake",
    quietUntil: null,
    unread,
    awaits: [],
  };
}

test("columns stand below each other, and role and project go below where there is no room", () => {
  const list = [
    person("api", { project: "shop", unread: 2, presence: "blocked", on: "Write" }),
    person("日本", { role: "tester" }),
  ];
  expect(shortRoll(list, now, { columns: 60, colour: false })).toEqual([
    "api   blocked: Write, 1 min  ✉2  worker, shop",
    "日本  idle, 1 min                tester",
  ]);
  expect(roll(list, now, { columns: 40, colour: false })).toBe(`api   blocked: Write, 1 min  ✉2
  /code/api · worker, shop · mail wakes
  it
日本  idle, 1 min
  /code/日本 · tester · mail wakes it
`);
});

test("no line is wider than the paper, whatever sessions are called and do", () => {
  const word = fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 });
  const anybody = fc
    .record({
      name: word,
      role: word,
      project: fc.option(word),
      cwd: word,
      on: fc.option(word),
      unread: fc.nat(9999),
    })
    .map(({ name, ...more }) => person(name, { ...more, presence: "busy" }));
  fc.assert(
    fc.property(
      fc.array(anybody, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 40, max: 120 }),
      (list, columns) => {
        for (const text of roll(list, now, { columns, colour: false }).split("\n"))
          expect(Bun.stringWidth(text)).toBeLessThanOrEqual(columns);
      },
    ),
  );
});
