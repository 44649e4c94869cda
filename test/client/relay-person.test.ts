/** A worker's permission prompts and its person: at the dialog, at a terminal elsewhere, or not at all. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { hasWindows, windows } from "../cli/window.ts";
import { cleanEnv } from "../support/session.ts";
import type { Client } from "./client.ts";
import { copyPlugin } from "./copy.ts";
import { type Observer, openObserver } from "./observer.ts";
import { dialog, pressNo, type Requests, requests } from "./requests.ts";
import { call, returned } from "./script.ts";
import { startSession } from "./session.ts";
import { runsHere, versions } from "./versions.ts";
import { openWorld, type World } from "./world.ts";

setDefaultTimeout(120_000);

const touch = (name: string) => call("Bash", { command: `touch ${name}; echo made ${name}` });
const window = windows();

for (const version of versions) {
  describe.if(runsHere(version) && hasWindows)(`Claude Code ${version}`, () => {
    let world: World;
    let plugin: string;
    let worker: Client;
    /** Whom the worker asks, without a client. */
    let lead: Observer;
    let of: Requests;

    beforeAll(async () => {
      world = await openWorld(version);
      plugin = await copyPlugin(world);
      of = requests(world, plugin);
      lead = await openObserver(world, "lead", { plugin });
      const env = { CC_DM_PERMISSION_RELAY: "1", CC_DM_PERMISSION_APPROVER: "lead" };
      worker = await startSession(world, { name: "worker", version, plugin, env });
    });
    afterAll(async () => {
      await lead?.stop();
      await world?.close();
    });

    async function asks(name: string) {
      await worker.type(touch(name));
      await dialog(worker);
      const request = await of.about(name);
      await lead.session.events.next(({ content }) => content.includes(request.request_id));
      return request;
    }

    /** What those who were asked hear of the end. */
    const hears = (text: string) => lead.session.events.next(({ content }) => content.includes(text));

    const cli = (args: string) => `"${process.execPath}" "${join(plugin, "dist/cli.js")}" ${args}`;
    const atTerminal = (args: string) =>
      window.run(cli(args), cleanEnv(world.folder, { CC_DM_HOME: world.bus }));

    test("Yes at the dialog is faster: those who were asked hear it, and the record says so", async () => {
      const request = await asks("yes");
      await worker.press("Enter");
      await worker.saw(returned("made yes"));
      await of.about("yes", { state: "local", by: "the dialog", verdict: "allow" });
      await hears("was allowed by its user at the dialog");
      const late = await lead.session.refused("decide", { request_id: request.request_id, verdict: "deny" });
      expect(late.code).toBe("settled");
      await worker.idle();
    });

    test("so is No, and Escape", async () => {
      await asks("no");
      await pressNo(worker);
      await of.about("no", { state: "local", by: "the dialog", verdict: "deny" });
      await hears("was denied by its user at the dialog");
      await worker.idle();

      await asks("escape");
      await worker.press("Escape");
      await of.about("escape", { state: "local", by: "the dialog", verdict: "deny" });
      await hears("was denied by its user at the dialog");
      await worker.idle();
    });

    test("a long tool that was allowed at the dialog is settled while it runs", async () => {
      const command = "touch long; until [ -e seen ]; do sleep 0.1; done; echo made long";
      await worker.type(call("Bash", { command }));
      await dialog(worker);
      await worker.press("Enter");
      await of.about("long", { state: "local", verdict: "allow" });
      await Bun.write(join(worker.home, "worker", "seen"), "");
      await worker.saw(returned("made long"));
      await worker.idle();
    });

    test("the person allows it at a terminal of their own, by its letters", async () => {
      const { letters } = await asks("approved");
      const { exit, out } = await atTerminal(`approve ${letters}`);
      expect([exit, out]).toEqual([0, expect.stringContaining("worker: Bash")]);
      await worker.saw(returned("made approved"));
      await of.about("approved", { state: "effective", by: "user", verdict: "allow" });
      await hears("was allowed by user");
      await worker.idle();
    });

    test("and denies it with a reason that the worker's model reads", async () => {
      const { letters } = await asks("denied");
      expect((await atTerminal(`deny ${letters} --reason "Not today."`)).exit).toBe(0);
      const read = await worker.saw(returned("Not today."));
      expect(read.results[0]?.text).toContain("Denied by user");
      await of.about("denied", { state: "effective", by: "user", verdict: "deny" });
      await worker.idle();
    });

    test("a client's own shell is not the person, however it hides where it comes from", async () => {
      const args = ["--permission-mode", "default", "--allowedTools", "Bash"];
      const clerk = await startSession(world, { name: "clerk", version, plugin, args });
      const { letters } = await asks("secret");
      const approve = `env -i HOME="$HOME" CC_DM_HOME="${world.bus}" ${cli(`approve ${letters}`)}`;
      const ways = [
        approve,
        `script -qec '${approve.replaceAll('"$HOME"', "/tmp")}' /dev/null < /dev/null`,
        `setsid -w ${approve}`,
        `setsid -w script -qec '${approve.replaceAll('"$HOME"', "/tmp")}' /dev/null < /dev/null`,
      ];
      for (const [i, way] of ways.entries()) {
        world.model.script("clerk", ({ text }) =>
          text.includes(`Way ${i}.`)
            ? [{ call: "Bash", input: { command: `${way}; echo way ${i}: $?` } }]
            : [],
        );
        await clerk.type(`Way ${i}.`);
        const { results } = await clerk.saw(returned(`way ${i}:`));
        expect(results[0]?.text).toContain(`way ${i}: 77`);
        await clerk.idle();
      }
      const request = await of.about("secret");
      const refused = (await of.record(request)).filter(({ kind }) => kind === "refused");
      expect(refused).toHaveLength(ways.length);
      expect(await worker.screen()).toContain("Do you want to proceed?");
      await worker.press("Escape");
      await worker.idle();
      await clerk.exit();
    });

    test("nobody answers: the dialog is there, and is answered as ever", async () => {
      await lead.stop();
      await worker.type("Who is there?");
      await worker.shows("cc-dm: permission requests: lead is not running"); // said once, before anything is asked
      await worker.idle();
      await worker.type(touch("alone"));
      await dialog(worker);
      const request = await of.about("alone");
      const [asked] = await of.record(request);
      expect(asked?.detail).toContain("lead is not running");
      await Bun.sleep(3_000);
      expect(await worker.screen()).toContain("Do you want to proceed?");
      await worker.press("Enter");
      await worker.saw(returned("made alone"));
      await of.about("alone", { state: "local", verdict: "allow" });
      await worker.idle();
    });
  });
}
