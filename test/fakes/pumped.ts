import type { Offer } from "../../plugin/core/model.ts";
import { defaultReplyLimit } from "../../plugin/core/model.ts";
import { type Pump, type PumpParts, pump } from "../../plugin/delivery/paths/pump.ts";
import { type Waker, waker } from "../../plugin/delivery/paths/waker.ts";
import { wakePace } from "../../plugin/host/wake.ts";
import type { Draft } from "../../plugin/policy/post.ts";
import { type House, house, type Seat, seat } from "./house.ts";
import { place } from "./people.ts";

export interface PumpedClient {
  readonly channel?: boolean;
  readonly wake?: boolean;
  readonly bus?: Partial<PumpParts["bus"]>;
}

/** The loop that hands mail over to "api", to which "lead" writes, and what it did. */
export interface Pumped {
  readonly home: House;
  readonly lead: Seat;
  api: Seat;
  readonly bell: Waker;
  readonly stop: AbortController;
  /** When the wake file was touched. */
  readonly touched: number[];
  /** What was pushed by the channel, and in how many pieces. */
  readonly pushed: string[];
  pushes: number;
  /** How often it looked since it was started. */
  looks: number;
  /** Since when the client is in a turn. */
  turn: number | null;
  quiet: boolean;
  /** Starts the loop for a client that takes channel events, watches its wake file, or neither. */
  start(client?: PumpedClient): Promise<Pump>;
  /** Rings its bell, and waits until it has looked. */
  ring(): Promise<void>;
  /** From now on "api" is known for a Claude client. */
  hooksHeard(): Promise<void>;
  say(content: string, more?: Omit<Draft, "content">): ReturnType<Seat["desk"]["dm"]>;
  end(): Promise<void>;
}

export async function pumped(): Promise<Pumped> {
  const home = await house();
  const { clock, log } = home;
  const lead = await seat(home, "lead");
  const p: Pumped = {
    home,
    lead,
    api: await seat(home, "api"),
    bell: waker(),
    stop: new AbortController(),
    touched: [],
    pushed: [],
    pushes: 0,
    looks: 0,
    turn: null,
    quiet: false,
    async start({ channel = false, wake = true, bus = {} } = {}) {
      const loop = pump({
        bus: { ...home.bus, ...bus },
        clock,
        log,
        waker: p.bell,
        session() {
          p.looks++;
          return p.api.session();
        },
        isPerson: home.isPerson,
        channel: {
          ready: () => channel,
          async push(offers: readonly Offer[]) {
            p.pushes++;
            p.pushed.push(...offers.map((offer) => offer.message.body));
          },
        },
        inTurn: () => p.turn,
        quiet: () => p.quiet,
        replyLimit: defaultReplyLimit,
        wake: { ready: () => wake, touch: () => void p.touched.push(clock.now()), pace: wakePace() },
        looked: () => {},
        signal: p.stop.signal,
      });
      void loop.run();
      await p.ring();
      p.looks = 0;
      return loop;
    },
    async ring() {
      p.bell.wake();
      await clock.pass(10);
    },
    async hooksHeard() {
      await home.bus.sight({ client: p.api.session().client, sessionId: null, transcript: null }, place);
      const row = await home.bus.session(p.api.keys.id);
      if (row !== null) p.api.desk.become(row);
    },
    say: (content, more = {}) => lead.desk.dm("api", { content, ...more }),
    async end() {
      p.stop.abort();
      await p.ring();
    },
  };
  return p;
}
