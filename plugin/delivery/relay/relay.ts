import type { Bus } from "../../bus/bus.ts";
import type { AuditKind, GivenVerdict } from "../../bus/relay.ts";
import type { Log } from "../../core/log.ts";
import type { Identity, Session } from "../../core/model.ts";
import { type Behavior, newLetters, type RequestState } from "../../core/permission.ts";
import type { PermissionRule } from "../../core/rules.ts";
import { turns } from "../../core/turns.ts";
import type { ClientStatus } from "../../host/status.ts";
import { remarks, rulingOn } from "../../policy/approval.ts";
import type { NoticeParts } from "../../policy/notice.ts";
import type { Standing } from "../../policy/presence.ts";
import { disbelief } from "../../policy/verdict.ts";
import type { Doing } from "../doing.ts";
import type { HookDecision } from "../proof/transcript.ts";
import { aftermath } from "./aftermath.ts";
import { asking } from "./asking.ts";
import { foregone } from "./foregone.ts";
import {
  type Decision,
  decisionOf,
  type Held,
  isPersonal,
  isSameInput,
  isTold,
  joinMs,
  nameOf,
  type Prompt,
  sign,
} from "./prompt.ts";

const waitForHookMs = 300;
// The client notes a change of its state up to 60 ms after its hook was heard.
const statusLagMs = 100;
const givenUpMs = 60_000;
// A background subagent's dialog is not on screen while its hook waits: its person must get it, too.
const hiddenMs = 30_000;

export interface Relay {
  /** The hook of a prompt waits here until somebody else decides, or `signal` says that the client waits no more. */
  byHook(prompt: Prompt, signal: AbortSignal): Promise<Decision | null>;
  /** The same prompt, or another, by the channel; `channelId` is the client's own name for it. */
  byChannel(prompt: Prompt, channelId: string): Promise<void>;
  /** New verdicts, dialogs that were answered; at every ring and change of the bus. */
  look(): Promise<void>;
  /** Whether anything is asked that time may settle: then at every poll too. */
  waits(): boolean;
  /** Who could not answer if something were asked now; null: nothing to say, or it was said. */
  outlook(): Promise<string | null>;
  /** What the person should know of those who were asked last: who is offline, busy, deaf. */
  remarks(): readonly string[];
}

/** What a session's life provides. */
export interface RelayHouse extends NoticeParts {
  /** This session as it was at its start. */
  readonly start: Identity;
  readonly bus: Bus;
  readonly log: Log;
  readonly standing: (session: Session) => Standing;
  readonly ring: (to: Session) => void;
  readonly doing: Doing;
  readonly clientStatus: () => ClientStatus | null;
  readonly decisions: () => readonly HookDecision[] | null;
  /** Reads what the client wrote meanwhile. */
  readonly readOn: () => Promise<void>;
}

export interface RelayParts extends RelayHouse {
  readonly rules: readonly PermissionRule[];
  /** Names and `role:NAME`. */
  readonly approvers: readonly string[];
  /** There is no dialog: a prompt that nobody answers would hang the run. */
  readonly headless: boolean;
  readonly user: { readonly id: string; readonly publicKey: string };
  readonly spawned: (session: Session) => boolean;
  /** Answers the client by the channel. */
  readonly sendVerdict: (channelId: string, behavior: Behavior) => void;
  /** Tells the person, where a desktop notice was asked for. */
  readonly notify: (text: string) => void;
}

