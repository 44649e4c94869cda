import type { Bus } from "../bus/bus.ts";
import type { AuditKind } from "../bus/relay.ts";
import type { Log } from "../core/log.ts";
import type { EpochMs, Session } from "../core/model.ts";
import { neutraliseLine } from "../core/neutral.ts";
import {
  type Behavior,
  newLetters,
  type PermissionRequest,
  type RequestState,
  type Verdict,
} from "../core/permission.ts";
import type { PermissionRule } from "../core/rules.ts";
import type { ClientStatus } from "../host/status.ts";
import { type Approvers, approversOf, remarks, rulingOn, subjectOf } from "../policy/approval.ts";
import { type NoticeParts, relayTo } from "../policy/notice.ts";
import { petition, settledText } from "../policy/petition.ts";
import type { Standing } from "../policy/presence.ts";
import { disbelief, type Noted } from "../policy/verdict.ts";
import type { Doing } from "./doing.ts";
import { callOf, type Decision, decisionOf, isSameInput, type Prompt, sign } from "./prompt.ts";

// The channel's event and the hook of one prompt come within milliseconds of each other.
const joinMs = 2_000;
const waitForHookMs = 300;

export interface Relay {
  /** The hook of a prompt waits here until somebody else decides, or `signal` says that the client waits no more. */
  byHook(prompt: Prompt, signal: AbortSignal): Promise<Decision | null>;
  /** The same prompt, or another, by the channel; `channelId` is the client's own name for it. */
  byChannel(prompt: Prompt, channelId: string): Promise<void>;
  /** New verdicts, dialogs that were answered; at every poll and ring. */
  look(): Promise<void>;
  /** What the person should know of those who were asked last: who is offline, busy, deaf. */
  remarks(): readonly string[];
}

/** What a session's life provides. */
export interface RelayHouse extends NoticeParts {
  readonly bus: Bus;
  readonly log: Log;
  readonly standing: (session: Session) => Standing;
  readonly ring: (to: Session) => void;
  readonly doing: Doing;
  readonly clientStatus: () => ClientStatus | null;
}

export interface RelayParts extends RelayHouse {
  readonly rules: readonly PermissionRule[];
  /** Names and `role:NAME`. */
  readonly approvers: readonly string[];
  readonly user: { readonly id: string; readonly publicKey: string };
  readonly spawned: (session: Session) => boolean;
  /** Answers the client by the channel. */
  readonly sendVerdict: (channelId: string, behavior: Behavior) => void;
  /** Tells the person, where a desktop notice was asked for. */
  readonly notify: (text: string) => void;
}

interface Held {
  noted: Noted;
  readonly prompt: Prompt;
  readonly approvers: Approvers;
  readonly since: EpochMs;
  answer: ((decision: Decision | null) => void) | null;
  channelId: string | null;
  /** Its client runs our hooks, which tell when the dialog is gone. */
  byHook: boolean;
  given: { readonly at: EpochMs; readonly by: string; readonly behavior: Behavior } | null;
}

