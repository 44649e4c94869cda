/** The plugin as people get it: validated, installed from a folder and from a git repository. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdir, readdir } from "node:fs/promises";
import { join, normalize } from "node:path";
import { checkOut } from "./checkout.ts";
import { runClient } from "./client.ts";
import { running } from "./processes.ts";
import { call } from "./script.ts";
import { frameOf, replying, startSession } from "./session.ts";
import { runsHere, versions } from "./versions.ts";
import { openWorld, type World } from "./world.ts";

setDefaultTimeout(120_000);

const plugin = "cc-dm@cc-dm-marketplace";

for (const version of versions) {
  describe.if(runsHere(version))(`Claude Code ${version}`, () => {
    let world: World;
    let checkout: string;

    beforeAll(async () => {
      world = await openWorld(version);
      checkout = join(world.folder, "checkout");
      await checkOut(checkout);
    });
    afterAll(() => world?.close());

    for (const manifest of ["plugin.json", "marketplace.json"]) {
      test(`${manifest} passes the client's strict validation`, async () => {
        const path = join(checkout, ".claude-plugin", manifest);
        const { exit, text } = await claude("validator", "plugin", "validate", "--strict", path);
        expect({ exit, text }).toEqual({ exit: 0, text: expect.stringContaining("Validation passed") });
      });
    }

    // A folder is read in place, although the client also makes a copy. What it asks of Bun when it
    // installs is watched in test/package.
    test("installed from a folder, two sessions talk", async () => {
      await install("folder", checkout);
      expect(await twoSessionsTalk("folder")).toEqual([join(checkout, "dist/server.js")]);
    });

    test("installed from a git repository, two sessions talk", async () => {
      await install("git", await marketplaceOf(`file://${checkout}`));
      const copies = join(world.folder, "homes/git/.claude/plugins/cache/cc-dm-marketplace/cc-dm");
      const [copy = "none"] = await readdir(copies);
      expect(await twoSessionsTalk("git")).toEqual([join(copies, copy, "dist/server.js")]);
    });

    function claude(home: string, ...args: readonly string[]) {
      return runClient(world, { version, name: home, home, folder: "desk", args });
    }

    async function install(home: string, marketplace: string) {
      for (const args of [
        ["marketplace", "add", marketplace],
        ["install", plugin],
      ]) {
        const { exit, text } = await claude(home, "plugin", ...args);
        expect({ exit, text }).toEqual({ exit: 0, text: expect.stringMatching(/success/i) });
      }
    }

    /** A marketplace like ours whose plugin entry names a git repository. */
    async function marketplaceOf(url: string): Promise<string> {
      const ours = await Bun.file(join(checkout, ".claude-plugin/marketplace.json")).json();
      const folder = join(world.folder, "marketplace");
      await mkdir(join(folder, ".claude-plugin"), { recursive: true });
      const plugins = ours.plugins.map((entry: object) => ({ ...entry, source: { source: "url", url } }));
      await Bun.write(join(folder, ".claude-plugin/marketplace.json"), JSON.stringify({ ...ours, plugins }));
      return folder;
    }

    /** Returns the files that their servers were started from. */
    async function twoSessionsTalk(home: string): Promise<string[]> {
      const names = { asker: `${home}-asker`, answerer: `${home}-answerer` };
      // One home: the way a person has it.
      const start = (name: string) => startSession(world, { version, name, home });
      const [asker, answerer] = await Promise.all([start(names.asker), start(names.answerer)]);
      world.model.script(
        names.answerer,
        replying(frameOf(names.asker, "worker"), "Loud and clear.", { times: 1 }),
      );
      await asker.type(call("dm", { to: names.answerer, content: "Do you read me?" }));
      expect((await answerer.saw("Do you read me?")).text).toMatch(frameOf(names.asker, "worker"));
      expect((await asker.saw("Loud and clear.")).text).toMatch(frameOf(names.answerer, "worker"));
      const commands = running(world.folder).map(({ command }) => command);
      await Promise.all([asker.exit(), answerer.exit()]);
      const servers = commands.flatMap(
        (command) => /^bun (?:--\S+ )*(.*server\.js)$/.exec(command)?.[1] ?? [],
      );
      return [...new Set(servers.map((path) => normalize(path)))];
    }
  });
}
