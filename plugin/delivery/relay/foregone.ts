import type { Bus } from "../../bus/bus.ts";
import type { AuditKind } from "../../bus/relay.ts";
import type { Clock } from "../../core/clock.ts";
import type { Identity, Session } from "../../core/model.ts";
import { type Behavior, type PermissionRequest, wholeInput } from "../../core/permission.ts";
import type { PermissionRule } from "../../core/rules.ts";
import { rulingOn } from "../../policy/approval.ts";
import { callOf, type Decision } from "./prompt.ts";

export interface ForegoneParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly self: () => Session;
  readonly rules: readonly PermissionRule[];
  /** This session as it was at its start. */
  readonly start: Identity;
}

/** What is decided without asking anybody: by the person's rules, or because the same call was allowed for good. */
export interface Foregone {
  /** Null: it has to be asked. */
  decides(request: PermissionRequest): Promise<Decision | null>;
  /** The same call of this session is allowed from now on. */
  remember(request: PermissionRequest): void;
}

export function foregone(
  parts: ForegoneParts,
  record: (request: string, kind: AuditKind, who: string, detail: string) => Promise<void>,
): Foregone {
  const { bus, clock, self } = parts;
  const remembered = new Set<string>();
  return {
    remember(request) {
      // Of a preview the rest may say anything.
      if (wholeInput(request.input) !== null) remembered.add(callOf(request));
    },

    async decides(request) {
      const ruling = rulingOn(parts.rules, {
        self: self(),
        start: parts.start,
        tool: request.tool,
        input: request.input,
      });
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
