import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Session } from "../../plugin/core/model.ts";
import type { PermissionRule } from "../../plugin/core/rules.ts";
import { approversOf, matches, remarks, rulingOn, subjectOf } from "../../plugin/policy/approval.ts";
import type { Standing } from "../../plugin/policy/presence.ts";
import { joining } from "../fakes/people.ts";

const person = (name: string, more: Partial<Session> = {}): Session => ({
  ...joining(name, { project: "shop" }),
  ...{ mailbox: 1, startedAt: 0, beatAt: 0, beatUp: 0, closedAt: null, hooksAt: null, condition: null },
  ...more,
});
const self = person("worker");
const lead = person("lead", { role: "lead", startRole: "lead" });
const mate = person("mate");
const riser = person("riser", { role: "lead" });
const away = person("away", { project: "bank", role: "lead", startRole: "lead" });
const ghost = person("ghost", { listed: false });
const roster = [self, lead, mate, riser, away, ghost];

function choose(wanted: readonly string[], standings: Record<string, Standing> = {}, spawned = "") {
  return approversOf({
    self,
    roster,
    wanted,
    standing: ({ name }) => standings[name] ?? "idle",
    spawned: ({ name }) => name === spawned,
  });
}
const names = (of: ReturnType<typeof choose>) => of.asked.map(({ session }) => session.name);

describe("who is asked", () => {
  test("the listed sessions of the same project, if nobody is named; never itself", () => {
    expect(names(choose([]))).toEqual(["lead", "mate", "riser"]);
  });
  test("those who are named, of whatever project, listed or not", () => {
    expect(names(choose(["mate", "away", "ghost"]))).toEqual(["mate", "away", "ghost"]);
  });
  test("those who began in a role, not those who took it later", () => {
    expect(names(choose(["role:lead"]))).toEqual(["lead", "away"]);
  });
  test("each once, however often named", () => {
    expect(names(choose(["lead", "role:lead", "lead"]))).toEqual(["lead", "away"]);
  });
  test("not itself, by name or role", () => {
    expect(choose(["worker"])).toMatchObject({ asked: [], missing: ["worker is not running"] });
    expect(names(choose(["role:worker"]))).toEqual(["mate", "riser"]);
  });
  test("not what it started itself", () => {
    expect(choose(["mate"], {}, "mate").missing.join()).toContain("mate was started by this session");
    expect(names(choose([], {}, "mate"))).toEqual(["lead", "riser"]);
  });
  test("not who is gone, who is named as missing", () => {
    expect(choose(["lead", "nobody", "role:none"], { lead: "gone" })).toEqual({
      asked: [],
      missing: ["lead is not running", "nobody is not running", "role:none is not running"],
    });
  });
  test("always the person, who need not be there", () => {
    expect(choose(["user"])).toEqual({ asked: [], missing: [] });
  });
  test("and what is to be known of them at once", () => {
    const table = { lead: "busy", mate: "deaf", away: "idle", riser: "blocked" } as const;
    expect(remarks(choose(["lead", "mate", "away", "riser", "nobody"], table))).toEqual([
      "nobody is not running",
      "lead is busy",
      "mate is deaf and may not see it",
      "riser is blocked",
    ]);
  });
});

const allow = (more: Omit<PermissionRule, "outcome">): PermissionRule => ({
  ...more,
  outcome: { kind: "allow" },
});
const deny = (more: Omit<PermissionRule, "outcome">): PermissionRule => ({
  ...more,
  outcome: { kind: "deny" },
});
const bash = (command: string) => ({ tool: "Bash", input: JSON.stringify({ command }) });
const ruling = (rules: readonly PermissionRule[], call: { tool: string; input: string }) =>
  rulingOn(rules, { self, start: self, ...call })?.number ?? null;

