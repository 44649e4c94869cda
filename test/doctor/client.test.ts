import { describe, expect, test } from "bun:test";
import { loadConfig } from "../../plugin/core/config.ts";
import type { Installed } from "../../plugin/host/installed.ts";
import { startOfTime } from "../fakes/clock.ts";
import { exam, found, person, said, world } from "./world.ts";

const some = expect.stringContaining;

describe("the client's version", () => {
  const running = (version: string | null) =>
    world({ sessions: [person("api", { client: { version } })], claude: null });
  const none = "note: There is no claude on this PATH";

  test.each([
    ["2.1.329", [some('ok: Claude Code 2.1.329 runs "api"'), none]],
    ["2.1.197", [some("ok: Claude Code 2.1.197"), none]],
    ["2.1.196", [some("no message wakes an idle session"), none]],
    ["2.1.79", [some("error: Claude Code 2.1.79"), none]],
    [null, [none]],
  ])("of a running session, %p", (version, expected) => {
    expect(said(running(version), "client.version")).toEqual(expected);
  });

  test("is told once for all sessions that run it, and for the next session too", () => {
    expect(said(world(), "client.version")).toEqual([
      'ok: Claude Code 2.1.329 runs "lead", "api"',
      "ok: A new session here runs Claude Code 2.1.329 (/usr/bin/claude)",
    ]);
  });

  test("a claude that does not tell it is doubted", () => {
    const claude = { path: "/opt/claude", version: null };
    expect(said(world({ claude, sessions: [] }), "client.version")).toEqual([
      "note: /opt/claude does not tell its version; is it Claude Code?",
    ]);
  });
});

describe("the plugin", () => {
  const id = "cc-dm@cc-dm-marketplace";
  const install = { id, version: "0.1.0", folder: "/plugins/cc-dm", there: true };
  const installed = (more: Partial<Installed>, sessions: ReturnType<typeof person>[] = []) =>
    said(
      world({
        installed: { installs: [install], switches: [], hooksOff: [], bashFree: [], ...more },
        sessions,
      }),
      "client.plugin",
    );

  test("is loaded if clients run its server, installed or not", () => {
    expect(installed({ installs: [] }, [person("api")])).toEqual(["ok: Loaded: its server runs in 1 client"]);
  });

  test("is installed, with no client at the moment", () => {
    expect(installed({})).toEqual([`ok: Installed (${id} 0.1.0); no client runs it now`]);
  });

  test("is missing", () => {
    expect(installed({ installs: [] })).toEqual([some("warning: The plugin is not installed")]);
  });

  test("a server that some other program started does not count as loaded by a client", () => {
    expect(installed({ installs: [] }, [person("api", { client: { program: null } })])).toEqual([
      some("warning: The plugin is not installed"),
    ]);
  });

  test("is installed from a folder that has gone", () => {
    expect(installed({ installs: [{ ...install, there: false }] })).toEqual([
      some("error: cc-dm@cc-dm-marketplace is installed from /plugins/cc-dm, which is not there"),
    ]);
  });

  test("is installed in another version than this one", () => {
    const findings = installed({ installs: [{ ...install, version: "0.2.0" }] });
    expect(findings).toEqual([
      some("ok: Installed"),
      some("note: cc-dm@cc-dm-marketplace 0.2.0 is installed"),
    ]);
  });

  test("is switched off, by the strongest of the settings that speak of it", () => {
    const user = { file: "/home/ann/.claude/settings.json", id, on: true };
    const project = { file: "/code/api/.claude/settings.json", id, on: false };
    expect(installed({ switches: [user, project] })).toEqual([
      `warning: ${id} is switched off in ${project.file}`,
    ]);
    expect(installed({ switches: [project, user] })).toEqual([some("ok: Installed")]);
  });

  test("is installed from two places, of which each would start a server", () => {
    const twin = { ...install, id: "cc-dm@fork" };
    expect(installed({ installs: [install, twin] })).toEqual([
      `warning: The plugin is installed from 2 places: ${id}, cc-dm@fork`,
    ]);
    expect(installed({ installs: [install, install] })).toEqual([some("ok: Installed")]);
  });

  test("is switched off, by a setting, in the session that this is asked from", () => {
    const config = loadConfig({ env: { HOME: "/nowhere", CC_DM: "off" }, args: [] });
    const facts = world({ here: { session: null, inClient: true }, settings: { config } });
    expect(said(facts, "client.plugin")).toContain(
      "note: This session takes no part: CC_DM is off (environment)",
    );
  });

  test("is not in the session that this is asked from", () => {
    const here = { session: null, inClient: true };
    expect(said(world({ here }), "client.plugin")).toEqual([some("not on the bus")]);
    expect(said(world({ here: { ...here, session: "id-api" } }), "client.plugin")).toEqual([
      some("ok: Loaded"),
    ]);
  });
});

