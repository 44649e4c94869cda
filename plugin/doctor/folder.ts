import { many } from "../core/counts.ts";
import { type Finding, fault, note, ok, warning } from "../core/finding.ts";
import type { Check, Entry } from "./facts.ts";

const folder: Check = ({ home, entries }) => {
  const id = "bus.folder";
  if (home === null) return [];
  const root = entries.find((entry) => entry.path === home.folder);
  if (root === undefined || root.kind === "missing")
    return [note(id, `${home.folder} is not there yet; the first session makes it`)];
  if (root.kind === "unreadable")
    return [
      fault(
        id,
        `${root.path} cannot be looked at`,
        "Mend the rights of the folders above it, or set CC_DM_HOME.",
      ),
    ];
  if (root.kind !== "folder")
    return [
      fault(
        id,
        `${root.path} is ${root.kind === "link" ? "a symbolic link" : "no folder"}, and is refused`,
        "Move it away, or set CC_DM_HOME to a real folder of your own.",
      ),
    ];
  const found = entries.flatMap(rights(home.config));
  return found.length > 0 ? found : [ok(id, `${home.folder}, for you alone`)];
};

function rights(config: string): (entry: Entry) => readonly Finding[] {
  return ({ path, kind, mine, mode }) => {
    const id = "bus.rights";
    if (kind === "missing") return [];
    if (!mine)
      return [
        fault(
          id,
          `${path} belongs to another user`,
          `sudo chown -R "$USER" ${path}, or set CC_DM_HOME to a folder of your own.`,
        ),
      ];
    // Who may read messages is one matter, who may write settings the other; the settings hold no secret.
    const forbidden = path === config ? 0o022 : 0o077;
    if (kind === "link" || kind === "unreadable" || (mode & forbidden) === 0) return [];
    const right = kind === "folder" ? "700" : "600";
    return [warning(id, `Others may enter or read ${path} (${mode.toString(8)})`, `chmod ${right} ${path}`)];
  };
}

const fileSystem: Check = ({ disk: { type, share }, home }) => {
  const id = "bus.file_system";
  if (home === null) return [];
  if (share)
    return [
      fault(
        id,
        `${home.folder} lies on a network share (${type}), where SQLite's shared memory does not work`,
        "Set CC_DM_HOME to a folder on a local disk.",
      ),
    ];
  return [
    ok(
      id,
      type === null ? "This system does not tell the kind of file system" : `${type}, not a network share`,
    ),
  ];
};

const leftovers: Check = ({ leftovers: { bells, clients }, home }) => {
  const id = "bus.leftovers";
  if (home === null) return [];
  if (bells.length > 0)
    return [
      note(
        id,
        `Processes that were killed left ${many(bells.length, "socket")} in bells/`,
        "Harmless; any running session removes them when they are a day old.",
      ),
    ];
  // A client's folder outlives it however it ends.
  if (clients.length === 0) return [ok(id, "Nothing left behind by processes that are gone")];
  return [ok(id, `${many(clients.length, "folder")} of clients that have ended, kept for a day`)];
};

export const folders: readonly Check[] = [folder, fileSystem, leftovers];
