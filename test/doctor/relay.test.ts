import { expect, test } from "bun:test";
import type { Pending } from "../../plugin/bus/exam.ts";
import { loadConfig } from "../../plugin/core/config.ts";
import type { Facts } from "../../plugin/doctor/facts.ts";
import { startOfTime } from "../fakes/clock.ts";
import { exam, found, person, said, world } from "./world.ts";

const minute = 60_000;
const people = [person("lead"), person("api")];

/** A machine on which these requests are open, asked by `api` of `lead` unless told otherwise. */
function relaying(open: readonly Partial<Pending>[], more: Partial<Facts> = {}): Facts {
  const all = open.map((one) => ({
    letters: "abcde",
    session: "id-api",
    name: "api",
    tool: "Bash",
    askedAt: startOfTime - minute,
    asked: ["id-lead", "id-of-the-users-key"],
    ...one,
  }));
  const read = exam({ relay: { open: all, lately: Math.max(1, all.length) } });
  return world({ sessions: people, bus: { state: "read", exam: read }, ...more });
}

const set = (env: Readonly<Record<string, string>>): Partial<Facts> => ({
  settings: { config: loadConfig({ env: { HOME: "/nowhere", ...env }, args: [] }) },
});
const on = { CC_DM_PERMISSION_RELAY: "1" };

test("where nothing is relayed nothing is said of it", () => {
  const ids = ["relay.waiting", "relay.reachable", "relay.approver", "relay.bash"];
  const free = { installs: [], switches: [], hooksOff: [], bashFree: ["/home/ann/.claude/settings.json"] };
  expect(ids.flatMap((id) => said(world({ installed: free }), id))).toEqual([]);
});

test("what waits for long is told, with the way to answer it", () => {
  expect(said(relaying([]), "relay.waiting")).toEqual(["ok: No permission request waits"]);
  expect(said(relaying([{}]), "relay.waiting")).toEqual(["ok: 1 permission request open"]);
  const [finding] = found(relaying([{ askedAt: startOfTime - 25 * minute }]), "relay.waiting");
  expect(finding?.severity).toBe("warning");
  expect(finding?.found).toMatch(/^"api" waits for permission to use Bash since \d\d:\d\d \(25 minutes\)$/);
  expect(finding?.mend).toContain("cc-dm approve abcde");
});

test("of a session that is gone nothing waits", () => {
  const gone = { sessions: [person("lead"), person("api", { standing: "gone" })] };
  const facts = relaying([{ askedAt: startOfTime - 25 * minute }], gone);
  expect(said(facts, "relay.waiting")).toEqual(["ok: No permission request waits"]);
});

test.each([
  ["live", []],
  ["gone", ['warning: No session that it asked can be reached to decide for "api"']],
  ["away", ['warning: None of "lead" can be reached to decide for "api"']],
  ["deaf", ['warning: None of "lead" can be reached to decide for "api"']],
] as const)("an approver that is %s", (standing, expected) => {
  const sessions = [person("lead", { standing }), person("api")];
  expect(said(relaying([{}], { sessions }), "relay.reachable")).toEqual([...expected]);
});

test("where the person alone was asked no session is missed", () => {
  expect(said(relaying([{ asked: ["id-of-the-users-key"] }]), "relay.reachable")).toEqual([]);
});

test("an approver that is named and not there is told", () => {
  const reachable = (CC_DM_PERMISSION_APPROVER: string) =>
    said(world({ sessions: people, ...set({ ...on, CC_DM_PERMISSION_APPROVER }) }), "relay.reachable");
  expect(reachable("lead,role:worker")).toEqual([]);
  expect(reachable("lead,boss,role:reviewer")).toEqual([
    "warning: CC_DM_PERMISSION_APPROVER names boss, role:reviewer, and no such session is running",
  ]);
});

test("a session that decides without a click is noted", () => {
  expect(said(world(set({ CC_DM_APPROVER: "1" })), "relay.approver")).toEqual([
    "note: What is started here decides for other sessions without asking you (CC_DM_APPROVER, environment)",
  ]);
  expect(said(world(), "relay.approver")).toEqual([]);
});

test("all sessions that decide without a click are warned of", () => {
  const { settings } = set({ CC_DM_APPROVER: "1" });
  if (settings === undefined || !("config" in settings)) throw new Error("no config");
  const { config } = settings;
  const sources = { ...config.sources, CC_DM_APPROVER: "config.json" as const };
  expect(said(world({ settings: { config: { ...config, sources } } }), "relay.approver")).toEqual([
    "warning: CC_DM_APPROVER stands in config.json: every session decides for others without asking you",
  ]);
});

test("commands that run unasked are warned of while the relay is in use", () => {
  const free = { installs: [], switches: [], hooksOff: [], bashFree: ["/home/ann/.claude/settings.json"] };
  const warned = [
    "warning: The permission relay is in use, and /home/ann/.claude/settings.json lets sessions run any command unasked",
  ];
  expect(said(world({ installed: free, ...set(on) }), "relay.bash")).toEqual(warned);
  expect(said(relaying([], { installed: free }), "relay.bash")).toEqual(warned);
  expect(said(relaying([]), "relay.bash")).toEqual([]);
  const sessions = [person("lead", { client: { unasking: true } }), person("api")];
  expect(said(relaying([], { sessions }), "relay.bash")).toEqual([
    'warning: The permission relay is in use, and "lead" asks for no permission',
  ]);
});
