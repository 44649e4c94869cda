/** A repository that nobody trusted, with the real client in it: `claude -p` asks no question about its folder. */
import { Database } from "bun:sqlite";
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { baits, snare } from "../support/snare.ts";
import { runClient } from "./client.ts";
import { copyPlugin } from "./copy.ts";
import { runsHere, versions } from "./versions.ts";
import { openWorld, type World } from "./world.ts";

setDefaultTimeout(120_000);

for (const version of versions) {
  describe.if(runsHere(version))(`Claude Code ${version}`, () => {
    let world: World;
    let plugin: string;
    beforeAll(async () => {
      world = await openWorld(version);
      plugin = await copyPlugin(world);
    });
    afterAll(() => world?.close());

    test.each(baits)("its %s has no say in our server and hooks", async (bait) => {
      const name = `by-${bait.replace(/\W/g, "")}`;
      const { sprung } = snare(join(world.folder, "homes", name, "repo"), bait);
      const start = { version, name, plugin, folder: "repo/work", args: ["-p", "hello"] };
      const { exit, text } = await runClient(world, start);
      expect({ exit, sprung: sprung() }).toEqual({ exit: 0, sprung: "" });
      expect(text).not.toContain("hook failed");
      const db = new Database(join(world.bus, "bus.db"), { readonly: true });
      const named = db
        .query<{ name: string }, [string]>("select name from session where cwd like ?")
        .all(`%/${name}/repo/work`)
        .map((row) => row.name);
      db.close();
      expect(named.length).toBe(1); // it ran
      expect(named).not.toContain("taken");
    });
  });
}
