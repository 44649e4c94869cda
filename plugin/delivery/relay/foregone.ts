import type { Bus } from "../../bus/bus.ts";
import type { AuditKind } from "../../bus/relay.ts";
import type { Clock } from "../../core/clock.ts";
import type { EpochMs } from "../../core/model.ts";
import { type Behavior, type PermissionRequest, wholeInput } from "../../core/permission.ts";
import type { Ruling } from "../../policy/approval.ts";
import { callOf, type Decision, type Held, isSameInput, joinMs, type Prompt } from "./prompt.ts";

export interface ForegoneParts {
  readonly bus: Bus;
  readonly clock: Clock;
}

/** What is decided without asking anybody: by the person's rules, or because the same call was allowed for good. */
export interface Foregone {
  /** Null: it has to be asked. */
  decides(request: PermissionRequest, ruling: Ruling | null): Promise<Decision | null>;
  /** The same call of this session is allowed from now on. */
  remember(request: PermissionRequest): void;
  /** The hook of this prompt is answered so. */
  answer(prompt: Prompt, decision: Decision): Decision;
  /** A prompt that was put to others is over; the channel's event of it may still come. */
  over(entry: Held): void;
  /** Whether the hook of the prompt that the channel tells of was answered a moment ago; each counts for one event. */
  answered(prompt: Prompt): boolean;
}

export function foregone(
  { bus, clock }: ForegoneParts,
  record: (request: string, kind: AuditKind, who: string, detail: string) => Promise<void>,
): Foregone {
  const remembered = new Set<string>();
  let hooks: readonly { readonly prompt: Prompt; readonly at: EpochMs }[] = [];
  const late = () => hooks.filter(({ at }) => Math.abs(clock.now() - at) < joinMs); // also by a clock set back
  return {
    answer(prompt, decision) {
      hooks = [...late(), { prompt, at: clock.now() }];
      return decision;
    },

    over({ prompt, channelId, since }) {
      if (channelId === null) hooks = [...late(), { prompt, at: since }];
    },

    answered({ tool, input }) {
      const fitting = late().filter(({ prompt }) => prompt.tool === tool && isSameInput(prompt.input, input));
      if (fitting.length !== 1) return false; // in doubt it is another
      hooks = hooks.filter((one) => one !== fitting[0]);
      return true;
    },

    remember(request) {
      // Of a preview the rest may say anything.
      if (wholeInput(request.input) !== null) remembered.add(callOf(request));
    },

    async decides(request, ruling) {
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
    },
  };
}
