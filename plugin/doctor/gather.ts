import { homedir } from "node:os";
import { join } from "node:path";
import type { Examined } from "../bus/exam.ts";
import type { Clock } from "../core/clock.ts";
import { type Config, loadConfig } from "../core/config.ts";
import { type Home, homeFrom, setting } from "../core/home.ts";
import type { SessionId } from "../core/model.ts";
import { settingKeys } from "../core/settings.ts";
import { fileSystemUnder } from "../host/folder.ts";
import { writerOf } from "../host/holder.ts";
import { installed } from "../host/installed.ts";
import { ancestorsOf } from "../host/lineage.ts";
import { isLauncher, linkFacts } from "../host/link.ts";
import { thisPlace } from "../host/place.ts";
import { executableOf } from "../host/process.ts";
import { askVersion, clientVersion, onPath, type Program, realPath } from "../host/programs.ts";
import { redefinitions } from "../host/shell.ts";
import { nearest, spaceAt } from "../host/space.ts";
import { entryAt, leftoversOf } from "./entries.ts";
import type { Facts, Here } from "./facts.ts";
import { sessionFacts } from "./people.ts";

export interface Patient {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly clock: Clock;
  readonly version: string;
  /** The process that asks. */
  readonly pid: number;
  /** The session that asks; null: find out by the processes above. */
  readonly session: SessionId | null;
  /** The settings that session runs with; null: as this environment has them. */
  readonly config: Config | null;
  /** cc-dm's own program files, which are no namesakes. */
  readonly programs: readonly string[];
  readonly examine: (path: string) => Examined;
}

// A write takes some 30 µs; who holds the lock in two looks this far apart does not let go.
const secondLookMs = 60;
const otherVariables = ["CC_DM_HOME", "CC_DM_CLIENT"];

/** Looks everything up, and changes nothing. */
export async function gather(patient: Patient): Promise<Facts> {
  const { env, cwd, clock, version, pid, programs } = patient;
  const settings = settingsOf(patient);
  const home = homeOf(patient);
  const user = setting(env, "HOME") ?? homedir();
  const path = env.PATH ?? "";
  const place = thisPlace();
  const bus: Examined = home === null ? { state: "missing" } : patient.examine(home.bus);
  const open = bus.state === "read" ? bus.exam.sessions : [];
  const sessions = open.map((session) => sessionFacts(session, place, clock));
  return {
    now: { at: clock.now(), up: clock.up(), boot: place.boot },
    version,
    bun: { running: { path: process.execPath, version: Bun.version }, onPath: bunOn(path) },
    claude: claudeOn(path),
    installed: installed({
      name: "cc-dm",
      config: setting(env, "CLAUDE_CONFIG_DIR") ?? join(user, ".claude"),
      cwd,
    }),
    link: home === null ? null : linkFacts(home.folder),
    namesakes: {
      programs: onPath("cc-dm", path).filter((one) => !programs.includes(realPath(one)) && !isLauncher(one)),
      lines: redefinitions("cc-dm", user, setting(env, "ZDOTDIR")),
    },
    settings,
    strays: strayVariables(env),
    home,
    homeGiven: setting(env, "CC_DM_HOME") !== undefined,
    entries: home === null ? [] : entriesOf(home),
    disk: diskOf(home?.folder ?? user),
    bus,
    writer: home === null ? null : await writerFor(home.bus, clock),
    sessions,
    leftovers: home === null ? { bells: [], clients: [] } : leftoversOf(home, open),
    here: hereOf(patient, pid, sessions),
  };
}

function settingsOf({ env, config }: Patient): Facts["settings"] {
  try {
    return { config: config ?? loadConfig({ env, args: [] }) };
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) };
  }
}

function homeOf({ env, config }: Patient): Home | null {
  try {
    return config?.home ?? homeFrom(env);
  } catch {
    return null; // the settings' finding says why
  }
}

function bunOn(path: string): Program | null {
  const [first] = onPath("bun", path);
  if (first === undefined) return null;
  const itself = realPath(first) === realPath(process.execPath);
  return { path: first, version: itself ? Bun.version : askVersion(first) };
}

function claudeOn(path: string): Program | null {
  const [first] = onPath("claude", path);
  return first === undefined ? null : { path: first, version: clientVersion(first) ?? askVersion(first) };
}

function strayVariables(env: Patient["env"]): readonly string[] {
  const known: readonly string[] = [...settingKeys, ...otherVariables];
  return Object.keys(env).filter((key) => /^CC_?DM_(?!TEST_)/.test(key) && !known.includes(key));
}

function entriesOf({ folder, bus, config, clients, bells }: Home) {
  return [folder, clients, bells, bus, `${bus}-wal`, `${bus}-shm`, join(folder, "user.key"), config].map(
    entryAt,
  );
}

function diskOf(folder: string): Facts["disk"] {
  const there = nearest(folder);
  try {
    return { space: spaceAt(there), ...fileSystemUnder(there) };
  } catch {
    return { space: spaceAt(there), type: null, share: false };
  }
}

async function writerFor(bus: string, clock: Clock): Promise<Facts["writer"]> {
  const pid = writerOf(bus);
  if (pid === null) return null;
  await clock.sleep(secondLookMs);
  return writerOf(bus) === pid ? { pid, program: executableOf(pid) ?? "?" } : null;
}

function hereOf({ env, session }: Patient, pid: number, sessions: Facts["sessions"]): Here {
  const inClient = env.CLAUDECODE === "1";
  if (session !== null) return { session, inClient };
  const above = ancestorsOf(pid);
  const found = sessions.find(({ client }) => client !== null && above.includes(client.pid));
  return { session: found?.session.id ?? null, inClient };
}
