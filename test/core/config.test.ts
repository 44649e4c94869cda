// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the client passes an unset variable on like that
import { describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadConfig } from "../../plugin/core/config.ts";
import { settingKeys } from "../../plugin/core/settings.ts";
import { failure } from "../fakes/failure.ts";
import { scratch } from "../fakes/scratch.ts";

/** A user's home with this config.json in its .cc-dm. */
function homeWith(config?: unknown): string {
  const home = scratch();
  if (config !== undefined) put(join(home, ".cc-dm"), config);
  return home;
}

function put(folder: string, config: unknown): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "config.json"), typeof config === "string" ? config : JSON.stringify(config));
}

const load = (HOME: string, env: Record<string, string> = {}, args: readonly string[] = []) =>
  loadConfig({ env: { HOME, ...env }, args });
const complaint = async (HOME: string, env: Record<string, string> = {}, args: readonly string[] = []) => {
  const error = await failure(() => load(HOME, env, args));
  expect(error.code).toBe("bad_setting");
  return error.message;
};

test("with nothing set, everything has its default", () => {
  const { values, sources } = load(homeWith());
  expect(values).toEqual({
    CC_DM: true,
    CC_DM_SESSION_NAME: undefined,
    CC_DM_SESSION_ROLE: "worker",
    CC_DM_SESSION_PROJECT: undefined,
    CC_DM_CHANNEL: "auto",
    CC_DM_WAKE: true,
    CC_DM_BELL: true,
    CC_DM_BROADCAST_ALLOWED_ROLES: [],
    CC_DM_DM_ALLOWLIST: [],
    CC_DM_DM_BLOCKLIST: [],
    CC_DM_PERMISSION_RELAY: false,
    CC_DM_PERMISSION_APPROVER: [],
    CC_DM_APPROVER: false,
    CC_DM_NOTIFY: false,
    CC_DM_TRANSCRIPT: true,
    CC_DM_MESSAGE_TTL_S: 86_400,
    CC_DM_MAX_CHARS: 10_000,
    CC_DM_MAX_BUS_MB: 1000,
    CC_DM_REPLY_LIMIT: 16,
    CC_DM_HISTORY_DAYS: 7,
  });
  for (const key of settingKeys) expect(sources[key]).toBe("default");
});

describe("of several places that set one thing", () => {
  const key = "CC_DM_SESSION_ROLE";
  const file = { [key]: "file" };
  const locked = { locked: { [key]: "locked" } };
  const env = { [key]: "env" };
  const flag = ["--session-role", "flag"];
  const table: readonly (readonly [
    string,
    unknown,
    Record<string, string>,
    readonly string[],
    string,
    string,
  ])[] = [
    ["config.json beats the default", file, {}, [], "file", "config.json"],
    ["the environment beats config.json", file, env, [], "env", "environment"],
    ["the command line beats the environment", file, env, flag, "flag", "command line"],
    ["what is locked beats all", { ...file, ...locked }, env, flag, "locked", "config.json (locked)"],
    ["an empty variable does not count", file, { [key]: "" }, [], "file", "config.json"],
    [
      "an unexpanded variable does not count",
      file,
      { [key]: "${CC_DM_SESSION_ROLE}" },
      [],
      "file",
      "config.json",
    ],
  ];
  for (const [what, config, variables, args, value, source] of table) {
    test(what, () => {
      const { values, sources } = load(homeWith(config), variables, args);
      expect(values[key]).toBe(value);
      expect(sources[key] as string).toBe(source);
    });
  }

  test("a repository cannot get rid of the locks by moving CC_DM_HOME", () => {
    const elsewhere = join(scratch(), "moved");
    const { home, values, sources } = load(homeWith({ ...file, ...locked }), {
      ...env,
      CC_DM_HOME: elsewhere,
    });
    expect(home.folder).toBe(elsewhere);
    expect(values[key]).toBe("locked");
    expect(sources[key]).toBe("config.json (locked)");
    // What is not locked is left behind with the home.
    expect(load(homeWith(file), { CC_DM_HOME: elsewhere }).values[key]).toBe("worker");
  });

  test("of two homes' locks the usual one's count", () => {
    const elsewhere = scratch();
    put(elsewhere, { locked: { [key]: "moved", CC_DM_MAX_CHARS: 5 } });
    const { values } = load(homeWith(locked), { CC_DM_HOME: elsewhere });
    expect(values[key]).toBe("locked");
    expect(values.CC_DM_MAX_CHARS).toBe(5);
  });
});

