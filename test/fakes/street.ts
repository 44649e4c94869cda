import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Bus } from "../../plugin/bus/bus.ts";
import { loadConfig } from "../../plugin/core/config.ts";
import { makeKeys } from "../../plugin/core/keys.ts";
import type { Session } from "../../plugin/core/model.ts";
import { type Life, live } from "../../plugin/delivery/life.ts";
import { bellPath } from "../../plugin/host/bell.ts";
import type { ClientStatus } from "../../plugin/host/status.ts";
import { connection, type House, house } from "./house.ts";
import { joining } from "./people.ts";

/** One whole session, with a connection of its own. */
export interface Lived {
  readonly life: Life;
  readonly bus: Bus;
  readonly pushed: string[];
  readonly tidied: Session[][];
  /** How often it looked for what commands inside its client ask for. */
  errandLooks(): number;
  /** As kill -9 would: no word to anybody. */
  die(): void;
}

/** A house in which whole sessions come and go. */
export interface Street {
  readonly home: House;
  readonly folder: string;
  /** What clients note of themselves. */
  status: ClientStatus | null;
  /** A session that takes channel events or is to be woken. */
  come(
    env?: Readonly<Record<string, string>>,
    more?: { readonly channel?: boolean; readonly wrap?: (bus: Bus) => Bus },
  ): Promise<Lived>;
  /** One that takes channel events and hears no bell. */
  named(name: string): Promise<Lived>;
  end(): Promise<void>;
}

export async function street(): Promise<Street> {
  const home = await house();
  const folder = dirname(home.path);
  for (const name of ["bells", "clients"]) mkdirSync(`${folder}/${name}`);
  const lives: Life[] = [];

  async function come(
    env: Readonly<Record<string, string>> = {},
    { channel = true, wrap = (bus: Bus) => bus } = {},
  ): Promise<Lived> {
    const config = loadConfig({ env: { HOME: folder, CC_DM_HOME: folder, ...env }, args: [] });
    const keys = makeKeys();
    const {
      name: _,
      role: __,
      project: ___,
      startName: ____,
      startRole: _____,
      ...brought
    } = joining("folder", {}, keys);
    const bell = config.values.CC_DM_BELL ? bellPath(config.home.bells, keys.id) : null;
    const pushed: string[] = [];
    const tidied: Session[][] = [];
    const bus = wrap(await connection(home));
    let [open, errandLooks] = [true, 0];
    const life = await live({
      config,
      bus: { ...bus, end() {} },
      clock: home.clock,
      keys,
      log: home.log,
      base: { ...brought, bell },
      branch: () => "main",
      expectsHooks: false,
      standing: home.standing,
      isPerson: home.isPerson,
      person: home.person,
      async onErrands() {
        errandLooks++;
      },
      notify: (text) => void home.told.push(text),
      channel: {
        ready: () => channel && open,
        async push(offers) {
          pushed.push(...offers.map((offer) => offer.message.body));
        },
        due: () => Promise.resolve(false),
      },
      relay: null,
      tidings: () => null,
      clientStatus: () => made.status,
      tidy: (sessions) => void tidied.push([...sessions]),
    });
    lives.push(life);
    return {
      life,
      bus,
      pushed,
      tidied,
      errandLooks: () => errandLooks,
      die() {
        open = false;
        home.standings.set(keys.id, "gone");
      },
    };
  }

  const made: Street = {
    home,
    folder,
    status: null,
    come,
    named: (name) => come({ CC_DM_SESSION_NAME: name, CC_DM_BELL: "off" }),
    async end() {
      for (const life of lives.splice(0)) life.end();
      await home.clock.pass(10);
    },
  };
  return made;
}