/** Puts this session's permission prompts to others, and believes only those it asked. */
export function relay(parts: RelayParts): Relay {
  const { bus, clock, log, self, doing } = parts;
  const held = new Map<string, Held>();
  const remembered = new Set<string>();
  let said: readonly string[] = [];

  const record = (request: string, kind: AuditKind, who: string, detail: string) =>
    bus.audit({ at: clock.now(), request, kind, who, detail });

  /** @returns what a rule or an earlier verdict decides without asking anybody; null: it has to be asked. */
  async function decided(request: PermissionRequest): Promise<Decision | null> {
    const ruling = rulingOn(parts.rules, { self: self(), tool: request.tool, input: request.input });
    const kind = ruling?.outcome.kind;
    const known = remembered.has(callOf(request)) && kind !== "user" && kind !== "deny";
    if (kind !== "allow" && kind !== "deny" && !known) return null;
    const by = known ? "an earlier verdict" : `rule ${ruling?.number}`;
    const behavior: Behavior = kind === "deny" ? "deny" : "allow";
    await bus.openRequest(request);
    await bus.settle(request.id, { state: "given", by, behavior, reason: null, at: clock.now() });
    await record(request.id, known ? "remembered" : "rule", by, `${behavior} ${request.tool}`);
    return behavior === "allow"
      ? { behavior }
      : { behavior, message: `Denied by ${by} of this machine's cc-dm permissions.` };
  }

  async function ask(prompt: Prompt, letters: string): Promise<Held | Decision> {
    const ruling = rulingOn(parts.rules, { self: self(), tool: prompt.tool, input: prompt.input });
    const { outcome } = ruling ?? {};
    const approvers: Approvers =
      outcome?.kind === "user"
        ? { asked: [], missing: [] }
        : approversOf({
            self: self(),
            roster: await bus.roster(),
            standing: parts.standing,
            wanted: outcome?.kind === "ask" ? outcome.approvers : parts.approvers,
            spawned: parts.spawned,
          });
    const request = sign(parts, prompt, letters, [
      ...approvers.asked.map(({ session }) => session.id),
      parts.user.id,
    ]);
    const already = await decided(request);
    if (already !== null) return already;
    const entry: Held = {
      noted: { request, asked: new Set(request.asked), settled: false },
      prompt,
      approvers,
      since: clock.now(),
      answer: null,
      channelId: null,
      byHook: false,
      given: null,
    };
    held.set(request.id, entry);
    await bus.openRequest(request);
    said = [...remarks(approvers), ...(await put(request, approvers))];
    const asked = [...approvers.asked.map(({ session }) => session.name), "user"].join(", ");
    const detail = [`${request.tool} put to ${asked}`, ...said].join("; ");
    await record(request.id, "asked", self().name, detail);
    parts.notify(
      `${self().name} asks: ${request.tool} ${neutraliseLine(subjectOf(request.input)).slice(0, 120)}`,
    );
    return entry;
  }

  /** @returns whom it could not be put to, and why. */
  async function put(request: PermissionRequest, { asked }: Approvers): Promise<string[]> {
    const failed: string[] = [];
    for (const { session } of asked) {
      const posted = await bus.post(relayTo(parts, session, request.id, petition(request), "urgent"));
      if (posted.ok) parts.ring(session);
      else failed.push(`${session.name} could not be asked (${posted.why})`);
    }
    return failed;
  }

  async function settle(
    entry: Held,
    state: RequestState,
    by: string,
    behavior: Behavior | null,
    reason: string | null,
  ) {
    const { request } = entry.noted;
    entry.noted = { ...entry.noted, settled: true };
    await bus.settle(request.id, { state, by, behavior, reason, at: clock.now() });
  }

  /** Tells those who were given the request that nothing is left to decide. */
  async function tellOthers(entry: Held, by: string, how: string): Promise<void> {
    const { request } = entry.noted;
    const given = await bus.withdrawAsking(request.id);
    for (const { session } of entry.approvers.asked) {
      if (!given.includes(session.mailbox) || session.name === by) continue;
      const posted = await bus.post(
        relayTo(parts, session, request.id, settledText(request, by, how), "low"),
      );
      if (posted.ok) parts.ring(session);
    }
  }

  async function believe(entry: Held, verdict: Verdict, by: string): Promise<void> {
    const { request } = entry.noted;
    const status = parts.clientStatus();
    // Answered at the dialog a moment ago: what is given now comes too late.
    if (status !== null && status.status !== "waiting" && status.at > entry.since + joinMs / 20) {
      await bus.markVerdict(verdict, "the dialog was answered first");
      await record(request.id, "refused", by, "the dialog was answered first");
      return;
    }
    entry.given = { at: clock.now(), by, behavior: verdict.behavior };
    await settle(entry, "given", by, verdict.behavior, verdict.reason);
    await bus.markVerdict(verdict, null);
    if (verdict.remember && verdict.behavior === "allow") remembered.add(callOf(request));
    entry.answer?.(decisionOf(verdict, by));
    if (entry.channelId !== null) parts.sendVerdict(entry.channelId, verdict.behavior);
    await tellOthers(entry, by, verdict.behavior === "allow" ? "allowed" : "denied");
  }

  async function readVerdicts(): Promise<void> {
    for (const verdict of await bus.verdicts(self().id)) {
      const entry = held.get(verdict.request);
      const why = disbelief(entry?.noted, verdict);
      const by = await nameOf(verdict);
      if (why === null && entry !== undefined) {
        await believe(entry, verdict, by);
        continue;
      }
      log("verdict_refused", { request: verdict.request, by, why });
      await bus.markVerdict(verdict, why);
      await record(verdict.request, "refused", by, `${verdict.behavior}: ${why}`);
    }
  }

  async function nameOf({ decider }: Verdict): Promise<string> {
    if (decider === parts.user.id) return "user";
    return (await bus.session(decider))?.name ?? decider;
  }

  /** What the client shows of a request by now. */
  async function follow(entry: Held): Promise<void> {
    const { request } = entry.noted;
    const { given } = entry;
    const status = parts.clientStatus();
    if (given === null) {
      // The channel alone does not tell of the dialog.
      if (!entry.byHook || doing.hasDialog(entry.prompt.agent)) return;
      const behavior: Behavior = doing.activity()?.state === "idle" ? "deny" : "allow";
      await atTheDialog(entry, behavior);
    } else if (status !== null && status.at >= given.at) {
      held.delete(request.id);
      // A denial by hook lets the turn go on; one at the dialog ends it.
      const effective = status.status === "busy";
      await settle(entry, effective ? "effective" : "overtaken", given.by, given.behavior, null);
      await record(request.id, effective ? "effective" : "overtaken", given.by, given.behavior);
    } else if (!doing.hasDialog(entry.prompt.agent) && clock.now() - given.at > joinMs * 30) {
      held.delete(request.id); // nothing tells; the record stays at "given"
    }
  }

  async function atTheDialog(entry: Held, behavior: Behavior): Promise<void> {
    const { request } = entry.noted;
    held.delete(request.id);
    await settle(entry, "local", "the dialog", behavior, null);
    entry.answer?.(null);
    await record(request.id, "local", "the dialog", behavior);
    await tellOthers(entry, "its user at the dialog", behavior === "allow" ? "allowed" : "denied");
  }

  /** The same prompt, told by the other way a moment ago. */
  function twin(prompt: Prompt, by: "hook" | "channel"): Held | undefined {
    return [...held.values()].find(
      (entry) =>
        (by === "hook" ? entry.answer === null : entry.channelId === null) &&
        !entry.noted.settled &&
        entry.prompt.tool === prompt.tool &&
        clock.now() - entry.since < joinMs &&
        isSameInput(entry.prompt.input, prompt.input),
    );
  }

  return {
    async byHook(prompt, signal) {
      const known = twin(prompt, "hook");
      const entry = known ?? (await ask(prompt, newLetters()));
      if (!("noted" in entry)) return entry;
      entry.byHook = true;
      if (signal.aborted) {
        await atTheDialog(entry, "deny");
        return null;
      }
      return new Promise((resolve) => {
        entry.answer = (decision) => {
          entry.answer = null;
          resolve(decision);
        };
        signal.addEventListener("abort", () => {
          // The client waits no more: denied at the dialog, or its turn broken off.
          if (entry.given === null && !entry.noted.settled) void atTheDialog(entry, "deny").catch(() => {});
          resolve(null);
        });
      });
    },

    async byChannel(prompt, channelId) {
      // The hook knows all of the input; where hooks are heard it is a moment behind or ahead.
      if (self().hooksAt !== null) await clock.sleep(waitForHookMs);
      const known = twin(prompt, "channel");
      const entry = known ?? (await ask(prompt, /^[a-km-z]{5}$/.test(channelId) ? channelId : newLetters()));
      if ("noted" in entry) entry.channelId = channelId;
      else parts.sendVerdict(channelId, entry.behavior);
    },

    async look() {
      if (held.size === 0) return;
      await readVerdicts();
      for (const entry of [...held.values()]) await follow(entry);
    },

    remarks: () => said,
  };
}