describe("values are read as people write them", () => {
  const table: readonly (readonly [keyof ReturnType<typeof load>["values"], string, unknown])[] = [
    ["CC_DM", "off", false],
    ["CC_DM", "OFF", false],
    ["CC_DM", "0", false],
    ["CC_DM_WAKE", "no", false],
    ["CC_DM_BELL", "true", true],
    ["CC_DM_SESSION_NAME", " Back End ", "back-end"],
    ["CC_DM_SESSION_ROLE", "Planner", "planner"],
    ["CC_DM_SESSION_PROJECT", "My Shop", "my-shop"],
    ["CC_DM_CHANNEL", "on", "on"],
    ["CC_DM_BROADCAST_ALLOWED_ROLES", "Lead, Back End ,,lead", ["lead", "back-end", "lead"]],
    ["CC_DM_DM_ALLOWLIST", " , ", []],
    ["CC_DM_DM_BLOCKLIST", "Ｎoisy", ["noisy"]],
    ["CC_DM_MESSAGE_TTL_S", "60", 60],
    ["CC_DM_MAX_CHARS", "1000000", 1_000_000],
    ["CC_DM_HISTORY_DAYS", "1", 1],
  ];
  for (const [key, text, value] of table) {
    test(`${key}=${text}`, () => {
      expect(load(homeWith(), { [key]: text }).values[key] as unknown).toEqual(value);
    });
  }

  test("in config.json also as JSON's own lists, numbers and truth values", () => {
    const config = { CC_DM_DM_ALLOWLIST: ["Lead", "API"], CC_DM_MAX_CHARS: 500, CC_DM_BELL: false };
    expect(load(homeWith(config)).values).toMatchObject({
      CC_DM_DM_ALLOWLIST: ["lead", "api"],
      CC_DM_MAX_CHARS: 500,
      CC_DM_BELL: false,
    });
  });

  test("on the command line with a space or an equals sign", () => {
    const { values } = load(homeWith(), {}, [
      "--session-name=Api",
      "--dm-allowlist",
      "lead",
      "--cc-dm=off",
      "--session-project=ab",
    ]);
    expect(values).toMatchObject({
      CC_DM_SESSION_NAME: "api",
      CC_DM_DM_ALLOWLIST: ["lead"],
      CC_DM: false,
      CC_DM_SESSION_PROJECT: "ab",
    });
  });
});

