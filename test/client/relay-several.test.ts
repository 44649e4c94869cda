/** Several permission prompts of one real client at a time, its subagents' among them, and long ones. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import type { Client } from "./client.ts";
import { copyPlugin } from "./copy.ts";
import { type Observer, openObserver } from "./observer.ts";
import { dialog, type Requests, requests } from "./requests.ts";
import { type Action, returned } from "./script.ts";
import { startSession } from "./session.ts";
import { runsHere, versions } from "./versions.ts";
import { openWorld, type World } from "./world.ts";

setDefaultTimeout(120_000);

/** Outside its folder, so reading them asks; and reading may be done at once. */
const files = ["/etc/hostname", "/etc/os-release"] as const;
const readBoth: Action = { calls: files.map((file_path) => ({ call: "Read", input: { file_path } })) };

for (const version of versions) {
  describe.if(runsHere(version))(`Claude Code ${version}`, () => {
    let world: World;
    let worker: Client;
    let lead: Observer;
    let of: Requests;

    beforeAll(async () => {
      world = await openWorld(version);
      const plugin = await copyPlugin(world);
      of = requests(world, plugin);
      lead = await openObserver(world, "lead", { plugin });
      const env = { CC_DM_PERMISSION_RELAY: "1", CC_DM_PERMISSION_APPROVER: "lead" };
      worker = await startSession(world, { name: "worker", version, plugin, env });
    });
    afterAll(async () => {
      await lead?.stop();
      await world?.close();
    });

    const decide = async (about: string, verdict: "allow" | "deny", reason?: string) => {
      const { request_id } = await of.about(about);
      await lead.session.ok("decide", { request_id, verdict, ...(reason === undefined ? {} : { reason }) });
    };

    async function says(text: string, ...actions: readonly Action[]) {
      world.model.script("worker", (heard) => (heard.text.includes(text) ? actions : []));
      await worker.type(text);
    }

    test("two prompts at once are two requests, and each verdict is for its own", async () => {
      await says("Read both.", readBoth);
      await dialog(worker);
      await decide(files[1], "deny", "Not the second.");
      // With two dialogs open the client's record does not say which of them it is about.
      await of.about(files[1], { state: "given", verdict: "deny" });
      expect((await of.about(files[0])).state).toBe("open");
      await decide(files[0], "allow");
      const { results } = await worker.saw(returned("Not the second."));
      // They come as they end.
      expect(results.filter(({ isError }) => isError).map(({ text }) => text)).toEqual([
        "Denied by lead, asked through cc-dm: Not the second.",
      ]);
      expect(results).toHaveLength(2);
      await of.about(files[0], { state: "given", verdict: "allow" });
      await worker.idle();
    });

    test("Yes at the one on screen does not touch the other", async () => {
      await says("Read both again.", readBoth);
      await dialog(worker);
      const first = /Read\((\S+)\)/.exec(await worker.screen().then((text) => text.slice(-1500)))?.[1] ?? "";
      const second = files.find((file) => file !== first) ?? "";
      await worker.press("Enter");
      await decide(second, "deny", "Not that one.");
      await worker.saw(returned("Not that one."));
      await of.about(second, { state: "given", verdict: "deny" });
      await of.about(first, { state: "local", verdict: "allow" });
      await worker.idle();
    });

    test("Escape at one ends both", async () => {
      await says("Read both once more.", readBoth);
      await dialog(worker);
      await worker.press("Escape");
      for (const file of files) await of.about(file, { state: "local", verdict: "deny" });
      await worker.idle();
    });

    test("a long input is asked about whole, and can be read whole", async () => {
      const content = Array.from({ length: 1500 }, (_, i) => `line ${i} "quoted" \\ \t é ${"x".repeat(24)}`);
      const file_path = join(worker.home, "worker", "long.txt");
      await says("Write much.", { call: "Write", input: { file_path, content: content.join("\n") } });
      await dialog(worker);
      const { input, request_id } = await of.about("long.txt");
      expect(JSON.parse(input)).toEqual({ file_path, content: content.join("\n") });
      const { content: read } = await lead.session.events.next((event) => event.content.includes(request_id));
      expect(read.length).toBeLessThan(6_000);
      await decide("long.txt", "allow");
      await worker.saw((heard) => heard.results.some(({ text }) => text.includes("long.txt")));
      expect(await Bun.file(file_path).text()).toBe(content.join("\n"));
      await worker.idle();
    });

    /** Has a subagent do what asks. */
    async function delegates(text: string, command: string) {
      world.model.script("worker", ({ text: heard, results, body }) => {
        if (results.length > 0) return [];
        const input = { description: "work", prompt: "Do the work.", subagent_type: "general-purpose" };
        if (heard.includes(text)) return [{ call: "Agent", input }];
        const isSubagent = !JSON.stringify(body.messages).includes("Delegate");
        return isSubagent ? [{ waitMs: 500 }, { call: "Bash", input: { command } }] : [];
      });
      await worker.type(text);
    }

    test("a background subagent's prompt, which its client does not even show yet, is decided remotely", async () => {
      await delegates("Delegate it.", "touch delegated; echo made delegated");
      await decide("delegated", "allow");
      await worker.saw(returned("made delegated"));
      await worker.saw(/<task-notification>/);

      await delegates("Delegate that.", "touch refused; echo made refused");
      await of.about("refused");
      await worker.type("And how are you?"); // what the session itself does meanwhile is no answer
      await worker.saw("And how are you?");
      await decide("refused", "deny", "No such work.");
      await worker.saw(returned("No such work."));
      // Its client writes what came of it into a file of the subagent: nothing is claimed.
      for (const about of ["delegated", "refused"]) await of.about(about, { state: "given", by: "lead" });
    });

    // Once is enough for so long a wait.
    if (version !== versions[0]) return;
    test("and comes to its own dialog when nobody decided in time", async () => {
      await delegates("Delegate more.", "touch patient; echo made patient");
      await of.about("patient");
      await worker.shows(/Do you want to proceed/, { timeoutMs: 60_000 });
      await of.about("patient", { state: "withdrawn" });
      await dialog(worker);
      await worker.press("Enter");
      await worker.saw(returned("made patient"));
    });
  });
}
