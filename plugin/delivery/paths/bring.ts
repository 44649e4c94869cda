import type { Bus } from "../../bus/bus.ts";
import type { Clock } from "../../core/clock.ts";
import { handover } from "../../core/frame.ts";
import type { Log } from "../../core/log.ts";
import type { Session } from "../../core/model.ts";
import { mayWake } from "../../policy/loop.ts";
import { newsFor } from "../../policy/news.ts";
import { type Absent, receive } from "../../policy/receive.ts";
import type { IsPerson } from "../../policy/trust.ts";
import type { Doing } from "../doing.ts";
import type { Evidence } from "../proof/evidence.ts";
import { summary } from "../words/visible.ts";

/** What the hooks of a turn bring mail with. */
export interface Bringing {
  readonly bus: Bus;
  readonly session: () => Session;
  readonly isPerson: IsPerson;
  readonly clock: Clock;
  readonly log: Log;
  readonly doing: Doing;
  readonly evidence: Evidence;
  readonly replyLimit: number;
  readonly turn: Turn;
  readonly absent: Absent;
  /** Mail that presses does not fit into a turn; it has to come another way. */
  readonly tooLong: (is: boolean) => void;
}

/** Of the turn that runs now. */
export interface Turn {
  /** How often it was prolonged for mail. */
  prolonged: number;
  /** Its prompt was given mail, and no step of the turn followed yet. */
  unsure: boolean;
}

export interface Brought {
  /** For the model, in the form the client expects of that hook; null: nothing. */
  readonly context: Readonly<Record<string, unknown>> | null;
  /** For the person. */
  readonly summary: string | null;
}

const nothing: Brought = { context: null, summary: null };
// A prompt waits for this.
const patienceMs = 100;
// More would go to a file with a preview: additionalContext is cut at 10,000 characters.
const maxChars = 9_000;

/** Takes what waits, for the model's next request. Low and muted mail comes along, or with the person's own prompt. */
export async function bring(
  parts: Bringing,
  hookEventName: "UserPromptSubmit" | "PostToolBatch" | "Stop",
  what: "all" | "pressing",
): Promise<Brought> {
  const { bus, clock, log, session, isPerson, evidence, replyLimit, tooLong, turn, absent } = parts;
  const self = session();
  if ((await bus.unread(self)) === 0) return nothing;
  await evidence.look(); // a wake that is under way goes first; it may have arrived by now
  const now = clock.now();
  const pressing = (await bus.pressing(self)).some((mail) => mayWake(mail, replyLimit, now));
  if (what === "pressing" && !pressing) return nothing;
  const offers = await receive(
    { bus, session: self, isPerson, clock, log, patienceMs, absent },
    { path: "turn", limit: 20, strict: true, maxChars },
  );
  const gaveBack = absent.since.size > 0;
  tooLong(pressing && offers.length === 0 && !gaveBack && !(await wakeUnderWay(bus, self)));
  if (offers.length === 0) return nothing;
  evidence.expect();
  if (hookEventName === "UserPromptSubmit") turn.unsure = true;
  const news = await newsFor(bus, self.id, patienceMs);
  return {
    context: { hookEventName, additionalContext: handover(offers, { replyLimit, news }) },
    summary: summary(offers.map((offer) => offer.message)),
  };
}

/** What a wake brought goes first; nothing is too long then, it only has to wait. */
async function wakeUnderWay(bus: Bus, { id, mailbox }: Session): Promise<boolean> {
  return (await bus.unproven(mailbox)).some(({ session, path }) => session === id && path === "wake");
}
