import type { Recorded } from "../../bus/relay.ts";
import type { Behavior, Verdict } from "../../core/permission.ts";
import type { Store } from "../store.ts";
import { line } from "../terminal/plain.ts";
import type { Asked } from "./requests.ts";

/** What came of one answer, as far as its requester has told. */
export interface Fate {
  readonly asked: Asked;
  /**
   * given: taken and handed to the client; effective: and in effect; late: settled before; refused: not
   * believed; unread: its session has not looked yet.
   */
  readonly state: "given" | "effective" | "late" | "refused" | "unread";
  /** It counts, as far as is known. */
  readonly taken: boolean;
  /** Who settled it. */
  readonly by: string | null;
  readonly why: string | null;
}

// Its server looks at least every half a second.
const patienceMs = 2_000;
// For the turn's next step, which tells that an answer took effect.
const afterMs = 600;
const pollMs = 25;

/** Waits a moment for what the requester's server makes of an answer. */
export async function fateOf({ bus, clock }: Store, asked: Asked, verdict: Verdict): Promise<Fate> {
  const { id } = asked.request;
  let fate: Fate = { asked, state: "unread", taken: true, by: null, why: null };
  let until = clock.up() + patienceMs;
  while (clock.up() < until) {
    const request = await bus.request(id);
    const refusals = await bus.audits({ since: verdict.at, request: id, limit: 50 });
    const refusal = refusals.find(({ kind, who }) => kind === "refused" && who === "user");
    const state = request?.settlement.state ?? "withdrawn";
    if (refusal !== undefined || state !== "open") {
      const next = settled(asked, request, refusal?.detail ?? null);
      if (next.state !== "given") return next;
      if (fate.state === "unread") until = clock.up() + afterMs;
      fate = next;
    }
    await clock.sleep(pollMs);
  }
  return fate;
}

function settled(asked: Asked, request: Recorded | null, refusal: string | null): Fate {
  const { state, by } = request?.settlement ?? { state: "withdrawn" as const, by: null };
  const known = { asked, by, why: refusal };
  const mine = by === "user" && refusal === null;
  if (mine && state === "given") return { ...known, state, taken: true };
  if (mine && state === "effective") return { ...known, state, taken: true };
  if (refusal !== null && state === "open") return { ...known, state: "refused", taken: false };
  return { ...known, state: "late", taken: false };
}

export function fateText({ state, by, why, asked: { request } }: Fate, behavior: Behavior): string {
  const done = behavior === "allow" ? "allowed" : "denied";
  switch (state) {
    case "effective":
      return `${done}, and in effect`;
    case "given":
      return `${done}: given to its client`;
    case "late":
      return by === null ? "too late: nobody waits for it any more" : `too late: settled by ${line(by)}`;
    case "refused":
      return `not taken: ${line(why ?? "")}`;
    case "unread":
      return `left for ${line(request.name)}, which has not looked yet (is it stopped?)`;
  }
}
