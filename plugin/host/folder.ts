import { spawnSync } from "node:child_process";
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { DmError } from "../core/errors.ts";

/**
 * Makes a folder that only this user can enter, or tightens one that is there.
 *
 * @throws DmError `bus_unavailable` for a symlink, a file, another user's folder, or when it cannot be made.
 */
export function privateFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const found = lstatSync(path);
    if (!found.isDirectory()) throw new Error("it is a symbolic link or a file");
    const me = process.getuid?.();
    if (me !== undefined && found.uid !== me)
      throw new Error(`it belongs to another user (uid ${found.uid})`);
    if ((found.mode & 0o077) !== 0) chmodSync(path, 0o700);
  } catch (error) {
    throw new DmError(
      "bus_unavailable",
      `The folder ${path} cannot be used: ${error instanceof Error ? error.message : String(error)}. Mend it, or set CC_DM_HOME to a folder of your own.`,
      { cause: error },
    );
  }
}

/**
 * Nothing in a folder was put there by another user. Who could once write to it may have left a key that he
 * knows, a database that he holds open, a link that leads elsewhere: closing the folder afterwards, as
 * `privateFolder` does, takes none of that back. Root may: nothing is closed to root.
 *
 * @throws DmError `bus_unavailable`.
 */
export function refuseForeign(folder: string): void {
  const me = process.getuid?.();
  if (me === undefined) return;
  for (const path of [folder, ...entriesOf(folder)]) {
    const uid: number = lstatSync(path, { throwIfNoEntry: false })?.uid ?? me;
    if (uid === me || uid === 0) continue;
    throw new DmError(
      "bus_unavailable",
      `${path} belongs to another user (uid ${uid}), who may read what is written there, or have written it. Move it away, or set CC_DM_HOME to a folder of your own.`,
    );
  }
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return []; // not there, or closed to us: opening the bus tells
  }
}

// WAL keeps its index in shared memory, so all its users must be under one kernel.
// https://sqlite.org/wal.html ("WAL does not work over a network filesystem")
const shared =
  /^(nfs\d?|cifs|smb\d?|smbfs|afs|afpfs|webdav|davfs|fuse\.(sshfs|davfs2?|glusterfs|s3fs)|ceph|glusterfs|lustre|beegfs)$/;

/** @throws DmError `bus_unavailable` if the folder lies on a network share. */
export function refuseNetworkShare(path: string, mounts: string = readMounts()): void {
  const { type, share } = fileSystemUnder(path, mounts);
  if (!share) return;
  throw new DmError(
    "bus_unavailable",
    `${path} lies on a network share (${type}), where SQLite's shared memory does not work. Set CC_DM_HOME to a folder on a local disk.`,
  );
}

/** What a path lies on, and whether that is a network share. */
export function fileSystemUnder(
  path: string,
  mounts: string = readMounts(),
): { readonly type: string | null; readonly share: boolean } {
  // Homes on shared machines are often links: what counts is where the path leads.
  const types = [path, realpathSync(path)].map((one) => fileSystemOf(one, mounts));
  const share = types.find((one) => one !== null && shared.test(one));
  return { type: share ?? types.at(-1) ?? null, share: share !== undefined };
}

/** The type of the file system a path lies on, by the longest mount point above it. */
export function fileSystemOf(path: string, mounts: string): string | null {
  let best: { point: string; type: string } | null = null;
  for (const line of mounts.split("\n")) {
    const [, escaped, type] = line.split(" ");
    if (escaped === undefined || type === undefined) continue;
    const point = escaped.replace(/\\(\d{3})/g, (_, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    );
    const above = path === point || path.startsWith(point === "/" ? "/" : `${point}/`);
    // Of two mounts on one point the later one is on top.
    if (above && point.length >= (best?.point.length ?? 0)) best = { point, type };
  }
  return best?.type ?? null;
}

function readMounts(): string {
  if (process.platform === "darwin") {
    // "//me@host/share on /Volumes/share (smbfs, nodev, …)", put into the form of /proc/self/mounts.
    const lines = spawnSync("/sbin/mount", { encoding: "utf8", timeout: 2000 }).stdout ?? "";
    return lines.replace(
      /^(.*) on (.*) \((\w+).*$/gm,
      (_, device: string, point: string, type: string) =>
        `${device} ${point.replaceAll(" ", "\\040")} ${type}`,
    );
  }
  try {
    return readFileSync("/proc/self/mounts", "utf8");
  } catch {
    return ""; // no such list on this system: nothing can be told
  }
}