/** Puts this session's permission prompts to others, and believes only those it asked. */
export function relay(parts: RelayParts): Relay {
  const { bus, clock, log, self, doing } = parts;
  const held = new Map<string, Held>();
  const inTurn = turns(); // a ring and a poll may come at once
  let said: readonly string[] = [];
  const others = asking(parts);

  const record = (request: string, kind: AuditKind, who: string, detail: string) =>
    bus.audit({ at: clock.now(), request, kind, who, detail });
  const known = foregone(parts, record);
  const drop = (entry: Held) => held.delete(entry.noted.request.id) && known.over(entry);

  /** What nobody waits for: a failure must not end the server. */
  function behind(run: () => Promise<void>): void {
    inTurn(run).catch((error: unknown) => log("relay_failed", { error: String(error) }));
  }

  async function ask(prompt: Prompt, letters: string, channelId: string | null): Promise<Held | Decision> {
    const { tool, input } = prompt;
    const ruling = rulingOn(parts.rules, { self: self(), start: parts.start, tool, input });
    const approvers = await others.choose(ruling);
    const request = sign(parts, prompt, letters, [
      ...approvers.asked.map(({ session }) => session.id),
      parts.user.id,
    ]);
    const already = await known.decides(request, ruling);
    if (already !== null) return already;
    const entry: Held = {
      noted: { request, asked: new Set(request.asked), settled: false },
      prompt,
      approvers,
      since: clock.now(),
      answer: null,
      channelId,
      byHook: channelId === null,
      denied: false,
      given: null,
    };
    await bus.openRequest(request);
    held.set(request.id, entry);
    said = remarks(approvers);
    // It is open all the same.
    await others
      .announce(request, approvers, said)
      .then((failed) => {
        said = [...said, ...failed];
      })
      .catch((error: unknown) => log("relay_failed", { error: String(error) }));
    return entry;
  }

  async function settle(
    entry: Held,
    state: RequestState,
    by: string,
    behavior: Behavior | null,
    reason: string | null = null,
  ): Promise<void> {
    await bus.settle(entry.noted.request.id, { state, by, behavior, reason, at: clock.now() });
    entry.noted = { ...entry.noted, settled: true };
    said = [];
  }

  async function believe(entry: Held, verdict: GivenVerdict, by: string): Promise<void> {
    const { request } = entry.noted;
    const status = parts.clientStatus();
    // Answered at the dialog a moment ago: what is given now comes too late.
    // (Of a background subagent the client's status tells nothing.)
    if (
      entry.prompt.agent === "" &&
      status !== null &&
      status.status !== "waiting" &&
      status.at > entry.since + statusLagMs
    ) {
      await refuse(verdict, by, "the dialog was answered first");
      return;
    }
    await settle(entry, "given", by, verdict.behavior, verdict.reason);
    const lasting = verdict.remember && verdict.behavior === "allow";
    const crowded = [...held.values()].some(
      (one) => one !== entry && one.prompt.agent === entry.prompt.agent,
    );
    const told = isTold(entry) && !crowded && parts.decisions() !== null;
    const { behavior, reason } = verdict;
    entry.given = { at: clock.now(), after: doing.step(), by, behavior, reason, lasting, told };
    // A person who was faster, at the dialog, may have said no: what is for good waits until it is known.
    if (lasting && !told) known.remember(request);
    entry.answer?.(decisionOf(verdict, by));
    if (entry.channelId !== null) parts.sendVerdict(entry.channelId, verdict.behavior);
    await bus.markVerdict(verdict.row, null);
    await others.tell(request, entry.approvers, by, verdict.behavior === "allow" ? "allowed" : "denied");
  }

  async function refuse(verdict: GivenVerdict, by: string, why: string): Promise<void> {
    log("verdict_refused", { request: verdict.request, by, why });
    await bus.markVerdict(verdict.row, why);
    await record(verdict.request, "refused", by, `${verdict.behavior}: ${why}`);
  }

  async function readVerdicts(): Promise<void> {
    for (const verdict of await bus.verdicts(self().id)) {
      const entry = held.get(verdict.request);
      const why = disbelief(entry?.noted, verdict);
      const by = verdict.decider === parts.user.id ? "user" : nameOf(verdict.decider, entry);
      if (why === null && entry !== undefined) await believe(entry, verdict, by);
      else await refuse(verdict, by, why ?? "nothing was asked");
    }
  }

  /** What the client shows of a request by now. */
  async function follow(entry: Held): Promise<void> {
    const { given, byHook, prompt } = entry;
    if (given === null) {
      // The channel alone does not tell of the dialog.
      if (!entry.denied && (!byHook || doing.hasDialog(prompt.agent))) return;
      return atTheDialog(entry, entry.denied ? "deny" : "allow");
    }
    const signs = {
      decisions: parts.decisions(),
      status: parts.clientStatus(),
      step: doing.step(),
      now: clock.now(),
    };
    const result = given.told ? aftermath(given, signs) : null;
    if (result === "effective" && given.lasting) known.remember(entry.noted.request);
    if (result !== null) {
      drop(entry);
      await settle(entry, result, given.by, given.behavior, given.reason);
      await record(entry.noted.request.id, result, given.by, given.behavior);
    } else if (clock.now() - given.at > givenUpMs) drop(entry); // nothing tells; it stays "given"
  }

  async function atTheDialog(entry: Held, behavior: Behavior): Promise<void> {
    const { request, settled } = entry.noted;
    if (settled) return;
    await settle(entry, "local", "the dialog", behavior);
    drop(entry);
    entry.answer?.(null);
    await record(request.id, "local", "the dialog", behavior);
    const how = behavior === "allow" ? "allowed" : "denied";
    await others.tell(request, entry.approvers, "its user at the dialog", how);
  }

  /** Nobody decided in time about what the person has not been shown yet. */
  async function letGo(entry: Held): Promise<void> {
    const { request, settled } = entry.noted;
    if (settled || entry.answer === null) return;
    await settle(entry, "withdrawn", "time", null);
    drop(entry);
    entry.answer(null);
    await record(request.id, "withdrawn", "time", "put to its own user");
    await others.tell(request, entry.approvers, "time", "left to its own user");
  }

  /** The same prompt, told by the other way a moment ago. */
  function twin(prompt: Prompt, by: "hook" | "channel"): Held | undefined {
    const fitting = [...held.values()].filter(
      ({ byHook, channelId, noted, since, prompt: other }) =>
        // What was settled before the event came is no other prompt.
        (by === "hook" ? !byHook && !noted.settled : channelId === null) &&
        other.tool === prompt.tool &&
        clock.now() - since < joinMs &&
        isSameInput(other.input, prompt.input),
    );
    return fitting.length === 1 ? fitting[0] : undefined; // in doubt they are two
  }

  return {
    async byHook(prompt, signal) {
      if (isPersonal(prompt.tool)) return null;
      const entry = twin(prompt, "hook") ?? (await ask(prompt, newLetters(), null));
      if (!("noted" in entry)) return known.answer(prompt, entry);
      entry.byHook = true;
      if (signal.aborted) return inTurn(() => atTheDialog(entry, "deny")).then(() => null);
      // A quick approver may have answered while it was still being put to the others.
      if (entry.noted.settled) return entry.given && decisionOf(entry.given, entry.given.by);
      return new Promise((resolve) => {
        entry.answer = (decision) => {
          entry.answer = null;
          resolve(decision);
        };
        if (prompt.agent !== "" || parts.headless)
          void clock.sleep(hiddenMs).then(() => behind(() => letGo(entry)));
        signal.addEventListener("abort", () => {
          entry.denied = true;
          resolve(null);
          behind(() => atTheDialog(entry, "deny"));
        });
      });
    },

    async byChannel(prompt, channelId) {
      if (isPersonal(prompt.tool)) return;
      // The hook knows all of the input; where hooks are heard it is a moment behind or ahead.
      if (self().hooksAt !== null) await clock.sleep(waitForHookMs);
      const first = twin(prompt, "channel");
      if (first === undefined && known.answered(prompt)) return; // by the hook, at once: no dialog is left
      const letters = /^[a-km-z]{5}$/.test(channelId) ? channelId : newLetters();
      const entry = first ?? (await ask(prompt, letters, channelId));
      if ("noted" in entry) entry.channelId = channelId;
      else parts.sendVerdict(channelId, entry.behavior);
    },

    look: () =>
      inTurn(async () => {
        if (held.size > 0) await parts.readOn();
        await readVerdicts();
        for (const entry of [...held.values()]) {
          if (!entry.noted.settled) await others.guard(entry.noted.request);
          await follow(entry);
        }
      }),
    waits: () => held.size > 0,

    outlook: others.outlook,
    remarks: () => said,
  };
}
