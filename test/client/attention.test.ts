/** What interrupts a real client and what does not, and what its sender and its person hear of it. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Client } from "./client.ts";
import { copyPlugin } from "./copy.ts";
import type { Heard } from "./model.ts";
import { type Observer, openObserver } from "./observer.ts";
import { call, type Script, tool } from "./script.ts";
import { startSession } from "./session.ts";
import { runsHere, versions } from "./versions.ts";
import { openWorld, type World } from "./world.ts";

setDefaultTimeout(120_000);

const limit = 3;

// What is told here is the server's doing, not the client's: one version does.
for (const version of versions.slice(0, 1)) {
  describe.if(runsHere(version))(`Claude Code ${version}`, () => {
    let world: World;
    let lead: Observer;
    let alice: Client;
    /** Was to be called alice too. */
    let second: Client;

    beforeAll(async () => {
      world = await openWorld(version);
      const plugin = await copyPlugin(world);
      const env = { CC_DM_REPLY_LIMIT: String(limit) };
      lead = await openObserver(world, "lead", { plugin });
      alice = await startSession(world, { name: "alice", version, plugin, env });
      second = await startSession(world, {
        name: "second",
        version,
        plugin,
        env: { ...env, CC_DM_SESSION_NAME: "alice" },
      });
    });
    afterAll(async () => {
      await lead?.stop();
      await world?.close();
    });

    const notices = () =>
      lead.session.events.all
        .filter(({ meta }) => meta.from_session === "cc-dm")
        .map(({ content }) => content);

    test("the person and the model hear that a taken name became a variant", async () => {
      await second.type("Who am I?");
      const asked = await second.saw("Who am I?");
      expect(JSON.stringify(asked.body.messages).replaceAll('\\"', '"')).toContain(
        'this one became "alice-2"',
      );
      await second.shows('cc-dm: "alice" is held by another live session, so this session is "alice-2".');
    });

    test("a sender that asked hears once that its message was seen, and once that its reader is idle again", async () => {
      await lead.sees("alice-2", { presence: "idle" }); // else the end of its turn brings it, and seen is idle
      const { promise: told, resolve: goOn } = Promise.withResolvers<void>();
      world.model.script("second", ({ text }) => (text.includes("when done.") ? [{ until: told }] : []));
      const seen = await lead.dm("alice", "Tell me when seen.", { notify: "seen" });
      const idle = await lead.dm("alice-2", "Tell me when done.", { notify: "idle" });
      await lead.session.events.next(({ content }) => content.includes(seen));
      await second.saw("Tell me when done.");
      await lead.told(idle, { state: "seen" });
      await lead.sees("alice-2", { presence: "busy" });
      expect(notices().filter((notice) => notice.includes(idle))).toEqual([]);
      goOn();
      await lead.session.events.next(({ content }) => content.includes(idle));
      expect(await lead.who("alice-2")).toMatchObject({ presence: "idle" });
      await Bun.sleep(1_200); // two polls more
      expect(notices()).toEqual([
        expect.stringMatching(new RegExp(`alice has seen it at .*by wake, evidence: prompt.*${seen}`, "s")),
        expect.stringMatching(new RegExp(`alice-2 is idle since .*${idle}`, "s")),
      ]);
    });

    test("a message that nobody read in time comes back, and so does one of a sender that was blocked", async () => {
      const late = await lead.dm("alice", "Too late.", { priority: "low", ttl_s: 1 });
      const expired = await lead.session.events.next(({ content }) => content.includes(late));
      expect(expired.content).toContain("expired after 1 s");
      expect(await lead.receipt(late)).toMatchObject({ state: "expired" });

      await alice.type(call("block", { name: "lead" }));
      await alice.shows(/Do you want to (proceed|allow|use)/);
      const waits = await lead.dm("alice", "Still waiting.", { priority: "low" });
      await Bun.sleep(600); // a dialog that has just opened takes no keys
      await alice.press("Enter");
      const refused = await lead.session.events.next(({ content }) => content.includes(waits));
      expect(refused.content).toMatch(/refuse|block/i);
      expect(await lead.receipt(waits)).toMatchObject({ state: "refused" });
      expect((await lead.session.refused("dm", { to: "alice", content: "And now?" })).code).toBe("blocked");
    });

    test("two sessions that only thank each other are held back, and work lets them go on", async () => {
      await Promise.all([alice.idle(), second.idle()]);
      world.model.script("alice", thanking());
      world.model.script("second", thanking());
      await alice.type(call("dm", { to: "alice-2", content: "Thank you, 0." }));
      const last = await second.saw(/^Thank you, 4\./m, { timeoutMs: 60_000 });
      const at = (number: number) => thanks(world.model.log, number)?.at ?? Number.NaN;
      for (const number of [1, 2, 3])
        expect(thanks(world.model.log, number)?.text).not.toContain("in a row without any work");
      expect(at(4) - at(3)).toBeGreaterThan(2_000);
      expect(last.text).toContain("This is answer 4 in a row without any work between them");
      const told = await alice.saw(({ results }) =>
        results.some(({ text }) => text.includes("4 answers in a row")),
      );
      expect(told.results.map(({ text }) => text).join()).toContain(
        "Stop here unless there is something to do.",
      );

      world.model.script("alice", thanking({ work: true }));
      const freed = await second.saw(/^Thank you, 6\./m, { timeoutMs: 60_000 });
      expect(freed.text).not.toContain("in a row without any work");
      world.model.script("alice", () => []);
      world.model.script("second", () => []);
    });
  });
}

/** The request in which this thank-you was new, to whichever model. */
function thanks(log: readonly Heard[], number: number): Heard | undefined {
  return log.find((heard) => new RegExp(`^Thank you, ${number}\\.`, "m").test(heard.text));
}

/** Answers every message with a thank-you, after some work or none. */
function thanking({ work = false } = {}): Script {
  return ({ text }) => {
    const [, id, number] = / · reply with message_id (\S+).*\n\nThank you, (\d+)\./.exec(text) ?? [];
    if (id === undefined) return [];
    const reply = {
      call: tool("reply"),
      input: { message_id: id, content: `Thank you, ${Number(number) + 1}.` },
    };
    return work ? [{ call: "Bash", input: { command: "echo worked" } }, reply] : [reply];
  };
}