describe("a rule", () => {
  test("that fits first decides", () => {
    const rules = [deny({ project: "bank" }), deny({ tool: "Write" }), allow({ pattern: "ls" }), deny({})];
    expect(ruling(rules, bash("ls"))).toBe(3);
    expect(ruling(rules, bash("pwd"))).toBe(4);
    expect(ruling([], bash("ls"))).toBeNull();
  });

  const joined = [
    "; x",
    "&& x",
    "| x",
    "& x",
    "`x`",
    "$(x)",
    "${x}",
    "> x",
    "< x",
    "\nx",
    "\rx",
    "\\\nx",
    "(x)",
  ];
  for (const tail of joined) {
    test(`that allows "ls*" does not allow ${JSON.stringify(`ls ${tail}`)}, and one that denies does deny it`, () => {
      expect(ruling([allow({ pattern: "ls*" })], bash(`ls ${tail}`))).toBeNull();
      expect(ruling([deny({ pattern: "ls*" })], bash(`ls ${tail}`))).toBe(1);
      expect(ruling([allow({ pattern: `ls ${tail}` })], bash(`ls ${tail}`))).toBe(1); // to the letter
    });
  }

  test("that allows never goes by a part of the input", () => {
    for (const input of ['{"command":"ls', "ls", "", "null", "[]"]) {
      expect(ruling([allow({})], { tool: "Bash", input })).toBeNull();
      expect(ruling([allow({ pattern: "*" })], { tool: "Bash", input })).toBeNull();
      expect(ruling([deny({ pattern: "*" })], { tool: "Bash", input })).toBe(1);
    }
  });

  test("that allows a folder allows no way out of it", () => {
    const write = (file_path: string) => ({ tool: "Write", input: JSON.stringify({ file_path }) });
    for (const path of ["/code/..", "/code/../x", "/code/a/../../x", "/code/a\\..\\x"])
      expect(ruling([allow({ pattern: "/code/*" })], write(path))).toBeNull();
    for (const path of ["/code/x", "/code/a..b", "/code/...", "/code/.x"])
      expect(ruling([allow({ pattern: "/code/*" })], write(path))).toBe(1);
  });

  test("looks at what the tool acts on, by whatever name", () => {
    for (const key of ["command", "file_path", "notebook_path", "path", "url"])
      expect(subjectOf(JSON.stringify({ description: "d", [key]: "it" }))).toBe("it");
    expect(subjectOf(JSON.stringify({ path: "p", command: "c" }))).toBe("c");
    for (const input of ['{"other":1}', '{"command":7}', "a preview", "null"])
      expect(subjectOf(input)).toBe(input);
  });
});

describe("a rule for a role or project, after a session called itself otherwise", () => {
  const boss = { ...self, role: "boss", project: "bank" };
  const asks = (rules: readonly PermissionRule[]) =>
    rulingOn(rules, { self: boss, start: self, ...bash("ls") })?.number ?? null;
  test("holds still if it denies or leaves it to the person", () => {
    for (const kind of ["deny", "user"] as const) {
      expect(asks([{ role: "worker", outcome: { kind } }])).toBe(1);
      expect(asks([{ project: "shop", outcome: { kind } }])).toBe(1);
      expect(asks([{ role: "boss", outcome: { kind } }])).toBe(1);
    }
  });
  test("allows neither as what it was nor as what it is", () => {
    for (const more of [{ role: "worker" }, { role: "boss" }, { project: "shop" }, { project: "bank" }])
      expect(asks([allow(more)])).toBeNull();
    expect(asks([allow({})])).toBe(1);
  });
  test("names those who are asked by what it was", () => {
    const ask = (role: string): PermissionRule => ({ role, outcome: { kind: "ask", approvers: ["crony"] } });
    expect(asks([ask("boss"), { role: "worker", outcome: { kind: "user" } }])).toBe(2);
    expect(asks([ask("worker")])).toBe(1);
  });
});

describe("a pattern", () => {
  for (const [pattern, text, fits] of [
    ["", "", true],
    ["", "a", false],
    ["*", "", true],
    ["*", "a\nb", true],
    ["a*", "a", true],
    ["a*a", "a", false],
    ["a*a", "aa", true],
    ["*a*", "bab", true],
    ["a*b*c", "a1b2b3c", true],
    ["a*b*c", "acb", false],
    ["a.c", "abc", false],
    ["[ab]", "a", false],
    ["a?", "ab", false],
    ["A", "a", false],
    ["**", "x", true],
    ["ab*ba", "aba", false],
  ] as const)
    test(`${JSON.stringify(pattern)} ${fits ? "fits" : "does not fit"} ${JSON.stringify(text)}`, () => {
      expect(matches(pattern, text)).toBe(fits);
    });

  test("means what the same regular expression means", () => {
    const word = fc
      .array(fc.constantFrom("a", "b", "*", "\n"), { maxLength: 8 })
      .map((parts) => parts.join(""));
    const text = fc.array(fc.constantFrom("a", "b", "\n"), { maxLength: 10 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(word, text, (pattern, on) => {
        expect(matches(pattern, on)).toBe(new RegExp(`^${pattern.replaceAll("*", "[^]*")}$`).test(on));
      }),
      { numRuns: 2000 },
    );
  });

  test("is never slow", () => {
    const from = performance.now();
    expect(matches("*a".repeat(200), `${"a".repeat(1e5)}b`)).toBe(false);
    expect(performance.now() - from).toBeLessThan(500);
  });
});
