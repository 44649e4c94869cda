import { onTestFinished } from "bun:test";
import { join } from "node:path";
import type { Bus, Joining } from "../../plugin/bus/bus.ts";
import { openSqliteBus } from "../../plugin/bus/sqlite/index.ts";
import { messageIds } from "../../plugin/core/ids.ts";
import { type Keys, makeKeys } from "../../plugin/core/keys.ts";
import type { Condition, EpochMs, Presence, Session, SessionId } from "../../plugin/core/model.ts";
import { defaultReplyLimit } from "../../plugin/core/model.ts";
import { openFile } from "../../plugin/host/source.ts";
import { type Desk, openDesk } from "../../plugin/policy/desk.ts";
import type { Limits } from "../../plugin/policy/post.ts";
import type { Standing } from "../../plugin/policy/presence.ts";
import type { Receiving } from "../../plugin/policy/receive.ts";
import type { Lists } from "../../plugin/policy/rules.ts";
import { type FakeClock, fakeClock } from "./clock.ts";
import { boot, join as joins } from "./people.ts";
import { scratch } from "./scratch.ts";

/** One machine of a test: a real bus in a temporary folder, and a clock that only moves when told to. */
export interface House {
  readonly bus: Bus;
  readonly clock: FakeClock;
  readonly path: string;
  /** How each session stands, where it is not simply there. */
  readonly standings: Map<SessionId, Standing>;
  readonly standing: (session: Session) => Standing;
  /** Whose bell was rung, in order. */
  readonly rung: { readonly name: string; readonly presence: Presence }[];
  /** When what was sent expires. */
  readonly expiries: number[];
  /** Names and fields of what was logged. */
  readonly logged: { readonly event: string; readonly fields: unknown }[];
  readonly log: (event: string, fields?: Readonly<Record<string, unknown>>) => void;
  readonly newId: (now: number) => string;
  /** The key of the person at this machine. */
  readonly personKeys: Keys;
  readonly isPerson: (id: SessionId) => boolean;
  readonly person: () => Promise<Session>;
  /** What the person was told of on their desktop. */
  readonly told: string[];
}

/** A session with its desk. */
export interface Seat {
  readonly keys: Keys;
  readonly desk: Desk;
  session(): Session;
  receiving(): Receiving;
  pushes(): boolean;
  /** When it last used a tool or heard its person, as its hooks tell. */
  progress(at: EpochMs | null): void;
  quiet(until: EpochMs | null): void;
  /** Whether its person agrees to a verdict from now on. */
  agree(is: boolean): void;
  consent(): boolean;
  tidings(): string | null;
  open(path: string): ReturnType<typeof openFile>;
  condition(): Condition;
}

export interface Seating extends Partial<Joining> {
  readonly limits?: Partial<Limits>;
  readonly lists?: Partial<Lists>;
}

export async function house(): Promise<House> {
  const clock = fakeClock();
  const path = join(scratch(), "bus.db");
  const bus = await openSqliteBus({ path, clock, boot });
  onTestFinished(() => bus.end()); // a hook of this module would count for its first importer only
  const standings = new Map<SessionId, Standing>();
  const personKeys = makeKeys();
  const logged: { event: string; fields: unknown }[] = [];
  return {
    bus,
    clock,
    path,
    standings,
    standing: (session) => standings.get(session.id) ?? "live",
    rung: [],
    expiries: [],
    logged,
    log: (event, fields) => void logged.push({ event, fields }),
    newId: messageIds(),
    personKeys,
    isPerson: (id) => id === personKeys.id,
    person: () => bus.person(personKeys, "/home/me/.cc-dm"),
    told: [],
  };
}

/** One more connection to the same bus, as another process would have. */
export async function connection({ path, clock }: House): Promise<Bus> {
  const bus = await openSqliteBus({ path, clock, boot });
  onTestFinished(() => bus.end());
  return bus;
}

export async function seat(of: House, name: string, { limits, lists, ...more }: Seating = {}): Promise<Seat> {
  return seated(of, await joins(of.bus, name, more), { limits, lists });
}

/** The person of the house, with a desk as the command line has one. */
export async function personSeat(of: House): Promise<Seat> {
  return seated(of, { keys: of.personKeys, session: await of.person() }, {});
}

interface Rules {
  readonly limits?: Partial<Limits> | undefined;
  readonly lists?: Partial<Lists> | undefined;
}

function seated(
  of: House,
  { keys, session }: { readonly keys: Keys; readonly session: Session },
  { limits, lists }: Rules,
): Seat {
  let progressAt: EpochMs | null = null;
  let quietUntil: EpochMs | null = null;
  let agrees = false;
  const desk = openDesk(
    {
      bus: of.bus,
      clock: of.clock,
      keys,
      log: of.log,
      newId: of.newId,
      standing: of.standing,
      isPerson: of.isPerson,
      person: of.person,
      tellPerson: (letter) => void of.told.push(letter.body),
      ring: (to, presence) => void of.rung.push({ name: to.name, presence }),
      expiresAt: (at) => void of.expiries.push(at),
      historyDays: 7,
      progressAt: () => progressAt,
      limits: {
        maxChars: 10_000,
        ttlMs: 86_400_000,
        mailbox: 10_000,
        sendsPerMinute: 5000,
        busMegabytes: 1000,
        replies: defaultReplyLimit,
        ...limits,
      },
      lists: { broadcastRoles: [], dmAllow: [], dmBlock: [], ...lists },
    },
    session,
  );
  return {
    keys,
    desk,
    session: desk.self,
    receiving: () => ({
      bus: of.bus,
      clock: of.clock,
      session: desk.self(),
      isPerson: of.isPerson,
      log: of.log,
    }),
    pushes: () => false,
    progress(at) {
      progressAt = at;
    },
    quiet(until) {
      quietUntil = until;
    },
    agree(is) {
      agrees = is;
    },
    consent: () => agrees,
    tidings: () => null,
    open: openFile,
    condition: () => ({ activity: null, reach: "wake", quietUntil }),
  };
}
