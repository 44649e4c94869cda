import type { DeliveryState, Offer } from "../../../plugin/core/model.ts";
import type { Row, Snapshot } from "./rows.ts";
import type { Happening } from "./spy.ts";

/** Everything that a promise is held against: what stood there before a step and after, and what happened. */
export interface Stretch {
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly happened: readonly Happening[];
  /** Whether the session's server, or a client whose hook drains, ran all the time and was on the roster. */
  readonly wasLive: (session: string) => boolean;
  readonly now: Moment;
  /** Nothing else went on at the same time. */
  readonly alone: boolean;
}

/** True time, which no hand on the wall clock moves. */
export interface Moment {
  readonly wall: number;
  readonly lived: number;
  readonly boot: number;
}

export interface Offered {
  readonly to: string;
  readonly token: string;
}

/** What has been seen to happen since the beginning; a promise may look back on it. */
export interface Memory {
  readonly posted: Map<string, { readonly deliveries: number; readonly at: Moment }>;
  readonly offered: Map<string, Offered[]>;
  readonly tokens: Set<string>;
  /** By sender and address: the number of the latest message that was offered for the first time. */
  readonly latest: Map<string, number>;
  readonly pruned: Set<string>;
  /** Texts that were sent twice, because the first time their receiver had just moved. */
  readonly missed: Set<string>;
}

export function memory(): Memory {
  return {
    posted: new Map(),
    offered: new Map(),
    tokens: new Set(),
    latest: new Map(),
    pruned: new Set(),
    missed: new Set(),
  };
}

export const final: readonly DeliveryState[] = ["seen", "replied", "expired", "refused", "quarantined"];
export const isFinal = (row: Row) => final.includes(row.state);
export const keyOf = ({ message, addressed }: Offer) => `${message.id} to ${addressed}`;

export function demand(holds: boolean, promise: string, about: unknown): asserts holds {
  if (!holds) throw new Error(`${promise}: ${JSON.stringify(about)}`);
}

export function only<What extends Happening["what"]>({ happened }: Stretch, what: What) {
  return happened.filter((one): one is Extract<Happening, { what: What }> => one.what === what);
}
