/**
 * What every engine behind plugin/bus/bus.ts must do. An engine's own test hands in how to open
 * connections to one fresh store; every case has two of them, because one alone hides locking and
 * wake-up.
 */
import { describe, test } from "bun:test";
import type { Bus } from "../../plugin/bus/bus.ts";
import type { Clock } from "../../plugin/core/clock.ts";
import { type FakeClock, fakeClock } from "../fakes/clock.ts";
import { boot } from "../fakes/people.ts";
import { claiming } from "./contract/claiming.ts";
import { clients } from "./contract/clients.ts";
import { erasing } from "./contract/erasing.ts";
import { errands } from "./contract/errands.ts";
import { evidence } from "./contract/evidence.ts";
import { expiry } from "./contract/expiry.ts";
import { history } from "./contract/history.ts";
import { journal } from "./contract/journal.ts";
import { mailboxes } from "./contract/mailboxes.ts";
import { moving } from "./contract/moving.ts";
import { news } from "./contract/news.ts";
import { person } from "./contract/person.ts";
import { posts } from "./contract/posts.ts";
import { pruning } from "./contract/pruning.ts";
import { refusing } from "./contract/refusing.ts";
import { relay } from "./contract/relay.ts";
import { renaming } from "./contract/renaming.ts";
import { roster } from "./contract/roster.ts";
import { transcripts } from "./contract/transcripts.ts";
import { watching } from "./contract/watching.ts";

export interface Engine {
  /** A connection of its own to the one store of this test. */
  connect(options: { readonly clock: Clock; readonly boot: string }): Promise<Bus>;
  /** Removes the store, once all connections are ended. @throws if something was left behind. */
  remove(): Promise<void>;
}

export interface World {
  readonly a: Bus;
  readonly b: Bus;
  readonly clock: FakeClock;
  /** One more connection, perhaps of a process that runs after a restart of the machine. */
  connect(boot?: string): Promise<Bus>;
}

export type Case = (name: string, run: (world: World) => Promise<void>) => void;

export function contract(engine: string, make: () => Promise<Engine>): void {
  const it: Case = (name, run) => {
    test(name, async () => {
      const store = await make();
      const clock = fakeClock();
      const open: Bus[] = [];
      const connect = async (of = boot): Promise<Bus> => {
        const bus = await store.connect({ clock, boot: of });
        open.push(bus);
        return bus;
      };
      try {
        await run({ a: await connect(), b: await connect(), clock, connect });
      } finally {
        for (const bus of open) bus.end();
        await store.remove();
      }
    });
  };
  const parts = {
    roster,
    renaming,
    mailboxes,
    person,
    errands,
    posts,
    claiming,
    news,
    evidence,
    watching,
    refusing,
    moving,
    history,
    journal,
    clients,
    transcripts,
    expiry,
    pruning,
    erasing,
    relay,
  };
  describe(engine, () => {
    for (const [name, part] of Object.entries(parts)) describe(name, () => part(it));
  });
}
