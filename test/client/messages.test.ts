/** The main job on the real client: no channel flag, nothing but hooks and tools. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { type Client, runClient } from "./client.ts";
import { measureLatency, report } from "./latency.ts";
import type { Heard } from "./model.ts";
import { call } from "./script.ts";
import { frameOf, loaded, replying, startSession } from "./session.ts";
import { runsHere, versions } from "./versions.ts";
import { openWorld, type World } from "./world.ts";

setDefaultTimeout(120_000);

/** A permission dialog, in the words of either version. */
const dialog = /Do you want to (proceed|allow|use)/;

for (const version of versions) {
  describe.if(runsHere(version))(`Claude Code ${version}`, () => {
    let world: World;
    let alice: Client;
    let bob: Client;
    let carol: Client;
    let dora: Client;
    const ask = ["--permission-mode", "default"];
    const shop = { version, project: "shop", ...loaded };

    beforeAll(async () => {
      world = await openWorld(version);
      [alice, bob, carol, dora] = await Promise.all([
        startSession(world, { name: "alice", ...shop }),
        startSession(world, { name: "bob", ...shop, args: [...ask, "--allowedTools", "Bash(bun:*)"] }),
        startSession(world, { name: "carol", ...shop }),
        startSession(world, { name: "dora", ...shop, project: "library" }),
      ]);
    });
    afterAll(() => world?.close());

    test("an idle session starts a turn for a message, and its reply is read by the sender", async () => {
      const frame = frameOf("alice", "worker, shop");
      world.model.script("bob", replying(frame, "It listens on 8080.", { times: 1 }));
      await alice.type(call("dm", { to: "bob", content: "Which port does the API listen on?" }));

      const read = await bob.saw("Which port does the API listen on?");
      expect(read.text).toMatch(frame);
      const answer = await alice.saw("It listens on 8080.");
      expect(answer.text).toMatch(frameOf("bob", "worker, shop"));
      expect(outcome(await alice.saw(/"recipients"/))).toMatchObject({
        recipients: [{ name: "bob", presence: "idle" }],
        you: { name: "alice", role: "worker", project: "shop" },
      });
    });

    test("a busy session reads a message together with the result of the tool that runs", async () => {
      const gate = join(world.folder, "gate");
      const waits = `bun -e 'while (!fs.existsSync("${gate}")) await Bun.sleep(50)'`;
      await bob.type(call("Bash", { command: `${waits}; echo slept` }));
      await bob.saw(/fs\.existsSync/);
      const since = now();
      await alice.type(call("dm", { to: "bob", content: "The API moved to port 9090." }));
      await alice.saw(/"recipients"/, { after: since });
      await Bun.write(gate, "");

      const read = await bob.saw("The API moved to port 9090.");
      expect(read.text).toMatch(frameOf("alice", "worker, shop"));
      expect(read.results.map((result) => result.text)).toEqual([expect.stringContaining("slept")]);
    });

    test("a broadcast reaches the sessions of its project and no other", async () => {
      await alice.type(call("broadcast", { content: "Deploy at noon." }));

      const readers = await Promise.all([bob.saw("Deploy at noon."), carol.saw("Deploy at noon.")]);
      for (const read of readers) expect(read.text).toMatch(frameOf("alice", "worker, shop"));
      const sent = outcome(await alice.saw((heard) => /"carol"/.test(resultText(heard))));
      expect(sent.recipients.map(({ name }) => name).sort()).toEqual(["bob", "carol"]);

      await dora.type(`Anything new? ${call("inbox", {})}`);
      const inbox = await dora.saw((heard) => resultText(heard).includes('"you"'));
      expect(outcome(inbox).you.name).toBe("dora");
      expect(JSON.stringify(world.model.log.filter((heard) => heard.client === "dora"))).not.toContain(
        "Deploy at noon",
      );
    });

    test("messages cost no permission click, and what is not about messages still does", async () => {
      for (const client of [alice, bob, carol, dora]) expect(await client.screen()).not.toMatch(dialog);
      await dora.type(call("mute", { name: "alice" }));
      await dora.shows(dialog);
      await dora.press("Escape");
    });

    test("after /clear a session keeps its name, and its model is told who it is by then", async () => {
      await carol.type(call("register", { name: "caroline", role: "tester" }));
      await carol.saw(/"name":"caroline"/);
      await carol.idle();
      const cleared = now();
      await carol.type("/clear");
      await alice.type(call("dm", { to: "caroline", content: "Did you forget me?" }));

      const read = await carol.saw("Did you forget me?", { after: cleared });
      expect(read.body.messages.some((message) => message.role === "assistant")).toBe(false);
      const told = JSON.stringify(read.body.messages).replaceAll('\\"', '"');
      expect(told).toContain('You are "caroline" on cc-dm (role tester, project shop)');
    });

    test("a headless run without a name is on nobody's list", async () => {
      const { promise: looked, resolve: goOn } = Promise.withResolvers<void>();
      world.model.script("headless", ({ results }) =>
        results.some((result) => result.text.includes('"sessions"')) ? [{ until: looked }] : [],
      );
      const commands = `${call("Bash", { command: "sleep 1" })} ${call("who", {})}`;
      const run = runClient(world, { name: "headless", version, ...loaded, args: ["-p", commands] });
      const itself = outcome(await world.model.saw("headless", /"sessions"/));
      expect(itself.sessions.filter(({ you }) => you).map(({ name }) => name)).toEqual([itself.you.name]);

      await alice.type(call("who", {}));
      const seen = outcome(await alice.saw(/"sessions"/));
      expect(seen.sessions.map(({ name }) => name).sort()).toEqual(["alice", "bob", "caroline", "dora"]);
      goOn();
      expect((await run).exit).toBe(0);
    });

    test("mail for a closed session is read when it starts again", async () => {
      await bob.exit();
      await alice.type(call("dm", { to: "bob", content: "The port is 7070 now." }));
      const sent = await alice.saw((heard) => resultText(heard).includes('"closed"'));
      expect(outcome(sent).recipients).toEqual([{ name: "bob", presence: "closed" }]);

      const started = now();
      bob = await startSession(world, { name: "bob", ...shop });
      await bob.type("Good morning.");
      const read = await bob.saw("The port is 7070 now.", { after: started });
      expect(read.text).toMatch(frameOf("alice", "worker, shop"));
    });

    test("an idle session is woken by its wake file, in the time printed here", async () => {
      const laps = await measureLatency(world, { from: carol, to: bob, times: 3 });
      console.log(report(`Claude Code ${version}`, laps));
      for (const lap of laps) expect(lap.fromRingMs).toBeGreaterThan(0);
    });

    test("every message was read once, and no hook complained", async () => {
      const reads = (client: string, content: string) =>
        world.model.log.filter(
          (heard) => heard.client === client && heard.tools && heard.text.includes(content),
        );
      expect(reads("bob", "Which port does the API listen on?")).toHaveLength(1);
      expect(reads("alice", "It listens on 8080.")).toHaveLength(1);
      expect(reads("bob", "The API moved to port 9090.")).toHaveLength(1);
      expect(reads("bob", "Deploy at noon.")).toHaveLength(1);
      expect(reads("carol", "Deploy at noon.")).toHaveLength(1);
      expect(reads("carol", "Did you forget me?")).toHaveLength(1);
      expect(reads("bob", "The port is 7070 now.")).toHaveLength(1);
      for (const client of [alice, bob, carol, dora]) {
        expect(await client.screen()).not.toMatch(/hook (failed|error)|not connected/);
      }
    });
  });
}

function resultText(heard: Heard): string {
  return heard.results.map((result) => result.text).join("\n");
}

interface Outcome {
  readonly you: { readonly name: string };
  readonly recipients: readonly { readonly name: string; readonly presence: string }[];
  readonly sessions: readonly { readonly name: string; readonly you: boolean }[];
}

/** Every result of the plugin is one JSON text. */
function outcome(heard: Heard): Outcome {
  return JSON.parse(resultText(heard)) as Outcome;
}

function now(): number {
  return performance.timeOrigin + performance.now();
}
