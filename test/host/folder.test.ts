import { beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, chownSync, lchownSync, mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileSystemOf, privateFolder, refuseForeign, refuseNetworkShare } from "../../plugin/host/folder.ts";
import { failure } from "../fakes/failure.ts";
import { scratch } from "../fakes/scratch.ts";

let root: string;
beforeEach(() => {
  root = scratch();
});

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe("a private folder", () => {
  test("is made, with those above it, for its owner only, whatever the umask", () => {
    const before = process.umask(0);
    try {
      privateFolder(join(root, "a", "b"));
    } finally {
      process.umask(before);
    }
    expect(modeOf(join(root, "a", "b"))).toBe(0o700);
  });

  test("that others may enter is closed to them", () => {
    for (const mode of [0o777, 0o755, 0o710, 0o701]) {
      const path = join(root, `${mode}`);
      mkdirSync(path);
      chmodSync(path, mode);
      privateFolder(path);
      expect(modeOf(path)).toBe(0o700);
    }
  });

  test("that is closed already stays as it is", () => {
    privateFolder(join(root, "a"));
    privateFolder(join(root, "a"));
    expect(modeOf(join(root, "a"))).toBe(0o700);
  });

  test("is no link to somewhere else, and its aim stays as it was", async () => {
    mkdirSync(join(root, "aim"), { mode: 0o755 });
    chmodSync(join(root, "aim"), 0o755);
    symlinkSync(join(root, "aim"), join(root, "link"));
    symlinkSync(join(root, "nowhere"), join(root, "broken"));
    for (const name of ["link", "broken"]) {
      const error = await failure(() => privateFolder(join(root, name)));
      expect(error.code).toBe("bus_unavailable");
      expect(error.message).toContain("CC_DM_HOME");
    }
    expect(modeOf(join(root, "aim"))).toBe(0o755);
  });

  test("is no file", async () => {
    writeFileSync(join(root, "file"), "");
    expect((await failure(() => privateFolder(join(root, "file")))).code).toBe("bus_unavailable");
    expect((await failure(() => privateFolder(join(root, "file", "below")))).code).toBe("bus_unavailable");
  });

  test("is nobody else's", async () => {
    // Only root can give a folder away; for anybody else root's own will do.
    const theirs = process.getuid?.() === 0 ? join(root, "theirs") : "/usr";
    if (theirs !== "/usr") {
      mkdirSync(theirs);
      chownSync(theirs, 65534, 65534);
    }
    expect((await failure(() => privateFolder(theirs))).message).toContain("belongs to another user");
  });
});

const mounts = [
  "/dev/sda1 / ext4 rw,relatime 0 0",
  "tmpfs /tmp tmpfs rw 0 0",
  "server:/export /home nfs4 rw 0 0",
  "/dev/sdb1 /home/local xfs rw 0 0",
  "//nas/share /mnt/my\\040share cifs rw 0 0",
  "/dev/sdc1 /over ext4 rw 0 0",
  "me@host:/ /over fuse.sshfs rw 0 0",
  "broken",
  "",
].join("\n");

describe("the file system of a path is that of the longest mount point above it", () => {
  const table: readonly (readonly [string, string | null])[] = [
    ["/", "ext4"],
    ["/srv/x", "ext4"],
    ["/tmp", "tmpfs"],
    ["/tmpfile", "ext4"],
    ["/home/me/.cc-dm", "nfs4"],
    ["/home", "nfs4"],
    ["/homes/me", "ext4"],
    ["/home/local/me", "xfs"],
    ["/mnt/my share/x", "cifs"],
    ["/over/x", "fuse.sshfs"],
  ];
  for (const [path, type] of table) {
    test(`${path}: ${type}`, () => expect(fileSystemOf(path, mounts)).toBe(type));
  }
  test("without a list nothing can be told", () => expect(fileSystemOf("/x", "")).toBeNull());
});

describe("a network share", () => {
  const types = [
    "nfs",
    "nfs3",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "afpfs",
    "webdav",
    "fuse.sshfs",
    "fuse.davfs2",
    "ceph",
    "lustre",
  ];
  for (const type of types) {
    test(`${type} is refused, with the way out`, async () => {
      const error = await failure(() => refuseNetworkShare(root, `x ${root} ${type} rw 0 0`));
      expect(error.code).toBe("bus_unavailable");
      expect(error.message).toContain(`network share (${type})`);
      expect(error.message).toContain("Set CC_DM_HOME");
    });
  }

  for (const type of [
    "ext4",
    "xfs",
    "btrfs",
    "apfs",
    "tmpfs",
    "overlay",
    "zfs",
    "fuse.fuse-overlayfs",
    "nfsd",
  ]) {
    test(`${type} is none`, () => refuseNetworkShare(root, `x ${root} ${type} rw 0 0`));
  }

  test("behind a link is refused too", async () => {
    mkdirSync(join(root, "net", "me"), { recursive: true });
    symlinkSync(join(root, "net"), join(root, "home"));
    const list = `x / ext4 rw 0 0\nx ${join(root, "net")} nfs4 rw 0 0`;
    expect((await failure(() => refuseNetworkShare(join(root, "home", "me"), list))).code).toBe(
      "bus_unavailable",
    );
  });

  test("is not what this test's own folder lies on", () => {
    refuseNetworkShare(root);
  });
});

describe.if(process.getuid?.() === 0)("what another user left in the folder", () => {
  const theirs = 65_534;

  test.each(["bus.db", "user.key", "config.json", "bells", "agreed.json"])("%s is refused", async (name) => {
    privateFolder(join(root, "home"));
    refuseForeign(join(root, "home"));
    writeFileSync(join(root, "home", name), "");
    refuseForeign(join(root, "home"));
    chownSync(join(root, "home", name), theirs, theirs);
    const error = await failure(() => refuseForeign(join(root, "home")));
    expect(error.code).toBe("bus_unavailable");
    expect(error.message).toContain(`${name} belongs to another user (uid ${theirs})`);
  });

  test("a link of theirs is refused, wherever it leads, and a folder of theirs", async () => {
    privateFolder(join(root, "home"));
    writeFileSync(join(root, "mine"), "");
    symlinkSync(join(root, "mine"), join(root, "home", "installed.json"));
    refuseForeign(join(root, "home")); // my own link
    lchownSync(join(root, "home", "installed.json"), theirs, theirs);
    expect((await failure(() => refuseForeign(join(root, "home")))).message).toContain("installed.json");
    mkdirSync(join(root, "shared"));
    chownSync(join(root, "shared"), theirs, theirs);
    expect((await failure(() => refuseForeign(join(root, "shared")))).message).toContain("another user");
  });
});
