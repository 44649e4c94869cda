/** Mail that meets what a person or the client does at that very moment. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Client } from "./client.ts";
import { copyPlugin } from "./copy.ts";
import { type Observer, openObserver } from "./observer.ts";
import { call, returned } from "./script.ts";
import { startSession } from "./session.ts";
import { runsHere, versions } from "./versions.ts";
import { openWorld, type World } from "./world.ts";

setDefaultTimeout(120_000);

const repeat = "repeat: may have been shown before";

for (const version of versions) {
  describe.if(runsHere(version))(`Claude Code ${version}`, () => {
    let world: World;
    let lead: Observer;
    let bob: Client;
    let plugin: string;

    beforeAll(async () => {
      world = await openWorld(version);
      plugin = await copyPlugin(world);
      lead = await openObserver(world, "lead", { plugin });
      bob = await startSession(world, { name: "bob", version, plugin });
      await bob.type("Good morning.");
      await bob.saw("Good morning.");
    });
    afterAll(async () => {
      await lead?.stop();
      await world?.close();
    });

    const requests = (text: string) =>
      world.model.log.filter((heard) => heard.client === "bob" && heard.tools && heard.text.includes(text));

    /** How often the text stands in what bob's model was last given. */
    const stands = (text: string) => {
      const last = world.model.log.findLast((heard) => heard.client === "bob" && heard.tools);
      return JSON.stringify(last?.body.messages).split(text).length - 1;
    };

    async function rest() {
      world.model.script("bob", () => []);
      await bob.idle();
      await lead.sees("bob", { presence: "idle" });
    }

    test("mail given with a tool's result is kept when Escape follows before the next word", async () => {
      await rest();
      world.model.script("bob", ({ results }) => (results.length > 0 ? [{ waitMs: 8_000 }] : []));
      await bob.type(call("Bash", { command: "sleep 2; echo slept" }));
      await lead.sees("bob", { presence: "busy" });
      const id = await lead.dm("bob", "Kept by the batch.");
      await bob.saw("Kept by the batch.");
      await bob.press("Escape");
      await lead.told(id, { state: "seen" });
      world.model.script("bob", () => []);
      await rest();
      await bob.type("Go on.");
      const next = await bob.saw((heard) => heard.text.includes("Go on."));
      expect(stands("Kept by the batch.")).toBe(1);
      expect(JSON.stringify(next.body.messages)).not.toContain(repeat);
    });

    test("mail given with a prompt that an API error ended is kept", async () => {
      await rest();
      const id = await lead.dm("bob", "Kept through the error.", { priority: "low" });
      world.model.script("bob", () => [{ fail: 400 }]);
      await bob.type("Go wrong.");
      await bob.shows("scripted failure 400");
      world.model.script("bob", () => []);
      await lead.told(id, { state: "seen" });
      await rest();
      await bob.type("And now?");
      const next = await bob.saw((heard) => heard.text.includes("And now?"));
      expect(stands("Kept through the error.")).toBe(1);
      expect(JSON.stringify(next.body.messages)).not.toContain(repeat);
    });

    test("a wake whose turn Escape ends before the first word was read, and is not repeated", async () => {
      await rest();
      world.model.script("bob", ({ text }) => (text.includes("Read at once.") ? [{ waitMs: 8_000 }] : []));
      const id = await lead.dm("bob", "Read at once.");
      await bob.saw("Read at once.");
      await bob.press("Escape");
      world.model.script("bob", () => []);
      await lead.told(id, { state: "seen", evidence: "prompt" });
      await rest();
      await bob.type("What was that?");
      await bob.saw((heard) => heard.text.includes("What was that?"));
      expect(stands("Read at once.")).toBe(1);
    });

    test("a prompt typed during a turn takes no mail along twice", async () => {
      await rest();
      await bob.type(call("Bash", { command: "sleep 3; echo slept on" }));
      await lead.sees("bob", { presence: "busy" });
      const low = await lead.dm("bob", "Low while busy.", { priority: "low" });
      const normal = await lead.dm("bob", "Normal while busy.");
      await bob.type("Typed while busy.");
      await bob.saw("Typed while busy.");
      await lead.told(low, { state: "seen" });
      await lead.told(normal, { state: "seen" });
      await rest();
      for (const text of ["Low while busy.", "Normal while busy.", "Typed while busy."]) {
        expect(requests(text)).toHaveLength(1);
      }
    });

    test("mail that comes with every answer prolongs a turn four times, and none is lost", async () => {
      await rest();
      const texts = Array.from({ length: 6 }, (_, i) => `Chatter ${i}.`);
      let sent = 0;
      world.model.script("bob", ({ text }) =>
        /Listen\.|Chatter \d\./.test(text) && sent < texts.length
          ? [{ until: lead.dm("bob", texts[sent++] ?? "") }, { say: "Well." }]
          : [],
      );
      await bob.type("Listen.");
      for (const text of texts) await bob.saw(text);
      world.model.script("bob", () => []);
      await rest();
      for (const text of texts) expect(requests(text)).toHaveLength(1);
      const by = texts.map((text) =>
        requests(text)[0]?.text.includes("<task-notification>") ? "wake" : "stop",
      );
      expect(by).toEqual(["stop", "stop", "stop", "stop", "wake", "stop"]);
    });

    test("started again with --continue, a client shows no complaint, and mail comes as ever", async () => {
      process.kill(bob.pid, "SIGKILL");
      await lead.sees("bob", { presence: "closed" });
      await world.terminal.close("bob");
      bob = await startSession(world, {
        name: "bob",
        version,
        plugin,
        args: ["--permission-mode", "default", "--continue"],
      });
      const id = await lead.dm("bob", "Welcome back.");
      await bob.saw("Welcome back.");
      await lead.told(id, { state: "seen" });
      await rest();
      expect(stands("Good morning.")).toBe(1); // the conversation of before
      expect(await bob.screen()).not.toMatch(/hook (failed|error)|not connected/);
    });

    test("a background subagent is given no mail: it wakes the session itself", async () => {
      await rest();
      let isRead = false; // until then the subagent goes on, so that its batches meet the mail
      world.model.script("bob", ({ text, body }) => {
        if (text.includes("Delegate it.")) {
          const input = { description: "work", prompt: "Work a while.", subagent_type: "general-purpose" };
          return [{ call: "Agent", input }];
        }
        const isSubagent = !JSON.stringify(body.messages).includes("Delegate it.");
        if (!isSubagent || isRead) return [];
        return [{ call: "Bash", input: { command: "sleep 0.2; echo worked" } }];
      });
      await bob.type("Delegate it.");
      await bob.saw(returned("worked"));
      await lead.sees("bob", { presence: "idle" }); // else the end of its own turn brings it
      const id = await lead.dm("bob", "For the session itself.");
      const read = await bob.saw("For the session itself.");
      isRead = true;
      expect(read.text).toContain("<task-notification>");
      expect(read.results).toEqual([]);
      expect(await lead.told(id, { state: "seen" })).toMatchObject({ path: "wake", evidence: "prompt" });
      await bob.saw(/Agent "work" finished/);
      expect(requests("For the session itself.")).toHaveLength(1);
    });
  });
}
