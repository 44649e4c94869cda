/** Where settings come from, which one wins, and what becomes of a wrong one. */
import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { type Start, testBus } from "../support/testbus.ts";

const bus = testBus();

/** Writes `config.json`, into the bus's home unless another place is given. */
function configure(config: unknown, home = bus.home): void {
  mkdirSync(home, { recursive: true });
  writeFileSync(`${home}/config.json`, typeof config === "string" ? config : JSON.stringify(config));
}

async function nameOf(start: Start): Promise<string> {
  const session = await bus.start(start);
  const { name } = (await session.ok("who")).you;
  await session.stop();
  return name;
}

describe("a wrong value", () => {
  test("ends the start with an error on stderr that names the setting, the value and its place", async () => {
    const wrong: Record<string, readonly string[]> = {
      CC_DM: ["maybe", "2"],
      CC_DM_HOME: ["relative/path", "./x"],
      CC_DM_SESSION_NAME: ["a/b", "user", "x".repeat(65), "cc_dm"],
      CC_DM_SESSION_ROLE: ["a,b", "-"],
      CC_DM_SESSION_PROJECT: ["a/b"],
      CC_DM_CHANNEL: ["yes", "ON"],
      CC_DM_WAKE: ["sometimes"],
      CC_DM_BELL: ["loud"],
      CC_DM_BROADCAST_ALLOWED_ROLES: ["lead,a/b"],
      CC_DM_DM_ALLOWLIST: ["bob;carol"],
      CC_DM_DM_BLOCKLIST: ["*"],
      CC_DM_MESSAGE_TTL_S: ["0", "-1", "1.5", "soon", "1d", "99999999"],
      CC_DM_MAX_CHARS: ["0", "1000001", "10k", "NaN", "Infinity"],
      CC_DM_HISTORY_DAYS: ["0", "week"],
    };
    const cases = Object.entries(wrong).flatMap(([key, values]) => values.map((value) => ({ key, value })));
    for (let i = 0; i < cases.length; i += 4) {
      const some = cases.slice(i, i + 4);
      const ends = await Promise.all(
        some.map(({ key, value }) => bus.run({ name: "alice", env: { [key]: value } })),
      );
      for (const [n, { code, stdout, stderr }] of ends.entries()) {
        const { key, value } = some[n] as (typeof cases)[number];
        expect([key, value, code]).toEqual([key, value, 1]);
        expect(stderr).toMatch(new RegExp(`^cc-dm: ${key} is "`));
        expect(stderr).toContain(JSON.stringify(value));
        expect(stderr).toEndWith("\n");
        expect(stdout).toBe("");
      }
    }
    expect(existsSync(bus.home)).toBe(false);
  });

  test("is fatal too where two lists exclude each other", async () => {
    const env = { CC_DM_DM_ALLOWLIST: "bob", CC_DM_DM_BLOCKLIST: "carol" };
    const { code, stderr } = await bus.run({ env });
    expect(code).toBe(1);
    expect(stderr).toContain(
      "CC_DM_DM_ALLOWLIST (environment) and CC_DM_DM_BLOCKLIST (environment) exclude each other",
    );
    configure({ CC_DM_DM_BLOCKLIST: ["carol"] });
    const mixed = await bus.run({ env: { CC_DM_DM_ALLOWLIST: "bob" } });
    expect(mixed.code).toBe(1);
    expect(mixed.stderr).toContain("CC_DM_DM_BLOCKLIST (config.json)");
  });

  test("on the command line or in config.json is fatal as well, and so is an unknown one there", async () => {
    for (const [args, said] of [
      [["--max-chars", "many"], 'CC_DM_MAX_CHARS is "many" (command line)'],
      [["--max-chars"], "--max-chars"],
      [["--maximum", "5"], "--maximum"],
      [["stray"], "stray"],
      [["--session-name="], 'CC_DM_SESSION_NAME is ""'],
    ] as const) {
      const { code, stderr } = await bus.run({ args });
      expect([args, code]).toEqual([args, 1]);
      expect(stderr).toStartWith("cc-dm: ");
      expect(stderr).toContain(said);
    }
    for (const [config, said] of [
      ["{", "is not valid JSON"],
      ["[]", "must hold one JSON object"],
      [{ CC_DM_MAX_CHAR: 5 }, 'unknown setting "CC_DM_MAX_CHAR"'],
      [{ CC_DM_MAX_CHARS: "many" }, "CC_DM_MAX_CHARS is"],
      [{ CC_DM_MAX_CHARS: { value: 5 } }, "must be a text, number or true/false"],
      [{ locked: { CC_DM_BELL: "loud" } }, "(config.json (locked))"],
      [{ locked: ["CC_DM_BELL"] }, '"locked" in'],
      [{ locked: { PATH: "/evil" } }, 'unknown setting "PATH"'],
    ] as const) {
      configure(config);
      const { code, stderr } = await bus.run();
      expect([config, code]).toEqual([config, 1]);
      expect(stderr).toContain(said);
      expect(stderr).toContain("config.json");
    }
  });

  test("is not what an empty value or an unexpanded placeholder counts as: those are unset", async () => {
    for (const value of ["", "  ", "$" + "{CC_DM_SESSION_NAME}", "$" + "{user_config.name}"]) {
      expect(
        await nameOf({ folder: "here", env: { CC_DM_SESSION_NAME: value, CC_DM_MAX_CHARS: value } }),
      ).toBe("here");
    }
  });
});

