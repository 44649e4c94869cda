/**
 * The bus as a machine of states, told random stories of sends, claims, evidence, crashes, restarts,
 * renames and clock jumps; after every step its file is held against what is promised.
 *
 * `CC_DM_TEST_STORIES=5000 bun test test/bus/machine.test.ts` tells more; a failure prints its seed.
 */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { handover } from "../../plugin/core/frame.ts";
import { receive } from "../../plugin/policy/receive.ts";
import { join } from "../fakes/people.ts";
import { type Step, story } from "./machine/deeds.ts";
import { check } from "./machine/promises.ts";
import { watcher } from "./machine/rows.ts";
import type { Happening } from "./machine/spy.ts";
import { type Memory, memory, type Stretch } from "./machine/stretch.ts";
import { type Town, town } from "./machine/town.ts";

const stories = Number(process.env.CC_DM_TEST_STORIES ?? 300);

/** Counts what the stories brought about, so that a story in which nothing happens is no proof. */
type Tally = Record<string, number>;

async function tellStory(steps: readonly Step[], tally: Tally): Promise<void> {
  const happened: Happening[] = [];
  const place = town((one) => void happened.push(one));
  try {
    await place.open();
    const known = memory();
    const file = watcher(place.path);
    try {
      let lived = 0;
      let before = file.look();
      const compare = (wasLive: Stretch["wasLive"], alone = true) => {
        const after = file.look();
        const now = { wall: place.clock.now(), lived, boot: place.boots() };
        const both = (id: string) =>
          before.sessions.get(id)?.open === 1 && after.sessions.get(id)?.open === 1;
        const stretch = { before, after, happened: happened.splice(0), now, alone };
        check({ ...stretch, wasLive: (id) => wasLive(id) && both(id) }, known);
        count(stretch, tally);
        before = after;
      };
      for (const step of steps) {
        const live = alive(place);
        if (step.at === "later") {
          await place.clock.pass(step.ms);
          lived += step.ms;
        } else if (step.at === "clock set") place.clock.setWall(step.by);
        else if (step.at === "reboot") await place.reboot();
        else await Promise.all(step.deeds.map(place.act));
        compare((id) => live.has(id) && alive(place).has(id), step.at !== "once" || step.deeds.length === 1);
      }
      await empty(place, known, compare);
      const open = [...before.rows.values()].filter((row) => row.open === 1);
      expect(open.map(({ key, state }) => `${key} ${state}`)).toEqual([]);
    } finally {
      file.end();
    }
  } finally {
    place.close();
  }
}

function alive({ runs }: Town): Set<string> {
  return new Set([...runs].filter(([, run]) => run.runs || run.clientRuns).map(([id]) => id));
}

function count({ before, after, happened }: Omit<Stretch, "wasLive">, tally: Tally): void {
  const add = (what: string, n = 1) => {
    tally[what] = (tally[what] ?? 0) + n;
  };
  for (const one of happened) {
    if (one.what === "offered")
      for (const { offers } of one.offers) add(offers > 1 ? "repeats" : "first offers");
    else add(one.what);
  }
  for (const row of after.rows.values()) {
    if (before.rows.get(row.key)?.state !== row.state) add(row.state);
  }
}

/** In the end every mailbox finds a holder that reads it, and nothing is left. */
async function empty(place: Town, known: Memory, compare: (live: () => boolean) => void): Promise<void> {
  const dead = () => false;
  await place.reboot();
  const bus = await place.connect();
  await bus.close((await bus.roster()).map((session) => session.id));
  for (const { name, project } of await bus.closedMailboxes()) {
    const { session } = await join(bus, name, { project, version: "1" });
    compare(dead);
    for (;;) {
      const offers = await receive(
        { bus, session, isPerson: () => false, clock: place.clock, log: () => {} },
        { path: "pull", limit: 7 },
      );
      if (offers.length === 0) {
        compare(dead); // it may have set something aside
        break;
      }
      const again = offers.filter(({ message, addressed }) =>
        known.offered.has(`${message.id} to ${addressed}`),
      );
      expect(handover(offers, { replyLimit: 16 }).split("repeat: may have been shown before")).toHaveLength(
        again.length + 1,
      );
      compare(dead);
      const tokens = offers.map((offer) => offer.token);
      expect(await bus.seen(session.id, tokens, "prompt")).toBe(tokens.length);
      compare(dead);
    }
    await bus.close([session.id]);
  }
}

test(
  "whatever happens in whatever order: nothing is lost, nothing proved is shown again, order holds",
  async () => {
    const tally: Tally = {};
    await fc.assert(
      fc.asyncProperty(story, (steps) => tellStory(steps, tally)),
      { numRuns: stories },
    );
    if (process.env.CC_DM_TEST_STORIES !== undefined) console.warn(tally);
    const brought = ["first offers", "repeats", "requeued", "seen", "replied", "expired", "pruned"];
    expect(brought.filter((what) => !tally[what])).toEqual([]);
  },
  { timeout: 600_000 },
);