describe("a wrong value stops the start and says which, where and what", () => {
  const table: readonly (readonly [string, string, RegExp])[] = [
    ["CC_DM", "maybe", /"on"|expected/i],
    ["CC_DM_SESSION_NAME", "a/b", /is no name/],
    ["CC_DM_SESSION_NAME", "user", /is reserved/],
    ["CC_DM_SESSION_NAME", "x".repeat(65), /64 characters/],
    ["CC_DM_SESSION_ROLE", "!", /is no role/],
    ["CC_DM_SESSION_PROJECT", "..", /is no project/],
    ["CC_DM_CHANNEL", "yes", /auto/],
    ["CC_DM_WAKE", "auto", /expected/i],
    ["CC_DM_BELL", "2", /expected/i],
    ["CC_DM_BROADCAST_ALLOWED_ROLES", "lead,a/b", /a\/b/],
    ["CC_DM_DM_ALLOWLIST", "lead;api", /lead;api/],
    ["CC_DM_DM_BLOCKLIST", "<x>", /<x>/],
    ["CC_DM_MESSAGE_TTL_S", "soon", /number/i],
    ["CC_DM_MESSAGE_TTL_S", "0", />=\s*1/],
    ["CC_DM_MAX_CHARS", "1000001", /<=\s*1000000/],
    ["CC_DM_MAX_CHARS", "1.5", /int/i],
    ["CC_DM_HISTORY_DAYS", "-1", />=\s*1/],
  ];
  for (const [key, text, why] of table) {
    test(`${key}=${text.slice(0, 12)}`, async () => {
      const message = await complaint(homeWith(), { [key]: text });
      expect(message).toStartWith(`${key} is ${JSON.stringify(text)} (environment): `);
      expect(message).toMatch(why);
    });
  }

  test("an allowlist and a blocklist exclude each other, wherever they come from", async () => {
    const message = await complaint(homeWith({ CC_DM_DM_BLOCKLIST: "a" }), { CC_DM_DM_ALLOWLIST: "b" });
    expect(message).toContain(
      "CC_DM_DM_ALLOWLIST (environment) and CC_DM_DM_BLOCKLIST (config.json) exclude",
    );
  });

  test("an empty one of them excludes nothing", () => {
    expect(
      load(homeWith({ CC_DM_DM_BLOCKLIST: [] }), { CC_DM_DM_ALLOWLIST: "b" }).values.CC_DM_DM_ALLOWLIST,
    ).toEqual(["b"]);
  });

  test("arguments nobody knows, or without a value", async () => {
    expect(await complaint(homeWith(), {}, ["--colour", "red"])).toContain("--colour");
    expect(await complaint(homeWith(), {}, ["backend"])).toContain("backend");
    expect(await complaint(homeWith(), {}, ["--session-name"])).toMatch(/--session-name.*value/);
    expect(await complaint(homeWith(), {}, ["--session-name="])).toContain("CC_DM_SESSION_NAME");
    expect(await complaint(homeWith(), {}, ["--cc-dm-home", "/x"])).toContain("--session-role");
  });
});

describe("a config.json that cannot be meant", () => {
  const table: readonly (readonly [string, unknown, RegExp])[] = [
    ["broken JSON", '{"CC_DM": ', /not valid JSON.*Mend it/],
    ["a list", [], /one JSON object/],
    ["a text", '"on"', /one JSON object/],
    ["null", "null", /one JSON object/],
    ["a key nobody knows", { CC_DM_COLOUR: "red" }, /unknown setting "CC_DM_COLOUR"/],
    ["a lock on one", { locked: { CC_DM_HOME: "/x" } }, /unknown setting "CC_DM_HOME"/],
    ["locks that are no object", { locked: ["CC_DM"] }, /"locked" in/],
    ["an object for a value", { CC_DM: {} }, /CC_DM in .* must be/],
    ["null for a value", { CC_DM: null }, /CC_DM in .* must be/],
    ["an empty name", { CC_DM_SESSION_NAME: "" }, /CC_DM_SESSION_NAME is "" \(config.json\)/],
    ["a wrong lock", { locked: { CC_DM_MAX_CHARS: 0 } }, /CC_DM_MAX_CHARS is "0" \(config.json \(locked\)\)/],
  ];
  for (const [what, config, why] of table) {
    test(what, async () => expect(await complaint(homeWith(config))).toMatch(why));
  }

  test("is named in the complaint", async () => {
    const home = homeWith("{");
    expect(await complaint(home)).toContain(join(home, ".cc-dm", "config.json"));
  });

  test("but one that is not there, or a home that is a file, is none", () => {
    expect(load(homeWith()).values.CC_DM).toBe(true);
    const home = scratch();
    writeFileSync(join(home, ".cc-dm"), "");
    expect(load(home).values.CC_DM).toBe(true);
  });

  test("and one that is a folder is a complaint", async () => {
    const home = scratch();
    mkdirSync(join(home, ".cc-dm", "config.json"), { recursive: true });
    expect(await complaint(home)).toContain("cannot be read");
  });
});
