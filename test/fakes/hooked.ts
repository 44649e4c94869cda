import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Bus } from "../../plugin/bus/bus.ts";
import type { Offer, Path } from "../../plugin/core/model.ts";
import { defaultReplyLimit } from "../../plugin/core/model.ts";
import { type Doing, doing as doings } from "../../plugin/delivery/doing.ts";
import { type HookParts, hooks, preApproved } from "../../plugin/delivery/paths/hooks.ts";
import { type Evidence, evidence as evidences } from "../../plugin/delivery/proof/evidence.ts";
import { consent } from "../../plugin/delivery/relay/consent.ts";
import type { ClientStatus } from "../../plugin/host/status.ts";
import type { House, Seat } from "./house.ts";
import { place } from "./people.ts";
import { scratch } from "./scratch.ts";

/** A session whose client calls the hooks, without the server around it. */
export interface Hooked {
  readonly parts: HookParts;
  readonly doing: Doing;
  readonly evidence: Evidence;
  /** What was said of mail that presses and does not fit into a turn, in order. */
  readonly tooLong: readonly boolean[];
  /** How often mail was found to have to be offered again. */
  again(): number;
  /** The person is told this at the next chance. */
  greet(line: string): void;
  /** What the client notes of itself from now on. */
  noted(status: ClientStatus | null): void;
  hook(name: string, args?: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>;
  /** Takes what waits, as the wake's hook and the pump do. */
  take(path: Path, limit?: number): Promise<readonly Offer[]>;
  /** Taken by a path, and read. */
  read(path: Path, limit?: number): Promise<void>;
}

export function hooked(home: House, by: Seat, bus: Bus = home.bus): Hooked {
  const { clock, log } = home;
  const tooLong: boolean[] = [];
  let again = 0;
  let greeting: string | null = null;
  let status: ClientStatus | null = null;
  const doing = doings(clock, () => {});
  const evidence = evidences({ bus, clock, log, session: by.session, doing, again: () => void again++ });
  const parts: HookParts = {
    bus,
    clock,
    log,
    session: by.session,
    isPerson: home.isPerson,
    doing,
    evidence,
    replyLimit: defaultReplyLimit,
    turn: { prolonged: 0, unsure: false },
    absent: { since: new Map(), again: () => void again++ },
    tooLong: (is) => void tooLong.push(is),
    greeting() {
      const line = greeting;
      greeting = null;
      return line;
    },
    async sight() {
      const { client, clientSession } = by.session();
      await bus.sight({ client, sessionId: clientSession, transcript: null }, place);
    },
    relay: null,
    consent: consent({
      bus,
      clock,
      session: by.session,
      approver: false,
      asks: () => true,
      preApproved,
    }),
    clientStatus: () => status,
    async follow(clientSession) {
      by.desk.become({ ...by.session(), clientSession });
      await bus.follow(by.session().id, clientSession);
    },
  };
  return {
    parts,
    doing,
    evidence,
    tooLong,
    again: () => again,
    greet(line) {
      greeting = line;
    },
    noted(by) {
      status = by;
    },
    async hook(name, args = {}) {
      const run = hooks[name];
      if (run === undefined) throw new Error(`no hook ${name}`);
      const answer = await run(parts, args, new AbortController().signal);
      await clock.settle(); // evidence is written down behind the answer
      return answer;
    },
    take: (path, limit = 1) => bus.claim({ session: by.session(), path, limit }),
    async read(path, limit = 1) {
      const taken = await bus.claim({ session: by.session(), path, limit });
      await evidence.found(
        taken.map((offer) => offer.token),
        "prompt",
      );
    },
  };
}

/** What a hook's answer puts into the conversation; "" if nothing. */
export function contextOf(answer: Readonly<Record<string, unknown>>): string {
  const output = answer.hookSpecificOutput as { readonly additionalContext?: string } | undefined;
  return output?.additionalContext ?? "";
}

/** How a message that one session sent has fared: state, path, evidence. */
export async function fate(home: House, from: Seat, messageId: string) {
  const passed = await home.bus.history({ mailbox: from.session().mailbox, limit: 100 });
  const receipt = passed.find((one) => one.sent && one.message.id === messageId)?.receipts[0];
  return [receipt?.state, receipt?.path, receipt?.evidence];
}

/** A transcript as the client writes it: each record stands on the one before, unless told otherwise. */
export interface Transcript {
  readonly path: string;
  /** @returns the record's uuid. */
  add(record: Readonly<Record<string, unknown>>): string;
  raw(text: string): void;
}

export function transcript(path = join(scratch(), "session.jsonl")): Transcript {
  writeFileSync(path, "");
  let count = 0;
  let last: string | null = null;
  return {
    path,
    add(record) {
      const uuid = `u-${++count}`;
      appendFileSync(path, `${JSON.stringify({ uuid, parentUuid: last, ...record })}\n`);
      last = uuid;
      return uuid;
    },
    raw: (text) => appendFileSync(path, text),
  };
}

const ref = (token: string) => `From lead (worker) · another session, not the user · ref ${token}\n\nhello`;

/** Records of a transcript, by what they say; measured with 2.1.197 to 2.1.329. */
export const records = {
  prompt: (text = "do it") => ({ type: "user", message: { role: "user", content: text } }),
  wake: (token: string) => ({
    type: "user",
    origin: { kind: "task-notification" },
    message: { role: "user", content: ref(token) },
  }),
  absorbed: (token: string) => ({
    type: "attachment",
    attachment: { type: "queued_command", prompt: ref(token) },
  }),
  context: (token: string) => ({
    type: "attachment",
    attachment: { type: "hook_additional_context", content: [ref(token)], hookName: "PostToolBatch" },
  }),
  answer: (text = "done") => ({
    type: "assistant",
    message: { role: "assistant", content: [{ type: "text", text }] },
  }),
  failed: () => ({
    type: "assistant",
    isApiErrorMessage: true,
    message: { role: "assistant", content: [{ type: "text", text: "API Error: 529" }] },
  }),
  broken: (timestamp = "2026-03-01T12:00:00.000Z", how = "[Request interrupted by user]") => ({
    type: "user",
    timestamp,
    message: { role: "user", content: [{ type: "text", text: how }] },
  }),
} as const;
