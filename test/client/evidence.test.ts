/** Mail in every state of a real client: read once, in order, and its sender told how it is known. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Client } from "./client.ts";
import { copyPlugin } from "./copy.ts";
import { type Observer, openObserver } from "./observer.ts";
import { call, returned } from "./script.ts";
import { startSession } from "./session.ts";
import { runsHere, versions } from "./versions.ts";
import { openWorld, type World } from "./world.ts";

setDefaultTimeout(120_000);

const dialog = /Do you want to (proceed|allow|use)/;
// A dialog that has just opened takes no keys: what was typed before must not answer it.
const graceMs = 600;
const repeat = "repeat: may have been shown before";

for (const version of versions) {
  describe.if(runsHere(version))(`Claude Code ${version}`, () => {
    let world: World;
    let lead: Observer;
    let bob: Client;

    beforeAll(async () => {
      world = await openWorld(version);
      const plugin = await copyPlugin(world);
      const env = { CC_DM_MAX_CHARS: "100000" };
      lead = await openObserver(world, "lead", { plugin, env });
      bob = await startSession(world, { name: "bob", version, plugin, env });
    });
    afterAll(async () => {
      await lead?.stop();
      await world?.close();
    });

    /** In how many requests of bob's the text was new. */
    const reads = (text: string) =>
      world.model.log.filter((heard) => heard.client === "bob" && heard.tools && heard.text.includes(text))
        .length;

    /** How often the text stands in what bob's model was last given. */
    const stands = (text: string) => {
      const last = world.model.log.findLast((heard) => heard.client === "bob" && heard.tools);
      return JSON.stringify(last?.body.messages).split(text).length - 1;
    };

    /** Between turns, and the hooks of the last one done. */
    async function rest() {
      await bob.idle();
      await lead.sees("bob", { presence: "idle" });
    }

    async function touchedAfter(before: number): Promise<void> {
      const clients = join(world.bus, "clients");
      for (const deadline = performance.now() + 5_000; performance.now() < deadline; await Bun.sleep(5)) {
        const times = (await readdir(clients)).map(
          (one) => statSync(join(clients, one, "cc-dm.wake"), { throwIfNoEntry: false })?.mtimeMs ?? 0,
        );
        if (Math.max(...times) > before) return;
      }
      throw new Error("the wake file was not touched");
    }

    test("a wake is proved by the prompt it comes back in, and the person sees who wrote", async () => {
      const id = await lead.dm("bob", "The build is green.");
      expect((await bob.saw("The build is green.")).text).toContain("<task-notification>");
      expect(await lead.told(id, { state: "seen" })).toMatchObject({ path: "wake", evidence: "prompt" });
      await bob.shows("✉ lead: The build is green.");
    });

    test("ten messages in one burst come as one turn, in order, and each is seen", async () => {
      await rest();
      const texts = Array.from({ length: 10 }, (_, i) => `Burst message ${i} of ten.`);
      const ids = await Promise.all(texts.map((text) => lead.dm("bob", text)));
      const { text } = await bob.saw("Burst message 9 of ten.");
      expect(
        [...text.matchAll(/^Burst message (\d) of ten\.$/gm)].map(([, number]) => Number(number)),
      ).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      for (const id of ids) expect(await lead.told(id, { state: "seen" })).not.toHaveProperty("offers");
      for (const one of texts) expect(reads(one)).toBe(1);
    });

    test("mail during a turn comes with the next tool batch, as context of its hook", async () => {
      await rest();
      await bob.type(call("Bash", { command: "sleep 2; echo slept enough" }));
      await lead.sees("bob", { presence: "busy" });
      const id = await lead.dm("bob", "While you work.");
      const read = await bob.saw("While you work.");
      expect(read.text).toContain("PostToolBatch hook additional context: 1 cc-dm message.");
      expect(read.results.map((result) => result.text)).toEqual([expect.stringContaining("slept enough")]);
      expect(await lead.told(id, { state: "seen" })).toMatchObject({ path: "turn" });
      await bob.shows("✉ lead: While you work.");
      await rest();
      expect(reads("While you work.")).toBe(1);
    });

    test("mail during the last answer prolongs the turn", async () => {
      await rest();
      await bob.type("[[wait 1500]] [[say The answer.]]");
      await lead.sees("bob", { presence: "busy" });
      const id = await lead.dm("bob", "One more thing.");
      const read = await bob.saw("One more thing.");
      expect(read.text).toContain("Stop hook additional context: 1 cc-dm message.");
      expect(await lead.told(id, { state: "seen" })).toMatchObject({ path: "turn" });
      await rest();
      expect(reads("One more thing.")).toBe(1);
    });

    test("low mail comes neither by a wake nor with a tool, but along with other mail and before it", async () => {
      await rest();
      await bob.type(call("Bash", { command: "sleep 2; echo slept again" }));
      await lead.sees("bob", { presence: "busy" });
      const low = await lead.dm("bob", "No hurry at all.", { priority: "low" });
      const batch = await bob.saw(returned("slept again"));
      await rest();
      expect(batch.text).not.toContain("No hurry");
      expect(await lead.receipt(low)).toMatchObject({ state: "queued" });
      await lead.dm("bob", "Now there is.");
      const read = await bob.saw("Now there is.");
      expect(read.text).toMatch(/No hurry at all\.[\s\S]*Now there is\./);
      await lead.told(low, { state: "seen" });
    });

    test("where no mail waits, hooks show nothing to the person and add nothing for the model", async () => {
      await rest();
      await bob.type(call("Bash", { command: "echo quiet turn" }));
      const read = await bob.saw(returned("quiet turn"));
      await rest();
      const screen = (await bob.screen()).split("echo quiet turn").at(-1) ?? "";
      expect(screen).not.toMatch(/hook|cc-dm|✉/i);
      expect(read.text).not.toMatch(/hook/i);
    });

    test("low mail comes with the person's next prompt", async () => {
      await rest();
      const id = await lead.dm("bob", "For your next prompt.", { priority: "low" });
      await bob.type("What is new?");
      const read = await bob.saw("For your next prompt.");
      expect(read.text).toContain("What is new?");
      expect(read.text).toContain("UserPromptSubmit hook additional context: 1 cc-dm message.");
      expect(await lead.told(id, { state: "seen" })).toMatchObject({ path: "turn" });
    });

    test("mail given with a prompt that Escape took back is offered again, marked, and counts only then", async () => {
      await rest();
      const id = await lead.dm("bob", "Given and taken back.", { priority: "low" });
      await bob.type("Think first. [[wait 8000]]");
      await bob.saw("Given and taken back.");
      await bob.press("Escape");
      await lead.sees("bob", { presence: "idle" });
      expect((await lead.receipt(id)).state).toBe("handed");
      await bob.press("C-u");
      await bob.type("Something else.");
      const again = await bob.saw((heard) => /Something else\./.test(heard.text));
      expect(again.text).toContain(repeat);
      expect(stands("Given and taken back.")).toBe(1);
      expect(await lead.told(id, { state: "seen" })).toMatchObject({ path: "turn", offers: 2 });
    });

    test("mail during an open prompt of the client waits for it, and comes with the tool that was allowed", async () => {
      await rest();
      await bob.type(call("Bash", { command: "touch allowed; echo touched one" }));
      await bob.shows(dialog);
      await lead.sees("bob", { presence: "blocked", on: "Bash" });
      const id = await lead.dm("bob", "Behind the dialog.");
      await Bun.sleep(1_500); // longer than a wake takes
      expect(reads("Behind the dialog.")).toBe(0);
      await bob.press("Enter");
      const read = await bob.saw("Behind the dialog.");
      expect(read.results.map((result) => result.text)).toEqual([expect.stringContaining("touched one")]);
      await lead.told(id, { state: "seen" });
      await rest();
      expect(reads("Behind the dialog.")).toBe(1);
    });

    test("mail during an open prompt that Escape ends starts a turn of its own", async () => {
      await rest();
      await bob.type(call("Bash", { command: "touch escaped; echo touched two" }));
      await bob.shows(dialog);
      await lead.sees("bob", { presence: "blocked", on: "Bash" });
      const id = await lead.dm("bob", "Behind the escape.");
      await Bun.sleep(graceMs);
      await bob.press("Escape");
      const read = await bob.saw("Behind the escape.");
      expect(read.text).toContain("<task-notification>");
      expect(await lead.told(id, { state: "seen" })).toMatchObject({ path: "wake", evidence: "prompt" });
      await rest();
      expect(reads("Behind the escape.")).toBe(1);
    });

    test("a message of 60,000 characters arrives whole, at an idle session and within a turn", async () => {
      await rest();
      const long = (mark: string) => `${mark} begins. ${"All of this counts. ".repeat(3_000)}${mark} ends.`;
      const first = await lead.dm("bob", long("First"));
      expect((await bob.saw("First ends.")).text).toContain(long("First"));
      expect(await lead.told(first, { state: "seen" })).not.toHaveProperty("offers");
      await rest();
      await bob.type(call("Bash", { command: "sleep 4; echo long sleep" }));
      await lead.sees("bob", { presence: "busy" });
      const second = await lead.dm("bob", long("Second"));
      const read = await bob.saw("Second ends.");
      expect(read.text).toContain(long("Second"));
      expect(await lead.told(second, { state: "seen" })).not.toHaveProperty("offers");
      await rest();
      expect([reads("First ends."), reads("Second ends.")]).toEqual([1, 1]);
    });

    for (const afterMs of [80, 640]) {
      test(`mail that /clear meets ${afterMs} ms after the wake file's touch is read once`, async () => {
        await rest();
        const earlier = `Said ${afterMs} before.`;
        await bob.type(earlier);
        await bob.saw(earlier);
        await rest();
        const before = Date.now();
        await bob.press("/clear");
        await Bun.sleep(300);
        const text = `Cleared after ${afterMs} ms.`;
        const id = await lead.dm("bob", text);
        await touchedAfter(before);
        await Bun.sleep(afterMs);
        await bob.press("Enter");
        await bob.saw(text);
        expect(await lead.told(id, { state: "seen" })).toMatchObject({ path: "wake", evidence: "prompt" });
        await Bun.sleep(1_500);
        await rest();
        expect(reads(text)).toBe(1);
        await bob.type(`Said ${afterMs} after.`);
        await bob.saw(`Said ${afterMs} after.`);
        expect(stands(earlier)).toBe(0); // it was cleared
      });
    }

    test("no hook complained", async () => {
      expect(await bob.screen()).not.toMatch(/hook (failed|error)|not connected/);
    });
  });
}
