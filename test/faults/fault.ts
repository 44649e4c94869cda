import type { Account } from "./balance.ts";

/** Something that is done to sessions, and what became of what was promised meanwhile. */
export interface Outcome extends Account {
  /** How often it was done. */
  readonly times: number;
  /** What is wrong besides: a session that did not come back, a person who was not told. */
  readonly wrong: readonly string[];
  /** Figures worth a line. */
  readonly notes: readonly string[];
  /** Of kills: how many died at each point (`STEP:MOMENT`). */
  readonly points?: Readonly<Record<string, number>>;
}

export interface Effort {
  /** How often each point, shape or moment is gone through. */
  readonly rounds: number;
  /** How long what takes long takes: a sleep, a lock. */
  readonly lengthMs: number;
}

export interface Scene {
  readonly name: string;
  /** What is done, in a few words. */
  readonly what: string;
  run(effort: Effort): Promise<Outcome>;
  /** Bytes of messages themselves are destroyed: then somebody must be told, which the scene sees to. */
  readonly mayLose?: true;
  /** `bun test` leaves it out: it takes long, or has tests of its own there (test/mcp). */
  readonly slow?: true;
  /** It needs all of the machine, or measures: nothing else goes on beside it. */
  readonly alone?: true;
  /** Null: it can be done here. */
  readonly impossible?: () => string | null;
}

/** What is wrong with a count of kills: a point that nobody gets to tests nothing. */
export function missed(points: Readonly<Record<string, number>>, asked: number): readonly string[] {
  return Object.entries(points).flatMap(([point, count]) =>
    count < asked ? [`killed ${count} of ${asked} times: ${point}`] : [],
  );
}

export const noAccount: Account = {
  promised: 0,
  arrived: 0,
  told: 0,
  waiting: 0,
  lost: 0,
  repeated: 0,
  faults: [],
};

/** Several accounts as one. */
export function sum(accounts: readonly Account[]): Account {
  return accounts.reduce(
    (all, one) => ({
      promised: all.promised + one.promised,
      arrived: all.arrived + one.arrived,
      told: all.told + one.told,
      waiting: all.waiting + one.waiting,
      lost: all.lost + one.lost,
      repeated: all.repeated + one.repeated,
      faults: [...all.faults, ...one.faults],
    }),
    noAccount,
  );
}
