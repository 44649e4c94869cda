import type { Bus } from "../bus/bus.ts";
import type { Recorded } from "../bus/relay.ts";
import type { Clock } from "../core/clock.ts";
import { DmError } from "../core/errors.ts";
import type { Keys } from "../core/keys.ts";
import type { SessionId } from "../core/model.ts";
import { type Behavior, isGenuineRequest, type Verdict, verdictText } from "../core/permission.ts";

export interface Deciding {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly keys: Keys;
  /** For the record: a session's name, or `user`. */
  readonly name: string;
}

export interface Answer {
  readonly behavior: Behavior;
  readonly reason: string | null;
  readonly remember: boolean;
}

/**
 * The request that somebody who was asked means: by our id, or by its five letters where they fit
 * exactly one.
 *
 * @throws DmError `unknown_request`, `ambiguous_request`, `not_asked`, `settled`.
 */
export async function findRequest(bus: Bus, me: SessionId, ref: string): Promise<Recorded> {
  const word = ref.trim();
  const open = (await bus.requests("open")).filter(isGenuineRequest);
  const mine = open.filter((request) => request.asked.includes(me));
  const byId = await bus.request(word.toUpperCase());
  const fits = (request: Recorded) => request.letters === word.toLowerCase();
  const fitting =
    byId !== null ? [byId] : mine.some(fits) ? mine.filter(fits) : await settledOne(bus, me, fits);
  const [found] = fitting;
  if (fitting.length > 1) {
    throw new DmError(
      "ambiguous_request",
      `${fitting.length} open requests have the letters ${word}; use the id.`,
      {
        candidates: fitting.map((request) => `${request.id} (${request.name}: ${request.tool})`),
      },
    );
  }
  if (found === undefined || !isGenuineRequest(found)) {
    throw new DmError(
      "unknown_request",
      `No open request put to you is called ${JSON.stringify(word.slice(0, 64))}.`,
      {
        candidates: mine.map(
          (request) => `${request.id} (${request.letters}, ${request.name}: ${request.tool})`,
        ),
      },
    );
  }
  if (!found.asked.includes(me)) {
    throw new DmError("not_asked", `The request ${found.id} of "${found.name}" was not put to you.`);
  }
  const { state, by, behavior } = found.settlement;
  if (state !== "open") {
    const how = behavior === null ? state : behavior === "allow" ? "allowed" : "denied";
    throw new DmError(
      "settled",
      `The request ${found.id} is settled: ${how}${by === null ? "" : ` by ${by}`}.`,
    );
  }
  return found;
}

/** The last one of these letters that was put to somebody and is open no more. */
async function settledOne(
  bus: Bus,
  me: SessionId,
  fits: (request: Recorded) => boolean,
): Promise<readonly Recorded[]> {
  const all = await bus.requests("all");
  return all.filter((request) => fits(request) && request.asked.includes(me)).slice(-1);
}

/** Signs an answer and gives it to the requester's server, which decides whether to believe it. */
export async function give(
  { bus, clock, keys, name }: Deciding,
  request: Recorded,
  answer: Answer,
): Promise<Verdict> {
  const plain = { request: request.id, decider: keys.id, ...answer, at: clock.now() };
  const verdict = { ...plain, publicKey: keys.publicKey, signature: keys.sign(verdictText(plain, request)) };
  await bus.giveVerdict(verdict, {
    at: plain.at,
    request: request.id,
    kind: "given",
    who: name,
    detail: `${answer.behavior}${answer.remember ? ", remember" : ""}${answer.reason === null ? "" : `: ${answer.reason}`}`,
  });
  return verdict;
}
