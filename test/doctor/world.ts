import type { Exam, Waiting } from "../../plugin/bus/exam.ts";
import { loadConfig } from "../../plugin/core/config.ts";
import type { Finding } from "../../plugin/core/finding.ts";
import { homeFrom } from "../../plugin/core/home.ts";
import type { Activity, Reach, Session } from "../../plugin/core/model.ts";
import type { ClientFacts, Entry, Facts, SessionFacts } from "../../plugin/doctor/facts.ts";
import { diagnose } from "../../plugin/doctor/index.ts";
import { startOfTime } from "../fakes/clock.ts";
import { boot, place } from "../fakes/people.ts";

const up = 7_200_000;
const minute = 60_000;
export const home = homeFrom({ HOME: "/home/ann" });
export const version = "0.1.0";

/** A machine on which two sessions work and nothing is wrong. */
export function world(more: Partial<Facts> = {}): Facts {
  return {
    now: { at: startOfTime, up, boot },
    version,
    bun: {
      running: { path: "/usr/bin/bun", version: "1.4.5" },
      onPath: { path: "/usr/bin/bun", version: "1.4.5" },
    },
    claude: { path: "/usr/bin/claude", version: "2.1.329" },
    installed: {
      installs: [{ id: "cc-dm@cc-dm-marketplace", version, folder: "/plugins/cc-dm", there: true }],
      switches: [{ file: "/home/ann/.claude/settings.json", id: "cc-dm@cc-dm-marketplace", on: true }],
      hooksOff: [],
      bashFree: [],
    },
    link: { path: "/home/ann/.cc-dm/plugin", target: "/code/cc-dm", version },
    namesakes: { programs: [], lines: [] },
    settings: { config: loadConfig({ env: { HOME: "/nowhere" }, args: [] }) },
    strays: [],
    home,
    homeGiven: false,
    entries: entries(),
    disk: {
      space: { freeBytes: 50e9, wholeBytes: 200e9, freeFiles: 1e6 },
      type: "ext4",
      share: false,
    },
    bus: { state: "read", exam: exam() },
    writer: null,
    sessions: [person("lead"), person("api")],
    leftovers: { bells: [], clients: [] },
    here: { session: null, inClient: false },
    ...more,
  };
}

export function exam(more: Partial<Exam> = {}): Exam {
  return {
    schema: 2,
    known: 2,
    damage: null,
    bytes: 0,
    sessions: [],
    older: [],
    waiting: [],
    handed: [],
    quarantined: [],
    ahead: { count: 0, newest: 0 },
    lease: null,
    kept: { messages: 0, today: 0, closed: 0 },
    relay: { open: [], lately: 0 },
    ...more,
  };
}

/** Those of a bus as cc-dm makes it. */
export function entries(changed: Readonly<Record<string, Partial<Entry>>> = {}): readonly Entry[] {
  const { folder, bells, clients, bus } = home;
  const folders = [folder, bells, clients].map((path) => ({ path, kind: "folder" as const, mode: 0o700 }));
  const files = [bus, `${bus}-wal`, `${bus}-shm`].map((path) => ({
    path,
    kind: "file" as const,
    mode: 0o600,
  }));
  const config = { path: home.config, kind: "missing" as const, mode: 0 };
  return [...folders, ...files, config].map((entry) => ({
    mine: true,
    bytes: 4096,
    ...entry,
    ...changed[entry.path],
  }));
}

interface Person extends Partial<Omit<SessionFacts, "session" | "client">> {
  readonly session?: Partial<Session>;
  readonly client?: Partial<ClientFacts> | null;
  readonly activity?: Activity | null;
  readonly reach?: Reach;
}

let pids = 4000;

/** A session in a real client whose hooks are heard, an hour old. */
export function person(
  name: string,
  { session, client, activity = null, reach = "wake", ...more }: Person = {},
) {
  pids += 2;
  return {
    session: {
      id: `id-${name}`,
      publicKey: "",
      name,
      role: "worker",
      project: null,
      givesTranscript: true,
      startName: name,
      startRole: "worker",
      mailbox: mailboxOf(name),
      place,
      server: { pid: pids, start: "1" },
      client: { pid: pids + 1, start: "1" },
      clientSession: null,
      cwd: `/code/${name}`,
      repo: null,
      branch: null,
      listed: true,
      bell: `/home/ann/.cc-dm/bells/${name}`,
      startedAt: startOfTime - 60 * minute,
      beatAt: startOfTime - 20_000,
      beatUp: up - 20_000,
      closedAt: null,
      hooksAt: startOfTime - 59 * minute,
      version,
      condition: { activity, reach, quietUntil: null },
      ...session,
    },
    standing: "live",
    client:
      client === null
        ? null
        : {
            pid: pids + 1,
            program: "/usr/bin/claude",
            version: "2.1.329",
            flagged: false,
            unasking: false,
            ...client,
          },
    bellHangs: true,
    ...more,
  } satisfies SessionFacts;
}

export function mailboxOf(name: string): number {
  return [...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7);
}

/** Mail of the last hour. */
export function pile(name: string, more: Partial<Waiting> = {}): Waiting {
  return {
    name,
    project: null,
    mailbox: mailboxOf(name),
    state: "queued",
    path: null,
    count: 2,
    low: 0,
    since: startOfTime - 60 * minute,
    expiresAt: startOfTime + 23 * 60 * minute,
    ...more,
  };
}

/** What the checks say under one id, as `severity: text`. */
export function said(facts: Facts, id: string): readonly string[] {
  return found(facts, id).map(({ severity, found: text }) => `${severity}: ${text}`);
}

export function found(facts: Facts, id: string): readonly Finding[] {
  return diagnose(facts).filter((one) => one.id === id);
}
