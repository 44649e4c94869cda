/** What another session's `who` says of a real client, through everything that a person does to it. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { until as runs } from "../support/processes.ts";
import type { Client } from "./client.ts";
import { copyPlugin } from "./copy.ts";
import { type Observer, openObserver } from "./observer.ts";
import { running } from "./processes.ts";
import { call, returned, type Script } from "./script.ts";
import { startSession } from "./session.ts";
import { runsHere, versions } from "./versions.ts";
import { openWorld, type World } from "./world.ts";

setDefaultTimeout(120_000);

// A dialog that has just opened takes no keys: what was typed before must not answer it.
const graceMs = 600;

/** Runs until its gate is opened: a tool is told of every two seconds at most, and then at a poll. */
const until = (gate: string) => `bun gate.ts ${gate}`;
const gateProgram = `import { existsSync } from "node:fs";
  while (!existsSync(process.argv[2])) await Bun.sleep(20);`;

/** Not allowed beforehand, so it opens a dialog. */
const asking = (name: string) =>
  call("Bash", { command: `touch ${name}; ${until("allowed-now")}; echo touched` });

for (const version of versions) {
  describe.if(runsHere(version))(`Claude Code ${version}`, () => {
    let world: World;
    let plugin: string;
    let watcher: Observer;
    let worker: Client;
    const lags: string[] = [];

    beforeAll(async () => {
      world = await openWorld(version);
      plugin = await copyPlugin(world);
      watcher = await openObserver(world, "watcher", { plugin });
      const args = ["--permission-mode", "default", "--allowedTools", "Bash(bun:*)"];
      worker = await startSession(world, { name: "worker", version, plugin, args });
      await Bun.write(inFolder("gate.ts"), gateProgram);
    });
    afterAll(async () => {
      await watcher?.stop();
      await world?.close();
      if (lags.length > 0) console.log(`Claude Code ${version}, until who says so: ${lags.join(", ")}`);
    });

    const inFolder = (name: string) => join(worker.home, "worker", name);
    const open = (gate: string) => Bun.write(inFolder(gate), "");

    /** Notes how fast `who` was after what was just done. */
    async function shows(after: string, wanted: { presence: string; on?: string }) {
      const ms = await watcher.sees("worker", wanted);
      lags.push(`${wanted.presence} after ${after} ${ms.toFixed(0)} ms`);
    }

    async function opensDialog(name: string) {
      await worker.type(asking(name));
      await worker.shows(/Do you want to (proceed|allow|use)/);
      await shows("a dialog", { presence: "blocked", on: "Bash" });
      await Bun.sleep(graceMs);
    }

    test("a session with a tool in hand is busy with it, and idle when its turn ends", async () => {
      await worker.type(call("Bash", { command: `${until("ended")}; echo worked` }));
      await shows("a tool's start", { presence: "busy", on: "Bash" });
      await open("ended");
      await worker.saw(returned("worked"));
      await shows("the last answer", { presence: "idle" });
    });

    test("an open prompt says blocked, the tool that was then allowed says busy", async () => {
      await opensDialog("allowed");
      await worker.press("Enter");
      await shows("it was allowed", { presence: "busy", on: "Bash" });
      await open("allowed-now");
      await worker.saw(returned("touched"));
      await shows("the tool that was allowed", { presence: "idle" });
    });

    test("a prompt answered with No leaves the session idle", async () => {
      await opensDialog("refused");
      const no = /(\d)\. No/.exec(await worker.screen())?.[1] ?? "";
      await worker.press(no);
      await shows("No", { presence: "idle" });
      await worker.idle();
    });

    test("Escape leaves the session idle, at an open prompt and during a tool", async () => {
      await opensDialog("escaped");
      await worker.press("Escape");
      await shows("Escape at a dialog", { presence: "idle" });
      await worker.idle();

      await worker.type(call("Bash", { command: "sleep 20; echo too late" }));
      await runs("it runs", () => running(world.folder).some(({ command }) => command === "sleep 20"));
      await watcher.sees("worker", { presence: "busy" });
      await worker.press("Escape");
      await shows("Escape during a tool", { presence: "idle" });
      await worker.idle();
    });

    test("Escape in the middle of an answer, and before its first word, leaves the session idle", async () => {
      await worker.type("[[say Once upon a time]] [[wait 15000]]");
      await worker.shows(/^\W*Once upon a time/m);
      await watcher.sees("worker", { presence: "busy" });
      await worker.press("Escape");
      await shows("Escape during an answer", { presence: "idle" });
      await worker.idle();

      await worker.type("Think long. [[wait 15000]]");
      await worker.saw("Think long.");
      await watcher.sees("worker", { presence: "busy" });
      await worker.press("Escape");
      await shows("Escape before the first word", { presence: "idle" });
      await worker.press("C-u"); // the prompt went back into the input box
      await worker.idle();
    });

    test("a question to the person says blocked, and Escape ends it", async () => {
      const options = ["Red", "Green"].map((label) => ({ label, description: label }));
      const questions = [{ question: "Which?", header: "Colour", multiSelect: false, options }];
      await worker.type(call("AskUserQuestion", { questions }));
      await shows("a question", { presence: "blocked", on: "AskUserQuestion" });
      await worker.shows("Green");
      await Bun.sleep(graceMs);
      await worker.press("Escape");
      await shows("Escape at a question", { presence: "idle" });
      await worker.idle();
    });

    test("an API error ends the turn", async () => {
      world.model.script("worker", ({ text }) => (text.includes("Go wrong.") ? [{ fail: 400 }] : []));
      await worker.type("Go wrong.");
      await worker.shows("scripted failure 400");
      await shows("an API error", { presence: "idle" });
      world.model.script("worker", () => []);
    });

    test("/clear, /compact and /resume leave the session idle", async () => {
      for (const words of ["One.", "Two.", "Three."]) {
        await worker.type(words);
        await worker.saw(words);
        await worker.idle();
      }
      await worker.type("/compact");
      await worker.shows(/Compacted|Conversation compacted/i, { timeoutMs: 20_000 });
      await answers("/compact");
      await worker.type("/clear");
      await worker.idle();
      await answers("/clear");
      await worker.type("/resume");
      await worker.shows("Resume session");
      await Bun.sleep(graceMs);
      await worker.press("Enter");
      await worker.idle();
      await answers("/resume");
    });

    /** Idle now, busy with a prompt, and idle when that is answered. */
    async function answers(after: string) {
      expect((await watcher.who("worker")).presence).toBe("idle");
      const { promise: told, resolve: goOn } = Promise.withResolvers<void>();
      world.model.script("worker", () => [{ until: told }]);
      await worker.type(`Still there after ${after}?`);
      await shows(`a prompt after ${after}`, { presence: "busy" });
      world.model.script("worker", () => []);
      goOn();
      await shows("its answer", { presence: "idle" });
    }

    test("a subagent's prompt says blocked while its session is idle, and its end says nothing wrong", async () => {
      world.model.script("worker", delegating);
      await worker.type("Delegate it.");
      await worker.saw(/Touch the file/);
      await shows("a subagent's dialog", { presence: "blocked", on: "Bash" });
      await worker.shows(/Do you want to (proceed|allow|use)/);
      await Bun.sleep(graceMs);
      await worker.press("Enter");
      await worker.saw(/<task-notification>/);
      await shows("a subagent's end", { presence: "idle" });
      expect((await watcher.who("worker")).on).toBeUndefined();
    });

    test("a client that was killed is closed, and not deaf", async () => {
      process.kill(worker.pid, "SIGKILL");
      await shows("kill -9", { presence: "closed" });
    });
  });
}

/** Has a subagent do what opens a dialog. */
const delegating: Script = ({ text, results }) => {
  if (results.length > 0) return [];
  if (text.includes("Delegate it.")) {
    const input = { description: "touch", prompt: "Touch the file.", subagent_type: "general-purpose" };
    return [{ call: "Agent", input }];
  }
  if (!text.includes("Touch the file.") || text.includes("<task-notification>")) return [];
  return [{ waitMs: 1500 }, { call: "Bash", input: { command: "touch delegated; echo touched by it" } }];
};