describe("hooks", () => {
  const silent = (ageMs: number) =>
    person("api", { session: { hooksAt: null, startedAt: startOfTime - ageMs } });
  const hooks = (...sessions: ReturnType<typeof person>[]) => said(world({ sessions }), "client.hooks");

  test("are heard, or not: what was heard counts, not what is configured", () => {
    expect(hooks(person("lead"))).toEqual([some("ok: Heard from 1 client, last at ")]);
    expect(hooks(silent(300_000))).toEqual([
      'warning: No hook of "api" was heard in the 5 minutes since it started',
    ]);
    expect(hooks(silent(300_000), person("lead"))).toHaveLength(2);
  });

  test("have time to be heard after a start", () => {
    expect(hooks(silent(5_000))).toEqual([some("note: No hook")]);
  });

  test("are not expected of a plain MCP client", () => {
    expect(hooks(person("x", { session: { hooksAt: null }, client: { program: null } }))).toEqual([
      "note: No client runs now, so no hook can be heard",
    ]);
  });

  test("what they told of the client's work counts too", () => {
    const activity = { state: "idle", since: startOfTime - 1000, on: null } as const;
    expect(hooks(person("api", { session: { hooksAt: null }, activity }))).toEqual([
      some("ok: Heard from 1 client"),
    ]);
  });

  test("that settings switch off are an error, with the file", () => {
    const { installed } = world();
    const off = { ...installed, hooksOff: ["/home/ann/.claude/settings.json"] };
    expect(said(world({ installed: off }), "client.hooks")[0]).toStartWith(
      "error: /home/ann/.claude/settings.json switches",
    );
  });
});

describe("the channel", () => {
  const handed = (seen: number) => [
    { session: "id-api", path: "channel" as const, count: 3, seen, lastSeen: seen > 0 ? startOfTime : null },
  ];
  const channel = (api: ReturnType<typeof person>, seen?: number) =>
    said(
      world({
        sessions: [api],
        bus: { state: "read", exam: exam({ handed: seen === undefined ? [] : handed(seen) }) },
      }),
      "client.channel",
    );
  const flagged = { flagged: true };

  test("was asked for by nobody", () => {
    expect(channel(person("api"))).toEqual(["ok: No client asked for the channel; it is not needed"]);
  });

  test("was asked for, and its events are seen", () => {
    expect(channel(person("api", { client: flagged, reach: "push" }), 2)).toEqual([
      'ok: "api" takes channel events: 2 of 3 seen',
    ]);
  });

  test("was asked for and dropped: no event was ever seen", () => {
    expect(channel(person("api", { client: flagged, reach: "push" }), 0)).toEqual([
      some('warning: "api" was started with a channel flag, but its client shows no sign'),
    ]);
  });

  test("was asked for, and the session has given it up", () => {
    expect(channel(person("api", { client: flagged, reach: "wake" }))).toEqual([some("warning:")]);
  });

  test("was asked for, and not tried yet", () => {
    expect(channel(person("api", { client: flagged, reach: "push" }))).toEqual([some("note:")]);
  });

  test("was switched on by a setting, and dropped", () => {
    expect(channel(person("api", { reach: "push" }), 0)).toEqual([some('"api" has the channel on, but')]);
  });

  test("gives no evidence to a plain MCP client, which can give none", () => {
    expect(channel(person("api", { client: { program: null }, reach: "push" }), 0)).toEqual([some("ok:")]);
  });
});

test("sessions that are gone are no clients", () => {
  const gone = person("old", { standing: "gone", session: { hooksAt: null }, client: { version: "2.0.1" } });
  const facts = world({ sessions: [gone] });
  expect(said(facts, "client.hooks")).toEqual([some("note:")]);
  expect(found(facts, "client.version")).toHaveLength(1);
});
