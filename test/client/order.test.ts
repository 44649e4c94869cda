/** Order on a real client, whichever paths a message and its successor take. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Client } from "./client.ts";
import { copyPlugin } from "./copy.ts";
import { type Observer, openObserver } from "./observer.ts";
import { call, returned } from "./script.ts";
import { startSession } from "./session.ts";
import { runsHere, versions } from "./versions.ts";
import { openWorld, type World } from "./world.ts";

setDefaultTimeout(120_000);

for (const version of versions) {
  describe.if(runsHere(version))(`Claude Code ${version}`, () => {
    let world: World;
    let lead: Observer;
    let bob: Client;

    beforeAll(async () => {
      world = await openWorld(version);
      const plugin = await copyPlugin(world);
      lead = await openObserver(world, "lead", { plugin });
      bob = await startSession(world, { name: "bob", version, plugin });
    });
    afterAll(async () => {
      await lead?.stop();
      await world?.close();
    });

    test("a stream of messages into turns, tools and typed prompts is read once and in order", async () => {
      const texts = Array.from({ length: 24 }, (_, i) => `Stream ${i} flows.`);
      const spaces = texts.map((_, i) => [0, 40, 700, 150, 350][i % 5] ?? 0);
      const sending = (async () => {
        for (const [i, text] of texts.entries()) {
          await lead.dm("bob", text, i % 6 === 5 ? { priority: "low" } : {});
          await Bun.sleep(spaces[i] ?? 0);
        }
      })();
      await bob.type(call("Bash", { command: "sleep 1; echo one" }));
      await bob.saw(returned("one"));
      await bob.type("Typed in between.");
      await bob.type(call("Bash", { command: "sleep 1; echo two" }));
      await sending;
      await lead.dm("bob", "The stream ends.");
      await bob.saw("The stream ends.", { timeoutMs: 60_000 });
      await bob.idle();
      const read = world.model.log
        .filter(({ client, tools }) => client === "bob" && tools)
        .flatMap(({ text }) =>
          [...text.matchAll(/^Stream (\d+) flows\.$/gm)].map(([, number]) => Number(number)),
        );
      expect(read).toEqual(texts.map((_, i) => i));
    });
  });
}
