import { closeSync, openSync, readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";
import type { ProcessMark } from "../core/model.ts";
import { commandLine, executableOf, isRunning, linuxStat, ps } from "./process.ts";

/** One process, as the system tells of it now. */
export interface Kin {
  readonly pid: number;
  /** 0: none that can be seen from here. */
  readonly parent: number;
  /** Of its controlling terminal; "" if it has none. */
  readonly terminal: string;
  /** It began its terminal session, as a login shell does, or the shell of a terminal window. */
  readonly leads: boolean;
}

/**
 * A process and all above it, nearest first, pid 1 included: in a container that may be the client.
 * Null if one ended during the look, or the system tells nothing: who started it is not known then.
 */
export function lineage(pid: number): readonly Kin[] | null {
  const found: Kin[] = [];
  for (let at = pid; at > 0; ) {
    const kin = look(at);
    if (kin === null || found.some((one) => one.pid === at)) return null;
    found.push(kin);
    at = kin.parent;
  }
  return found.length > 0 ? found : null;
}

/** The processes above this one, nearest first, as far as they can be seen. */
export function ancestorsOf(pid: number): readonly number[] {
  return (lineage(pid) ?? []).slice(1).flatMap((one) => (one.pid > 1 ? one.pid : []));
}

/** Whether one process was started by another, at any remove; null: that cannot be told. */
export function descends(pid: number, from: number): boolean | null {
  return (
    lineage(pid)
      ?.slice(1)
      .some((one) => one.pid === from) ?? null
  );
}

export interface Errand {
  readonly client: number;
  /** The client's server. What it starts itself, such as a notice with a stranger's words, is on no errand. */
  readonly server: number;
  readonly asker: ProcessMark;
  /** The last of its command line, which no third process can put there. */
  readonly words: readonly string[];
}

/**
 * Whether a process runs below a client and was started for this errand: by Bun, with these as its last words.
 * Having them somewhere is not enough: "search for ..." is what another session can talk a model into, and
 * the search's own process has the words then.
 */
export function isOnErrandFor({ client, server, asker, words }: Errand): boolean {
  const last = commandLine(asker.pid).slice(-words.length);
  return (
    isRunning(asker) &&
    descends(asker.pid, client) === true &&
    descends(asker.pid, server) === false &&
    words.every((word, i) => word === last[i]) &&
    /^bun/i.test(basename(executableOf(asker.pid) ?? ""))
  );
}

/**
 * Whether a process, or what it descends from, began the terminal session it belongs to. Not so after
 * a double fork: it keeps the terminal, and its parent is another.
 */
export function belongsToItsTerminal([self, ...above]: readonly Kin[]): boolean {
  if (self === undefined || self.terminal === "") return false;
  return [self, ...above].some((one) => one.leads && one.terminal === self.terminal);
}

/** Whether this process has a terminal that it answers to, wherever its input comes from. */
export function hasTerminal(): boolean {
  try {
    closeSync(openSync("/dev/tty", "r+"));
    return true;
  } catch {
    return false;
  }
}

/** Whether a process was started with this in its environment. False where the system does not tell. */
export function startedWith(pid: number, entry: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(entry);
  } catch {
    return false; // another system, or not ours to read
  }
}

// Fixed in the kernel (PROC_PID_INIT_INO): the namespace in which every process can be seen.
const outermost = "pid:[4026531836]";

/** Whether processes of this machine may be hidden from here. */
export function seesAllProcesses(): boolean {
  if (process.platform !== "linux") return true;
  try {
    return readlinkSync("/proc/self/ns/pid") === outermost;
  } catch {
    return false;
  }
}

function look(pid: number): Kin | null {
  if (process.platform === "linux") return linux(pid);
  return process.platform === "win32" ? null : bsd(pid);
}

function linux(pid: number): Kin | null {
  const stat = linuxStat(pid);
  if (stat === null) return isAnothers(pid) ? { pid, parent: 0, terminal: "", leads: false } : null;
  const [, parent, , session, terminal = "0"] = stat; // proc(5): state ppid pgrp session tty_nr
  return {
    pid,
    parent: Number(parent),
    terminal: terminal === "0" ? "" : terminal,
    leads: Number(session) === pid,
  };
}

/** Where `/proc` hides what belongs to others (hidepid), their processes end the look: they are not this user's client. */
function isAnothers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function bsd(pid: number): Kin | null {
  const [parent, terminal = "", state = ""] = (ps(pid, "ppid=,tty=,stat=") ?? "").split(/\s+/);
  if (!parent) return null;
  // ps(1) of macOS: "??" is no terminal, and an "s" behind the state a session leader.
  return {
    pid,
    parent: Number(parent),
    terminal: /^[?-]/.test(terminal) ? "" : terminal,
    leads: state.includes("s"),
  };
}
