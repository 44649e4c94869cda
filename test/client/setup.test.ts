/** Install with the real client, the status line in its window, and what is left when it is removed. */
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkOut } from "./checkout.ts";
import { runClient } from "./client.ts";
import { startSession } from "./session.ts";
import { binary, runsHere, versions } from "./versions.ts";
import { openWorld, type World } from "./world.ts";

setDefaultTimeout(120_000);

for (const version of versions) {
  describe.if(runsHere(version))(`from install to uninstall, Claude Code ${version}`, () => {
    let world: World;
    let home: string;
    let clone: string;
    beforeEach(async () => {
      world = await openWorld(version);
      home = join(world.folder, "homes", "me");
      clone = join(world.folder, "clone");
      await checkOut(clone);
      await runClient(world, { version, name: "me", args: ["--version"] }); // makes the home
    });
    afterEach(() => world.close());

    const ccdm = async (...words: readonly string[]) => {
      const user = process.getuid?.() === 0 ? [] : ["--user", "--preserve-credentials"];
      const run = Bun.spawn(
        [
          "nsenter",
          "--target",
          String(world.pid),
          "--net",
          ...user,
          process.execPath,
          join(clone, "dist/cli.js"),
          ...words,
        ],
        {
          cwd: home,
          env: {
            HOME: home,
            PATH: [dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"].join(":"),
            TMPDIR: join(world.folder, "tmp"),
            CLAUDE_CODE_TMPDIR: join(world.folder, "tmp"),
            ANTHROPIC_API_KEY: "sk-ant-fake-not-a-key",
            ANTHROPIC_BASE_URL: world.url("me"),
            DISABLE_AUTOUPDATER: "1",
            CC_DM_HOME: world.bus,
            CC_DM_CLIENT: binary(version),
          },
          stdin: "ignore",
          stdout: "pipe",
          stderr: "pipe",
        },
      );
      const [out, err] = await Promise.all([run.stdout.text(), run.stderr.text()]);
      return { exit: await run.exited, out, err };
    };
    /** What lies in the home and names us, but for the client's own caches, logs and records. */
    const traces = () =>
      (readdirSync(home, { recursive: true }) as string[]).filter(
        (path) =>
          /cc-?dm/i.test(path) &&
          !/^(\.cache|\.claude\/(plugins\/(cache|data)|projects|telemetry|debug))\//.test(path),
      );

    test("the status line shows peers and mail as they come, and then nothing is left", async () => {
      const settings = join(home, ".claude", "settings.json");
      const before =
        '{\n    "statusLine": { "type": "command", "command": "echo mine", "refreshInterval": 1 }\n}';
      mkdirSync(dirname(settings), { recursive: true });
      writeFileSync(settings, before);
      // An interactive client makes folders there too, of its own.
      const outside = () =>
        (readdirSync(home, { recursive: true }) as string[]).filter(
          (name) => !/^(\.claude|\.cache|\.config|\.local$|\.local\/share|alice|bob)/.test(name),
        );
      const around = outside();

      expect(await ccdm("install", "--statusline")).toMatchObject({ exit: 0, err: "" });
      expect((await ccdm("install", "--statusline", "--json")).out).not.toContain('"done"');
      const common = { version, home: "me", env: { CC_DM_WAKE: "off" }, idle: "manual mode on" };
      const alice = await startSession(world, { ...common, name: "alice" });
      await alice.shows(/mine \[alice\]/);
      // Without our file theirs goes on alone.
      const link = join(world.bus, "plugin");
      renameSync(link, `${link}.away`);
      await alice.shows(/mine *$/m);
      renameSync(`${link}.away`, link);
      await alice.shows(/mine \[alice\]/);
      const bob = await startSession(world, { ...common, name: "bob" });
      await alice.shows(/mine \[alice · 1 peer\]/);
      expect(await ccdm("send", "alice", "hello")).toMatchObject({ exit: 0 });
      await alice.shows(/mine \[alice · 1 peer · ✉1\]/);
      await bob.shows(/mine \[bob · 1 peer\]/);

      const refused = await ccdm("uninstall", "--purge", "--yes");
      expect(refused).toMatchObject({ exit: 1, err: expect.stringContaining("sessions run on this bus") });
      await bob.exit();
      await alice.shows(/mine \[alice · ✉1\]/);
      await alice.exit();

      const removed = await ccdm("uninstall", "--purge", "--yes");
      expect(removed).toMatchObject({ exit: 0, err: "" });
      expect(removed.out).toContain("1 (alice 1)");
      expect(readFileSync(settings, "utf8")).toBe(before);
      expect(outside()).toEqual(around);
      expect(traces()).toEqual([]);
      expect(readdirSync(world.folder)).not.toContain("bus");
      const list = await runClient(world, { version, name: "me", args: ["plugin", "list", "--json"] });
      expect(JSON.parse(list.text)).toEqual([]);
    });
  });
}
