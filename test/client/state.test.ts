/** What the person sees of real clients, and what a client's own shell may not delete. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { hasWindows, windows } from "../cli/window.ts";
import { until } from "../support/processes.ts";
import { cleanEnv } from "../support/session.ts";
import type { Client } from "./client.ts";
import { copyPlugin } from "./copy.ts";
import { call, returned } from "./script.ts";
import { startSession } from "./session.ts";
import { runsHere, versions } from "./versions.ts";
import { openWorld, type World } from "./world.ts";

setDefaultTimeout(120_000);

const window = windows();

for (const version of versions) {
  describe.if(runsHere(version) && hasWindows)(`Claude Code ${version}`, () => {
    let world: World;
    let plugin: string;
    let api: Client;

    beforeAll(async () => {
      world = await openWorld(version);
      plugin = await copyPlugin(world);
      const args = ["--permission-mode", "default", "--allowedTools", "Bash"];
      api = await startSession(world, { name: "api", project: "shop", version, plugin, args });
    });
    afterAll(() => world?.close());

    const cli = (args: string) => `"${process.execPath}" "${join(plugin, "dist/cli.js")}" ${args}`;
    const person = (args: string) => window.run(cli(args), cleanEnv(world.folder, { CC_DM_HOME: world.bus }));

    test("who tells what it is busy with, and that it is idle when it is done", async () => {
      const gate = join(world.folder, "gate");
      await api.type(call("Bash", { command: `until [ -e '${gate}' ]; do sleep 0.1; done; echo opened` }));
      const seen = async (pattern: RegExp) => pattern.test((await person("who")).out);
      await until(
        "it is busy with Bash",
        () => seen(/^api {2}busy with Bash, \d+ s +worker, shop$/m),
        20_000,
      );
      expect((await person("")).out).toMatch(/^api {2}busy with Bash, /m);
      await Bun.write(gate, "");
      await api.saw(returned("opened"));
      await until(
        "it is idle",
        () => seen(/^api {2}idle, \d+ s +worker, shop\n {2}.* · mail wakes it/m),
        20_000,
      );
    });

    test("its own shell deletes nothing; the person does", async () => {
      expect((await person("send api 'to be kept'")).exit).toBe(0);
      await api.saw("to be kept");
      await api.idle();
      await api.type(call("Bash", { command: `${cli("prune --all --unread --yes")}; echo "exit $?"` }));
      const ran = await api.saw(returned("exit 77"));
      expect(ran.results[0]?.text).toContain(
        'refused: only you delete your history, and the session "api" runs this',
      );
      await api.idle();
      expect((await person("prune --all --yes --json")).exit).toBe(0);
      expect(JSON.parse((await person("status --json")).out).messages.kept).toBe(0);
    });
  });
}