describe("a setting", () => {
  test("comes from the command line before the environment before config.json before the default", async () => {
    expect(await nameOf({ folder: "folder" })).toBe("folder");
    configure({ CC_DM_SESSION_NAME: "from-config" });
    expect(await nameOf({ folder: "folder" })).toBe("from-config");
    const env = { CC_DM_SESSION_NAME: "from-environment" };
    expect(await nameOf({ folder: "folder", env })).toBe("from-environment");
    expect(await nameOf({ folder: "folder", env, args: ["--session-name", "from-words"] })).toBe(
      "from-words",
    );
    expect(await nameOf({ folder: "folder", env, args: ["--session-name=from-words"] })).toBe("from-words");
  });

  test("that is locked in config.json beats all of them", async () => {
    configure({ CC_DM_SESSION_NAME: "plain", locked: { CC_DM_SESSION_NAME: "locked", CC_DM_MAX_CHARS: 3 } });
    const start = {
      env: { CC_DM_SESSION_NAME: "env", CC_DM_MAX_CHARS: "100" },
      args: ["--session-name", "words"],
    };
    const { ok, refused } = await bus.start(start);
    expect((await ok("who")).you.name).toBe("locked");
    await bus.start({ name: "bob" }); // the name is locked, so this one becomes a variant
    expect((await refused("dm", { to: "locked-2", content: "1234" })).message).toContain("at most 3");
  });

  test("that is locked in the usual home holds for a session that was moved to another home", async () => {
    configure({ locked: { CC_DM_MAX_CHARS: 3 } }, bus.path("me", ".cc-dm"));
    const { refused } = await bus.start({ name: "alice" });
    expect((await refused("dm", { to: "bob", content: "1234" })).code).toBe("unknown_recipient");
    await bus.start({ name: "bob" });
    expect((await refused("dm", { to: "bob", content: "1234" })).code).toBe("too_long");
  });

  test("may be a list, a number or a truth value in config.json", async () => {
    configure({ CC_DM_DM_BLOCKLIST: ["Bob", "carol"], CC_DM_MAX_CHARS: 4, CC_DM_BELL: false });
    const { refused } = await bus.start({ name: "alice" });
    await Promise.all([bus.start({ name: "bob" }), bus.start({ name: "dora" })]);
    expect((await refused("dm", { to: "bob", content: "x" })).code).toBe("not_allowed");
    expect((await refused("dm", { to: "dora", content: "12345" })).code).toBe("too_long");
  });
});

describe("CC_DM_HOME", () => {
  test("is ~/.cc-dm unless it is set, and ~ stands for the user's home", async () => {
    for (const [value, place] of [
      ["", ".cc-dm"],
      ["~/elsewhere", "elsewhere"],
      ["$" + "{CC_DM_HOME}", ".cc-dm"],
    ] as const) {
      const session = await bus.start({ env: { CC_DM_HOME: value } });
      expect([value, existsSync(bus.path("me", place, "bus.db"))]).toEqual([value, true]);
      await session.stop();
    }
    expect(existsSync(bus.home)).toBe(false);
  });

  test("that is a file or a symbolic link is refused by every tool and on stderr, with the way out", async () => {
    writeFileSync(bus.path("file"), "");
    mkdirSync(bus.path("real"));
    symlinkSync(bus.path("real"), bus.path("link"));
    for (const place of ["file", "link"]) {
      const { refused, stderr, stop } = await bus.start({ env: { CC_DM_HOME: bus.path(place) } });
      const fault = await refused("who");
      expect(fault).toMatchObject({ code: "bus_unavailable", you: null });
      expect(fault.message).toContain(bus.path(place));
      expect(fault.message).toContain("CC_DM_HOME");
      expect(await stderr.next((line) => line.startsWith("cc-dm: "))).toContain(bus.path(place));
      await stop();
    }
    expect(existsSync(bus.path("real", "bus.db"))).toBe(false);
  });
});

describe("CC_DM=off", () => {
  test("offers no tools and no channel, says so if one is called, and touches no file", async () => {
    for (const off of ["off", "0", "false", "no"]) {
      const { client, refused, stop } = await bus.start({ name: "alice", env: { CC_DM: off } });
      expect((await client.listTools()).tools).toEqual([]);
      expect(client.getServerCapabilities()?.experimental).toBeUndefined();
      expect(client.getInstructions()).toBeUndefined();
      const fault = await refused("who");
      expect(fault.you).toBeNull();
      expect(fault.message).toContain("CC_DM=off");
      await stop();
    }
    expect(existsSync(bus.home)).toBe(false);
  });

  test("leaves the sessions around it alone", async () => {
    const a = await bus.start({ name: "alice" });
    await bus.start({ name: "bob", env: { CC_DM: "off" } });
    expect((await a.ok("who")).sessions.map(({ name }) => name)).toEqual(["alice"]);
  });
});
