import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bus } from "../../../plugin/bus/bus.ts";
import { openSqliteBus } from "../../../plugin/bus/sqlite/index.ts";
import { isDmError } from "../../../plugin/core/errors.ts";
import { messageIds } from "../../../plugin/core/ids.ts";
import { makeKeys } from "../../../plugin/core/keys.ts";
import type { Offer, Session } from "../../../plugin/core/model.ts";
import { expireOverdue } from "../../../plugin/delivery/duties.ts";
import { type Membership, membership } from "../../../plugin/delivery/membership.ts";
import { type Desk, openDesk } from "../../../plugin/policy/desk.ts";
import { arrive } from "../../../plugin/policy/join.ts";
import type { Standing } from "../../../plugin/policy/presence.ts";
import { receive } from "../../../plugin/policy/receive.ts";
import { type FakeClock, fakeClock } from "../../fakes/clock.ts";
import { joining } from "../../fakes/people.ts";
import { type Deed, type Doing, seats } from "./deeds.ts";
import { type Happening, spied } from "./spy.ts";

/** One run of a server, as its client started it. */
export interface Server {
  readonly desk: Desk;
  readonly member: Membership;
  /** Everything it was offered, oldest first. */
  readonly offered: Offer[];
  /** The server's process runs. */
  runs: boolean;
  /** Its client's process runs: the wake hook drains even without the server. */
  clientRuns: boolean;
}

/** A machine: four clients with their servers, three connections to one file, a clock turned by hand. */
export interface Town {
  readonly path: string;
  readonly clock: FakeClock;
  readonly servers: readonly (Server | null)[];
  /** Of every run there ever was, by the session's id. */
  readonly runs: ReadonlyMap<string, Server>;
  readonly boots: () => number;
  open(): Promise<void>;
  act(deed: Deed): Promise<void>;
  reboot(): Promise<void>;
  /** One more connection. */
  connect(): Promise<Bus>;
  close(): void;
}

const connections = 3;
const nameOf = (seat: number): string => `s${seat}`;
const project = (seat: number): string | null => (seat < 2 ? null : "shop");

