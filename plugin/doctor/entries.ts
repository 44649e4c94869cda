import { lstatSync, readdirSync } from "node:fs";
import { basename } from "node:path";
import type { Home } from "../core/home.ts";
import type { Session } from "../core/model.ts";
import { startOf } from "../host/process.ts";
import type { Entry, Facts } from "./facts.ts";

export function entryAt(path: string): Entry {
  const none = { path, mine: true, mode: 0, bytes: 0 };
  try {
    const found = lstatSync(path);
    const kind = found.isSymbolicLink()
      ? "link"
      : found.isDirectory()
        ? "folder"
        : found.isFile()
          ? "file"
          : "other";
    const me = process.getuid?.();
    const mine = me === undefined || found.uid === me;
    return { path, kind, mine, mode: found.mode & 0o777, bytes: found.size };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    return { ...none, kind: ["ENOENT", "ENOTDIR"].includes(code) ? "missing" : "unreadable" };
  }
}

/** What processes that were killed left behind: bells of no session, folders of clients that are gone. */
export function leftoversOf(home: Home, open: readonly Session[]): Facts["leftovers"] {
  const hung = new Set(open.map((session) => session.bell && basename(session.bell)));
  return {
    bells: list(home.bells).filter((name) => !hung.has(name)),
    // Named by the client's pid (delivery/wake.ts).
    clients: list(home.clients).filter((name) => startOf(Number.parseInt(name, 10)) === null),
  };
}

export function isThere(path: string): boolean {
  return entryAt(path).kind !== "missing";
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
