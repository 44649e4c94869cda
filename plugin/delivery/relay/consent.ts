import type { Bus } from "../../bus/bus.ts";
import type { Recorded } from "../../bus/relay.ts";
import type { Clock } from "../../core/clock.ts";
import type { EpochMs, Session } from "../../core/model.ts";
import { neutraliseStart } from "../../core/neutral.ts";
import { answerIn, digest } from "../../core/permission.ts";
import { findRequest } from "../../policy/decide.ts";
import { inShort } from "../../policy/petition.ts";
import { wantedText } from "../../policy/reading.ts";
import type { Consented } from "../../tools/tool.ts";

const validMs = 24 * 3_600_000;

/** What a hook is told of a call of one of our tools before it runs. */
export interface Call extends Consented {
  /** The client's own id of it. */
  readonly id: string;
}

export interface Treatment {
  readonly decision: "ask" | "allow";
  /** For the person who is asked. */
  readonly reason: string;
}

export interface Consent {
  /** How the client is to treat a call: `ask` its person, `allow` it at once, or as it would anyway (null). */
  before(call: Call): Promise<Treatment | null>;
  /** Whether the person was asked about this very call, and so agreed; or need not be asked. Once per call. */
  given(call: Call): boolean;
}

export interface ConsentParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly session: () => Session;
  /** Started with CC_DM_APPROVER=1. */
  readonly approver: boolean;
  /** Whether its client runs our hooks. A program that does not is nobody's model; whether it asks is its own affair. */
  readonly asks: () => boolean;
  readonly preApproved: readonly string[];
}

/**
 * Being asked is not yet consent: a verdict costs a click in the decider's own client. Our hook has
 * the client ask, whatever its rules allow, and notes the call; the tool believes only a call that was
 * noted. A Claude client whose hooks do not run can ask nobody, and decides nothing.
 */
export function consent({ bus, clock, session, approver, asks, preApproved }: ConsentParts): Consent {
  const asked = new Map<string, { readonly at: EpochMs; readonly what: string }>();

  /** The request that a call would decide; null: it decides nothing. */
  async function decided({ tool, content, request }: Call): Promise<Recorded | "unknown" | null> {
    const answer = tool === "dm" || tool === "reply" ? answerIn(content) : null;
    if (tool !== "decide" && answer === null) return null;
    const found = await findRequest(bus, session().id, answer?.letters ?? request).catch(() => null);
    return found ?? (tool === "decide" ? "unknown" : null);
  }

  function note(call: Call): void {
    for (const [id, { at }] of asked) if (Math.abs(clock.now() - at) > validMs) asked.delete(id);
    if (call.id !== "") asked.set(call.id, { at: clock.now(), what: digest(whatOf(call)) });
  }

  return {
    async before(call) {
      if (call.tool === "transcript") {
        note(call);
        return { decision: "ask", reason: readingReason(call.reading) };
      }
      const request = await decided(call);
      if (request === null)
        return preApproved.includes(call.tool)
          ? { decision: "allow", reason: "cc-dm's own messaging tool" }
          : null;
      if (approver && !call.remember) return { decision: "allow", reason: "started as an approver" };
      note(call);
      const about = request === "unknown" ? "a permission request of another session" : inShort(request);
      return {
        decision: "ask",
        reason: `Another session waits: ${about}. Your agreement makes this verdict count.`,
      };
    },
    given(call) {
      const noted = asked.get(call.id);
      asked.delete(call.id);
      if (noted !== undefined && noted.what === digest(whatOf(call))) return true;
      return !asks() || (approver && !call.remember && call.tool !== "transcript");
    },
  };
}

/** What was agreed to, and nothing else: a hook of another plugin may rewrite a call after the click. */
function whatOf({ tool, content, request, verdict, remember, reading }: Call): string {
  return JSON.stringify([tool, content, request, verdict, remember, reading]);
}

const longestWords = 200;

/** What the person is asked about another session's conversation. */
function readingReason(reading: string): string {
  const [session = "", last = "", query = "", turn = ""] = JSON.parse(reading) as readonly string[];
  const wanted = {
    ...(last === "" ? {} : { last: Number(last) }),
    ...(query === "" ? {} : { query }),
    ...(turn === "" ? {} : { turn: Number(turn) }),
  };
  const words = neutraliseStart(`"${session.slice(0, 80)}": ${wantedText(wanted)}`, longestWords);
  return `It would read the conversation of another session, ${words}. What stands there goes to this session's model.`;
}