export function town(tell: (happening: Happening) => void): Town {
  const folder = mkdtempSync(join(tmpdir(), "cc-dm-"));
  const path = join(folder, "bus.db");
  const clock = fakeClock();
  const newId = messageIds();
  const servers: (Server | null)[] = Array.from({ length: seats }, () => null);
  const runs = new Map<string, Server>();
  let buses: Bus[] = [];
  let boots = 1;
  let said = 0;

  const place = () => ({ machine: "laptop", boot: `boot-${boots}`, pidSpace: "pid:[1]" });
  const connect = async () => {
    const bus = spied(await openSqliteBus({ path, clock, boot: `boot-${boots}` }), tell);
    buses.push(bus);
    return bus;
  };
  const busOf = (seat: number): Bus => buses[seat % connections] as Bus;
  const standing = ({ id }: Session): Standing => {
    const run = runs.get(id);
    if (run?.runs) return "live";
    return run?.clientRuns ? "deaf" : "gone";
  };

  async function start(seat: number): Promise<void> {
    const bus = busOf(seat);
    const keys = makeKeys();
    const {
      name,
      role,
      project: _,
      startName,
      startRole,
      ...base
    } = joining(nameOf(seat), { version: "1" }, keys);
    const at = { ...base, place: place(), cwd: `/code/${name}` };
    const parts = { bus, standing };
    const arrival = await arrive(parts, at, { name, role, project: project(seat) });
    const desk = openDesk(
      {
        bus,
        clock,
        keys,
        newId,
        standing,
        isPerson: () => false,
        person: () => Promise.reject(new Error("nobody writes to the person here")),
        tellPerson: () => {},
        log: () => {},
        ring: () => {},
        expiresAt: () => {},
        limits: {
          maxChars: 10_000,
          ttlMs: 86_400_000,
          mailbox: 10_000,
          sendsPerMinute: 5000,
          busMegabytes: 1000,
          replies: 16,
        },
        historyDays: 7,
        progressAt: () => null,
        lists: { broadcastRoles: [], dmAllow: [], dmBlock: [] },
      },
      arrival.session,
    );
    const member = membership({
      ...parts,
      desk,
      base: at,
      branch: () => null,
      log: () => {},
      joinedAgain: () => {},
    });
    const server: Server = { desk, member, offered: [], runs: true, clientRuns: true };
    runs.set(keys.id, server);
    servers[seat] = server;
  }

  function vanish(seat: number, clientLives: boolean): void {
    const server = servers[seat];
    if (server == null) return;
    server.runs = false;
    server.clientRuns = server.clientRuns && clientLives;
  }

  // A sender's calls are numbered in the order it makes them.
  const draft = (ttl_s: number) => ({ content: `${++said}`, ttl_s });

  async function perform(deed: Deed): Promise<unknown> {
    const server = servers[deed.who];
    if (deed.do === "restart") {
      if (server?.runs) busOf(deed.who).leave(server.desk.self().id);
      vanish(deed.who, false);
      return start(deed.who);
    }
    if (server == null) return undefined;
    return serve(deed, server);
  }

  async function serve(deed: Doing, server: Server): Promise<unknown> {
    const bus = busOf(deed.who);
    const { desk } = server;
    const self = desk.self();
    if (deed.do === "take" && (server.runs || (server.clientRuns && deed.path === "wake"))) {
      // Without its server it is the hook that takes, if the bus still knows whose client that is.
      if (!server.runs && (await bus.session(self.id))?.closedAt !== null) return undefined;
      const { path: way, limit } = deed;
      const offers = await receive(
        { bus, session: self, isPerson: () => false, clock, log: () => {} },
        { path: way, limit },
      );
      server.offered.push(...offers);
      return undefined;
    }
    if (!server.runs) return undefined;
    const at = clock.now();
    switch (deed.do) {
      case "dm":
        return desk.dm(nameOf(deed.to), { ...draft(deed.ttlS), priority: deed.priority });
      case "broadcast":
        return desk.broadcast(draft(deed.ttlS));
      case "reply": {
        const { length } = server.offered;
        const id = server.offered[length - 1 - (deed.nth % Math.max(1, length))]?.message.id;
        return id === undefined ? undefined : desk.reply(id, draft(86_400));
      }
      case "prove": {
        const end = Math.max(0, server.offered.length - (deed.nth % 4));
        const some = server.offered.slice(Math.max(0, end - deed.count), end);
        return bus.seen(
          self.id,
          some.map((offer) => offer.token),
          "prompt",
        );
      }
      case "quote": {
        const others = [...runs.values()].filter((other) => other !== server);
        const quoted = others.flatMap((other) => other.offered).map((offer) => offer.token);
        return bus.seen(self.id, [...quoted, "", "000000000000"], "prompt");
      }
      case "proveBy":
        return bus.seenBy(self.id, deed.path, "turn", deed.agoMs < 0 ? undefined : at - deed.agoMs);
      case "requeue":
        return bus.requeue(self.id, deed.path, at - deed.agoMs);
      case "rename":
        return desk.rename({ name: nameOf(deed.as), role: "worker", project: deed.project });
      case "block":
        await bus.filter(self.mailbox, "block", nameOf(deed.whom), deed.on);
        return deed.on ? desk.refuse(nameOf(deed.whom)) : undefined;
      case "beat":
        return server.member.beat();
      case "sweep":
        return expireOverdue({
          bus,
          clock,
          keys: desk.parts.keys,
          newId,
          self: desk.self,
          historyDays: 7,
          ring: () => {},
        });
      case "prune":
        return bus.prune(self.id, 1);
      case "crash":
        return vanish(deed.who, deed.clientLives);
      case "evict":
        return bus.close([self.id]);
      case "take": // no server, no taking
        return undefined;
    }
  }

  return {
    path,
    clock,
    servers,
    runs,
    boots: () => boots,
    connect,
    async open() {
      for (let n = 0; n < connections; n++) await connect();
      for (let seat = 0; seat < seats; seat++) await start(seat);
    },
    async act(deed) {
      try {
        await perform(deed);
      } catch (error) {
        // Refused with a reason, or asked for off the roster: it says so, and nothing happened.
        if (!isDmError(error) && !/is (not on|off) the roster/.test(String(error))) throw error;
      }
    },
    async reboot() {
      for (let seat = 0; seat < seats; seat++) vanish(seat, false);
      for (const bus of buses) bus.end();
      buses = [];
      boots += 1;
      clock.reboot();
      for (let n = 0; n < connections; n++) await connect();
    },
    close() {
      for (const bus of buses) bus.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
