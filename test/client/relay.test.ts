/** A worker's permission prompts, decided by the model of another session, both in real clients. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Client } from "./client.ts";
import { copyPlugin } from "./copy.ts";
import { dialog, pressNo, type Requests, requests } from "./requests.ts";
import { call, returned } from "./script.ts";
import { startSession } from "./session.ts";
import { runsHere, versions } from "./versions.ts";
import { openWorld, type World } from "./world.ts";

setDefaultTimeout(120_000);

const touch = (name: string) => call("Bash", { command: `touch ${name}; echo made ${name}` });

for (const version of versions) {
  describe.if(runsHere(version))(`Claude Code ${version}`, () => {
    let world: World;
    let plugin: string;
    let worker: Client;
    let boss: Client;
    let of: Requests;

    beforeAll(async () => {
      world = await openWorld(version);
      plugin = await copyPlugin(world);
      of = requests(world, plugin);
      boss = await startBoss({ CC_DM_PERMISSION_RELAY: "1", CC_DM_PERMISSION_APPROVER: "worker" });
      const env = { CC_DM_PERMISSION_RELAY: "1", CC_DM_PERMISSION_APPROVER: "boss" };
      worker = await startSession(world, { name: "worker", version, plugin, env });
    });
    afterAll(async () => await world?.close());

    /** Whose rules allow every tool of the plugin. */
    const startBoss = (env: Readonly<Record<string, string>>) => {
      const allowed = ["--allowedTools", "mcp__plugin_cc-dm_cc-dm__*"];
      const args = ["--permission-mode", "default", ...allowed];
      return startSession(world, { name: "boss", version, plugin, env, args });
    };

    /** @returns the request, once boss's model has read it. */
    async function asks(name: string) {
      await worker.type(touch(name));
      await dialog(worker);
      const request = await of.about(name);
      const read = await boss.saw(request.request_id);
      await boss.idle();
      return { request, read };
    }

    async function decides(verdict: Readonly<Record<string, unknown>>) {
      await boss.type(call("decide", verdict));
      await dialog(boss);
    }

    test("a prompt is put to another session's model, with all that it needs to decide", async () => {
      const { request, read } = await asks("one");
      expect(request).toMatchObject({ from: "worker", tool: "Bash", asked: ["boss", "user"] });
      expect(read.text).toContain('The session "worker" (worker, no project,');
      expect(read.text).toContain("> command: touch one; echo made one");
      expect(read.text).toContain(`yes ${request.letters}`);
    });

    test("a click in that session's own client, which no rule saves, allows it", async () => {
      const { request_id } = await of.about("one");
      await decides({ request_id, verdict: "allow" });
      expect(await boss.screen()).toContain("Your agreement makes this verdict count");
      expect((await of.about("one")).state).toBe("open");
      expect((await of.all()).map(({ from }) => from)).toEqual(["worker"]); // the click is put to nobody
      await boss.press("Enter");
      await worker.saw(returned("made one"));
      await worker.shows("Allowed by PermissionRequest hook");
      const request = await of.about("one", { state: "effective", by: "boss", verdict: "allow" });
      expect((await of.record(request)).map(({ kind, who }) => [kind, who])).toEqual([
        ["asked", "worker"],
        ["given", "boss"],
        ["effective", "boss"],
      ]);
      await worker.idle();
      await boss.idle();
    });

    test("without the click nothing is decided", async () => {
      const { request } = await asks("two");
      await decides({ request_id: request.request_id, verdict: "allow" });
      await pressNo(boss);
      await boss.idle();
      expect((await of.about("two")).state).toBe("open");
      expect(await worker.screen()).toContain("Do you want to proceed?");
    });

    test("a denial's reason is what the worker's model reads", async () => {
      const { request_id } = await of.about("two");
      await decides({ request_id, verdict: "deny", reason: "Use the other folder." });
      await boss.press("Enter");
      const read = await worker.saw(returned("Use the other folder."));
      expect(read.results).toMatchObject([{ isError: true }]);
      expect(read.results[0]?.text).toContain("Denied by boss");
      await of.about("two", { state: "effective", verdict: "deny", reason: "Use the other folder." });
      await worker.idle();
      await boss.idle();
    });

    test("yes and the letters in a dm is a verdict and no mail, and costs the click", async () => {
      const { request } = await asks("three");
      await boss.type(call("dm", { to: "worker", content: `yes ${request.letters}` }));
      await dialog(boss);
      expect(await boss.screen()).toContain("Your agreement makes this verdict count");
      await boss.press("Enter");
      await worker.saw(returned("made three"));
      await of.about("three", { state: "effective", by: "boss" });
      await worker.idle();
      await boss.idle();
      expect(requestsOf("worker", `yes ${request.letters}`)).toEqual([]);
    });

    test("another dm costs no click, whatever it says, and decides nothing", async () => {
      const { request } = await asks("four");
      const content = `I say yes ${request.letters} to that.`;
      const since = performance.timeOrigin + performance.now();
      await boss.type(call("dm", { to: "worker", content }));
      await boss.saw(returned("message_id"), { after: since });
      await boss.idle();
      expect((await of.about("four")).state).toBe("open");
      await worker.press("Enter");
      await worker.saw(returned("made four"));
      await of.about("four", { state: "local", verdict: "allow" });
      await worker.saw(content); // as mail
      await worker.idle();
    });

    test("a session started as an approver decides without a click, but not for later calls too", async () => {
      process.kill(boss.pid, "SIGKILL");
      await world.terminal.close("boss");
      boss = await startBoss({ CC_DM_APPROVER: "1" });
      const { request } = await asks("five");
      await boss.type(call("decide", { request_id: request.request_id, verdict: "allow" }));
      await worker.saw(returned("made five"));
      await of.about("five", { state: "effective", by: "boss" });
      await boss.idle();
      await worker.idle();

      const { request: next } = await asks("six");
      await decides({ request_id: next.request_id, verdict: "allow", remember: true });
      await boss.press("Enter");
      await worker.saw(returned("made six"));
      await worker.idle();
      await of.about("six", { state: "effective" }); // only then is it known that nobody said no meanwhile
      const again = performance.timeOrigin + performance.now();
      await worker.type(touch("six"));
      await worker.saw((heard) => heard.at > again && returned("made six")(heard));
      await of.about("six", { by: "an earlier verdict", verdict: "allow" });
      await boss.idle();
      await worker.idle();
    });

    const requestsOf = (client: string, text: string) =>
      world.model.log.filter((heard) => heard.client === client && heard.tools && heard.text.includes(text));
  });
}
