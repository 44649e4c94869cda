/** Another user of this machine: what they can reach of a bus in use, and what they left before it was one. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { userKeys } from "../../plugin/host/userkey.ts";
import { builtProgram, run } from "../cli/program.ts";
import { cleanEnv } from "../support/session.ts";
import { testBus } from "../support/testbus.ts";

setDefaultTimeout(60_000);

const bus = testBus();
const theirs = 65_534;
const asOther = ["setpriv", `--reuid=${theirs}`, `--regid=${theirs}`, "--clear-groups"];
const canBeOther = process.getuid?.() === 0 && Bun.which("setpriv") !== null;
const umask000 = ["sh", "-c", 'umask 000; exec "$@"', "sh"];

/** What another user gets done of all that could be tried with a path. */
const attempts = `
import { Database } from "bun:sqlite";
import { linkSync, openSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
const paths = JSON.parse(process.argv.at(-1));
const done = [];
const attempt = (what, run) => { try { run(); done.push(what); } catch {} };
for (const path of paths) {
  attempt("list " + path, () => readdirSync(path));
  attempt("read " + path, () => readFileSync(path));
  attempt("write " + path, () => openSync(path, "a"));
  attempt("make " + path, () => writeFileSync(path + "/mine", ""));
  attempt("link " + path, () => linkSync(path, "/tmp/cc-dm-neighbour-" + process.pid));
  attempt("rename " + path, () => renameSync(path, path + ".old"));
  attempt("remove " + path, () => rmSync(path, { recursive: true }));
  attempt("query " + path, () => new Database(path).query("select * from message").all());
  try { (await Bun.connect({ unix: path, socket: { data() {} } })).end(); done.push("connect " + path); } catch {}
}
console.log(JSON.stringify(done));
`;

function everything(folder: string): readonly string[] {
  const below = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name));
  return [folder, ...below];
}

/** Every folder above may be entered, as /home/me can be on most systems. */
function letThrough(): void {
  for (const path of [bus.folder, join(bus.folder, "..")]) chmodSync(path, lstatSync(path).mode | 0o011);
}

describe.if(canBeOther)("another user", () => {
  test("reads, writes, rings and replaces nothing of a bus in use, whatever the umask", async () => {
    letThrough();
    const a = await bus.start({ name: "alice", through: umask000 });
    await bus.start({ name: "bob", through: umask000 });
    await a.ok("dm", { to: "bob", content: "one" });
    const umask = process.umask(0);
    try {
      userKeys(bus.home);
    } finally {
      process.umask(umask);
    }
    const paths = everything(bus.home);
    expect(paths.map((path) => path.replace(bus.home, "")).sort()).toEqual(
      expect.arrayContaining(["", "/bells", "/bus.db", "/bus.db-wal", "/clients", "/user.key"]),
    );
    const open = paths.filter(
      (path) => !lstatSync(path).isSymbolicLink() && (lstatSync(path).mode & 0o077) !== 0,
    );
    expect(open).toEqual([]);
    const tried = Bun.spawnSync(
      [...asOther, process.execPath, "-e", attempts, JSON.stringify([...paths, "/etc/passwd"])],
      {
        cwd: "/",
        env: { PATH: process.env.PATH ?? "" },
      },
    );
    const done = JSON.parse(tried.stdout.toString()) as string[];
    expect(done).toContain("read /etc/passwd"); // it does try
    expect(done.filter((one) => one.includes(bus.home))).toEqual([]);
    expect((await bus.start({ name: "carol" })).pid).toBeGreaterThan(0); // all is still there
  });

  // What `fs.protected_hardlinks` forbids on Linux; elsewhere, and where it is off, they can.
  test("who made hard links while the folder was open to all reads and writes nothing by them later", async () => {
    letThrough();
    mkdirSync(bus.home);
    await bus.start({ name: "before" }).then((session) => session.stop());
    userKeys(bus.home);
    chmodSync(bus.home, 0o777);
    chmodSync(bus.file, 0o666);
    const held = bus.path("held");
    mkdirSync(held);
    chmodSync(held, 0o777);
    const links = ["bus.db", "user.key"].map((name) => {
      linkSync(join(bus.home, name), join(held, name));
      return join(held, name);
    });
    const alice = await bus.start({ name: "alice" });
    await bus.start({ name: "bob" });
    await alice.ok("dm", { to: "bob", content: "secret" });
    const tried = Bun.spawnSync([...asOther, process.execPath, "-e", attempts, JSON.stringify(links)], {
      cwd: "/",
      env: { PATH: process.env.PATH ?? "" },
    });
    const done = JSON.parse(tried.stdout.toString()) as string[];
    expect(done).toContain(`rename ${links[0]}`); // the folder is theirs, the files are not
    expect(done.filter((one) => /^(read|write|query|make|connect)/.test(one))).toEqual([]);
  });

  const plants: readonly (readonly [string, (home: string) => void])[] = [
    ["a folder of theirs", (home) => chownSync(home, theirs, theirs)],
    ["a bus that they hold open", (home) => plant(home, "bus.db")],
    ["a key that they know", (home) => plant(home, "user.key")],
    ["a hard link to a file of theirs", (home) => hardLink(home, "bus.db")],
    ["a hard link to a key that they know", (home) => hardLink(home, "user.key")],
    ["settings of theirs", (home) => plant(home, "config.json")],
    ["a link in place of the bus", (home) => link(home, "bus.db")],
    ["a link in place of the log", (home) => link(home, "bus.db-wal")],
    ["a link in place of the bells", (home) => link(home, "bells")],
  ];
  const plant = (home: string, name: string) => {
    writeFileSync(join(home, name), name === "config.json" ? "{}" : "", { mode: 0o666 });
    chownSync(join(home, name), theirs, theirs);
  };
  const hardLink = (home: string, name: string) => {
    plant(join(home, ".."), "theirs");
    linkSync(join(home, "..", "theirs"), join(home, name));
  };
  const link = (home: string, name: string) => {
    symlinkSync(join(home, "..", "elsewhere"), join(home, name));
    lchownSync(join(home, name), theirs, theirs);
  };

  test.each(plants)(
    "who left %s in a folder that all could write to is not trusted with mail",
    async (_, leave) => {
      mkdirSync(bus.home);
      chmodSync(bus.home, 0o777);
      writeFileSync(join(bus.home, "..", "elsewhere"), "precious");
      const session = await bus.start({ name: "before" });
      await session.stop();
      chmodSync(bus.home, 0o777);
      for (const name of ["bus.db", "bus.db-wal", "bus.db-shm"])
        Bun.spawnSync(["rm", "-f", join(bus.home, name)]);
      Bun.spawnSync(["rm", "-rf", join(bus.home, "bells")]);
      leave(bus.home);
      const late = await bus.start({ name: "alice" });
      const error = await late.refused("dm", { to: "bob", content: "secret" });
      expect(error).toMatchObject({
        code: "bus_unavailable",
        message: expect.stringMatching(/another user|cannot be used/),
      });
      expect(await Bun.file(join(bus.home, "..", "elsewhere")).text()).toBe("precious");
      const built = await builtProgram();
      try {
        const env = { ...cleanEnv(bus.path("me"), {}), CC_DM_HOME: bus.home };
        const sent = await run([process.execPath, built.file, "send", "bob", "secret"], env, bus.folder);
        expect(sent.exit).toBe(3);
        expect(sent.err).toMatch(/^cc-dm: .+\n$/);
      } finally {
        built.remove();
      }
    },
  );
});
