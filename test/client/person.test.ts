/** The person at a terminal of their own, and a real client's shell: who speaks when `cc-dm` is run. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { hasWindows, windows } from "../cli/window.ts";
import { cleanEnv } from "../support/session.ts";
import type { Client } from "./client.ts";
import { copyPlugin } from "./copy.ts";
import { call, returned } from "./script.ts";
import { frameOf, replying, startSession } from "./session.ts";
import { runsHere, versions } from "./versions.ts";
import { openWorld, type World } from "./world.ts";

setDefaultTimeout(120_000);

const window = windows();
const fromUser = /From user · the user of this machine · \d\d:\d\d · reply with message_id (\w+)/;

for (const version of versions) {
  describe.if(runsHere(version) && hasWindows)(`Claude Code ${version}`, () => {
    let world: World;
    let plugin: string;
    let api: Client;
    let web: Client;

    beforeAll(async () => {
      world = await openWorld(version);
      plugin = await copyPlugin(world);
      const args = ["--permission-mode", "default", "--allowedTools", "Bash"];
      [api, web] = await Promise.all([
        startSession(world, { name: "api", project: "shop", version, plugin, args }),
        startSession(world, { name: "web", project: "shop", version, plugin, args }),
      ]);
    });
    afterAll(() => world?.close());

    const cli = (args: string) => `"${process.execPath}" "${join(plugin, "dist/cli.js")}" ${args}`;
    const person = (args: string) => window.run(cli(args), cleanEnv(world.folder, { CC_DM_HOME: world.bus }));

    test("a message of the person starts a turn, and the command prints the reply", async () => {
      world.model.script("api", replying(fromUser, "All 12 are green.", { times: 1 }));
      const { exit, out } = await person("send api 'Are the tests green?' --wait reply --timeout 30s");
      expect([exit, out]).toEqual([0, expect.stringContaining("All 12 are green.")]);
      expect((await api.saw("Are the tests green?")).text).toMatch(fromUser);
      await api.idle();
    });

    test("a session writes to the user, without a click, from inside its project", async () => {
      await web.type(call("dm", { to: "user", content: "Shall I drop the old table?" }));
      await web.saw(/cc-dm inbox/);
      const { exit, out } = await person("inbox");
      expect([exit, out]).toEqual([
        0,
        expect.stringMatching(/^web \(worker, shop\)[\s\S]*Shall I drop the old table\?/),
      ]);
      await web.idle();
    });

    test("run by a client's own shell it is that session that speaks", async () => {
      await web.type(call("Bash", { command: `${cli("whoami")}; ${cli("send api 'Port 8081 is yours.'")}` }));
      const read = await api.saw("Port 8081 is yours.");
      expect(read.text).toMatch(frameOf("web", "worker, shop"));
      const ran = await web.saw(returned("this runs inside its client"));
      expect(ran.results[0]?.text).toContain("Sent to api");
      await Promise.all([web.idle(), api.idle()]);
    });
  });
}
