/** What the doctor finds out about real clients: not what is configured, but what they do. */
import { Database } from "bun:sqlite";
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import type { Finding } from "../../plugin/core/finding.ts";
import type { Client } from "./client.ts";
import { call } from "./script.ts";
import { loaded, startSession } from "./session.ts";
import { repo, runsHere, versions } from "./versions.ts";
import { openWorld, type World } from "./world.ts";

setDefaultTimeout(120_000);

for (const version of versions) {
  describe.if(runsHere(version))(`the doctor beside Claude Code ${version}`, () => {
    let world: World;
    let alice: Client;
    let bob: Client;

    beforeAll(async () => {
      world = await openWorld(version);
      const flag = ["--permission-mode", "default", "--channels", "plugin:cc-dm@inline"];
      [alice, bob] = await Promise.all([
        startSession(world, { name: "alice", version, ...loaded }),
        startSession(world, { name: "bob", version, ...loaded, args: flag }),
      ]);
    });
    afterAll(() => world?.close());

    /** What the command says under one id, asked by a person in a terminal beside. */
    function said(id: string): readonly string[] {
      const command = [process.execPath, join(repo, "dist/cli.js"), "doctor", "--json"];
      const env = { HOME: alice.home, PATH: process.env.PATH, CC_DM_HOME: world.bus };
      const { findings } = JSON.parse(Bun.spawnSync(command, { env, cwd: alice.home }).stdout.toString());
      return (findings as readonly Finding[])
        .filter((one) => one.id === id)
        .map((one) => `${one.severity}: ${one.found}`);
    }

    test("knows the clients' version, that they loaded the plugin, and that their hooks are heard", async () => {
      await bob.type(call("who", {}));
      await bob.saw(/"sessions"/);
      expect(said("client.version")[0]).toMatch(
        new RegExp(`^ok: Claude Code ${version} runs "(alice|bob)", "(alice|bob)"$`),
      );
      expect(said("client.plugin")).toEqual(["ok: Loaded: its server runs in 2 clients"]);
      expect(said("client.hooks")).toEqual([expect.stringContaining("ok: Heard from 2 clients, last at ")]);
      expect(said("sessions.deaf")).toEqual(["ok: Every session can be reached"]);
    });

    test("as a tool it costs no click and knows the session that asks", async () => {
      await alice.type(call("doctor", {}));
      const [result] = (await alice.saw(/"in_order"/)).results;
      const { in_order, you } = JSON.parse(result?.text ?? "{}");
      expect(you.name).toBe("alice");
      expect(in_order).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^sessions\.here: This is "alice" .* reaches it by a wake, also while idle$/),
          "settings.CC_DM_SESSION_NAME: alice (environment)",
        ]),
      );
    });

    test("sees through a channel flag that the client ignores", async () => {
      await alice.type(call("dm", { to: "bob", content: "Are you there?" }));
      // Its evidence is due after 10 s, is looked for every 10 s, and then it comes by a wake.
      await bob.saw("Are you there?", { timeoutMs: 60_000 });
      await bob.idle();
      expect(said("client.channel")).toEqual([
        expect.stringContaining('warning: "bob" was started with a channel flag, but'),
      ]);
    });

    test("finds a client whose server was killed", async () => {
      await alice.idle();
      const bus = new Database(join(world.bus, "bus.db"), { readonly: true });
      const row = bus
        .query<{ server_pid: number }, []>("select server_pid from session where name = 'alice'")
        .get();
      bus.close();
      if (row !== null) process.kill(row.server_pid, "SIGKILL");
      const deadline = performance.now() + 5_000;
      while (said("sessions.deaf")[0]?.startsWith("ok") && performance.now() < deadline) await Bun.sleep(50);
      expect(said("sessions.deaf")).toEqual([
        expect.stringContaining('warning: The server of "alice" has died'),
      ]);
    });
  });
}
