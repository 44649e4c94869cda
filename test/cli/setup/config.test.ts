/** `cc-dm config`: the command itself, on a terminal that keeps what is written. */
import { describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { main } from "../../../plugin/cli/main.ts";
import { settingKeys } from "../../../plugin/core/settings.ts";
import { scratch } from "../../fakes/scratch.ts";
import { fakeTerminal } from "../fake.ts";

interface Machine {
  readonly file?: unknown;
  readonly env?: Readonly<Record<string, string>>;
  readonly columns?: number;
}

async function config(words: readonly string[], { file, env = {}, columns = 80 }: Machine = {}) {
  const home = scratch();
  mkdirSync(join(home, ".cc-dm"));
  if (file !== undefined) writeFileSync(join(home, ".cc-dm", "config.json"), JSON.stringify(file));
  const { terminal, written } = fakeTerminal({ env: { HOME: home, ...env }, columns });
  return { exit: await main(terminal, ["config", ...words]), ...written, home };
}

test("lists every setting with its value, and marks what is not at its default, and why", async () => {
  const { exit, out, err } = await config([], {
    file: { CC_DM_BELL: "off", CC_DM_DM_ALLOWLIST: ["API", "web"], locked: { CC_DM_WAKE: "on" } },
    env: { CC_DM_WAKE: "off", CC_DM_MAX_CHARS: "10000" },
  });
  expect({ exit, err }).toEqual({ exit: 0, err: "" });
  for (const key of settingKeys) expect(out).toMatch(new RegExp(`^[* ] ${key} `, "m"));
  expect(out).toMatch(/^\* CC_DM_BELL +off \(config\.json; default: on\)$/m);
  expect(out).toMatch(/^\* CC_DM_DM_ALLOWLIST +api, web \(config\.json; default: empty\)$/m);
  expect(out).toMatch(/^ {2}CC_DM_WAKE +on \(config\.json \(locked\), as by default\)$/m);
  expect(out).toMatch(/^ {2}CC_DM_MAX_CHARS +10000 \(environment, as by default\)$/m);
  expect(out).toMatch(/^ {2}CC_DM_CHANNEL +auto$/m);
  expect(out).toMatch(/^file +.*config\.json$/m);
});

test("for a script tells value, default and source of each, the file, and how many rules there are", async () => {
  const { out, home } = await config(["--json"], {
    file: JSON.parse(
      '{ "permissions": [{ "tool": "Bash", "then": "user" }], "locked": { "CC_DM_WAKE": "off" } }',
    ),
  });
  const told = JSON.parse(out);
  expect(told).toMatchObject({
    home: { path: join(home, ".cc-dm"), source: "default" },
    file: { path: join(home, ".cc-dm", "config.json"), there: true },
    permission_rules: 1,
  });
  expect(told.settings.map(({ key }: { key: string }) => key)).toEqual([...settingKeys]);
  const of = (key: string) => told.settings.find((one: { key: string }) => one.key === key);
  expect(of("CC_DM_WAKE")).toEqual({
    key: "CC_DM_WAKE",
    value: false,
    default: true,
    source: "config.json",
    locked: true,
  });
  expect(of("CC_DM_SESSION_NAME")).toMatchObject({ value: null, default: null, source: "default" });
});

describe("by name", () => {
  test.each([["CC_DM_WAKE"], ["wake"], ["Wake"]])("%s", async (word) => {
    expect((await config([word])).out).toBe("  CC_DM_WAKE  on\n");
  });
  test.each([
    ["wkae", "Did you mean CC_DM_WAKE?"],
    ["session-nmae", "Did you mean CC_DM_SESSION_NAME?"],
    ["zzzzzz", "cc-dm config lists all."],
  ])("%s is none", async (word, way) => {
    const { exit, out, err } = await config([word]);
    expect({ exit, out }).toEqual({ exit: 2, out: "" });
    expect(err).toBe(`cc-dm: There is no setting "${word}". ${way}\n`);
  });
});

describe("what is wrong is named, with its place, and the exit code is 3", () => {
  test.each<readonly [string, Machine, string]>([
    ["a value", { env: { CC_DM_WAKE: "maybe" } }, 'CC_DM_WAKE is "maybe" (environment)'],
    ["a value in the file", { file: { CC_DM_MAX_CHARS: 0 } }, 'CC_DM_MAX_CHARS is "0" (config.json)'],
    ["a key", { file: { CC_DM_NMAE: "x" } }, 'has an unknown setting "CC_DM_NMAE"'],
    ["a rule", { file: { permissions: [{ tool: "Bash" }] } }, 'rule 1, needs "then"'],
    ["a home", { env: { CC_DM_HOME: "here" } }, 'CC_DM_HOME is "here"; it must be an absolute path'],
  ])("%s", async (_what, machine, complaint) => {
    const { exit, out, err } = await config([], machine);
    expect({ exit, out }).toEqual({ exit: 3, out: "" });
    expect(err).toStartWith("cc-dm: ");
    expect(err).toContain(complaint);
  });
});

test("fits 40 columns", async () => {
  const { out } = await config([], { columns: 40, file: { CC_DM_DM_BLOCKLIST: ["api", "web"] } });
  for (const line of out.split("\n").slice(4)) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(40);
  expect(out).toContain("CC_DM_DM_BLOCKLIST\n      api, web");
});
