/** The plugin as people get it: validated, installed from a folder and from a git repository. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { checkOut } from "./checkout.ts";
import { runClient } from "./client.ts";
import { call } from "./script.ts";
import { frameOf, replying, startSession } from "./session.ts";
import { runsHere, versions } from "./versions.ts";
import { openWorld, type World } from "./world.ts";

setDefaultTimeout(60_000);

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

    test("installed from a folder, two sessions talk", async () => {
      await install("folder", checkout);
      await twoSessionsTalk("folder");
    });

    test("installed from a git repository, nothing is fetched and two sessions talk", async () => {
      await install("git", await marketplaceOf(`file://${checkout}`));
      const plugins = join(world.folder, "homes/git/.claude/plugins");
      const cache = join(plugins, "cache/cc-dm-marketplace/cc-dm");
      expect(existsSync(join(cache, ...(await readdir(cache)), "dist/server.js"))).toBe(true);
      const packages = new Bun.Glob("**/node_modules/*");
      expect(await Array.fromAsync(packages.scan({ cwd: plugins, dot: true, onlyFiles: false }))).toEqual([]);
      // There is no network here: an install that wanted packages failed without a word but this one.
      const listed = await claude("git", "plugin", "list");
      expect(listed.text).toContain(plugin);
      expect(listed.text).not.toContain("not installed");

      await twoSessionsTalk("git");
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

    async function twoSessionsTalk(home: string) {
      const names = { asker: `${home}-asker`, answerer: `${home}-answerer` };
      // One home: the way a person has it.
      const start = (name: string) => startSession(world, { version, name, home });
      const [asker, answerer] = [await start(names.asker), await start(names.answerer)];
      world.model.script(
        names.answerer,
        replying(frameOf(names.asker, "worker"), "Loud and clear.", { times: 1 }),
      );
      await asker.type(call("dm", { to: names.answerer, content: "Do you read me?" }));
      expect((await answerer.saw("Do you read me?")).text).toMatch(frameOf(names.asker, "worker"));
      expect((await asker.saw("Loud and clear.")).text).toMatch(frameOf(names.answerer, "worker"));
      await Promise.all([asker.exit(), answerer.exit()]);
    }
  });
}
