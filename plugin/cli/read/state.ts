import type { Waiting } from "../../bus/exam.ts";
import type { Entry } from "../../bus/journal.ts";
import { examine } from "../../bus/sqlite/examine.ts";
import { type Finding, severities } from "../../core/finding.ts";
import type { EpochMs } from "../../core/model.ts";
import { personName } from "../../core/names.ts";
import { sizeOf } from "../../host/space.ts";
import { type Asked, requestsOf } from "../approve/requests.ts";
import type { Terminal } from "../command.ts";
import { findingsHere } from "../setup/examination.ts";
import { type Store, withStore } from "../store.ts";
import { voiceOf } from "../voice.ts";
import { believer, look } from "./believed.ts";
import { type Person, people } from "./people.ts";

/** A bus at one glance. */
export interface State {
  readonly path: string;
  readonly bytes: number;
  /** Of the log beside it, which goes into the file by and by. */
  readonly logBytes: number;
  readonly schema: number;
  readonly people: readonly Person[];
  readonly kept: { readonly messages: number; readonly today: number; readonly closed: number };
  /** How much of it is for the person. */
  readonly forPerson: number;
  /** Whether who reads this is the person, and no session's model. */
  readonly isPerson: boolean;
  /** Mail that nobody has seen, for each mailbox, the oldest first. */
  readonly waiting: readonly Waiting[];
  readonly open: readonly Asked[];
  /** The last few messages, oldest first. */
  readonly lately: readonly Entry[];
  /** The worst that doctor finds, and how much more there is; null: all is well. */
  readonly worst: { readonly finding: Finding; readonly others: number } | null;
}

const mostLately = 8;

/** @throws DmError as `withStore` does: without a bus that can be read there is no state. */
export function stateOf(terminal: Terminal): Promise<State> {
  return withStore(terminal, async (store) => {
    const bus = examine(store.home.bus, store.clock);
    const exam = bus.state === "read" ? bus.exam : null;
    return {
      path: store.home.bus,
      bytes: sizeOf(store.home.bus),
      logBytes: sizeOf(`${store.home.bus}-wal`),
      schema: exam?.schema ?? 0,
      people: await people(store, { closedWithinMs: null }),
      kept: exam?.kept ?? { messages: 0, today: 0, closed: 0 },
      forPerson: await store.bus.forPerson(),
      isPerson: (await voiceOf({ ...store, env: terminal.env, pid: terminal.pid })).kind === "person",
      waiting: exam?.waiting ?? [],
      open: (await requestsOf(store, "open")).list,
      lately: await latelyOf(store),
      worst: await worstOf(terminal),
    };
  });
}

/** Requests that are open are listed by themselves. */
async function latelyOf(store: Store): Promise<readonly Entry[]> {
  const { entries } = await look(store, { limit: mostLately }, believer(store.home));
  return entries.filter(({ message }) => message.kind !== "request");
}

// Mail on its way: a wake takes 0.7 s, and evidence is due 10 s after it.
const longMs = 60_000;

/**
 * Of what waits, what does so for longer than it should. Mail of low priority waits for a turn of its
 * receiver, as it should; the person's for the person.
 */
export function overlong(waiting: readonly Waiting[], now: EpochMs): readonly Waiting[] {
  return ofSessions(waiting).filter(({ since, count, low }) => now - since >= longMs && low < count);
}

/** Without the person's own, which is told by itself. */
export function ofSessions(waiting: readonly Waiting[]): readonly Waiting[] {
  return waiting.filter(({ name }) => name !== personName);
}

async function worstOf(terminal: Terminal): Promise<State["worst"]> {
  const all = await findingsHere(terminal);
  const wrong = all.filter(({ severity }) => severity === "warning" || severity === "error");
  const rank = ({ severity }: Finding) => severities.indexOf(severity);
  const [finding] = wrong.toSorted((a, b) => rank(b) - rank(a));
  return finding === undefined ? null : { finding, others: wrong.length - 1 };
}
