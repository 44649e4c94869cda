import type { Activity, EpochMs } from "../core/model.ts";

/**
 * What a client shows of itself, in words of our own: which hook or record says so, only delivery/
 * knows. `agent` is "" for the session itself; a subagent goes on while its session is idle, and may
 * ask for something then.
 */
export type Sign =
  /** A turn begins: a prompt of the person, or a wake. */
  | { readonly kind: "turn" }
  | { readonly kind: "tool"; readonly tool: string; readonly agent: string }
  /** The tools of one answer came to an end. */
  | { readonly kind: "tools_done"; readonly agent: string }
  /** A dialog is open and waits for the person. */
  | { readonly kind: "dialog"; readonly about: string; readonly agent: string }
  /** It was answered, and what it asked for goes on. */
  | { readonly kind: "answered"; readonly agent: string }
  /** The turn, or the subagent, is over: done, failed, or broken off with Escape. */
  | { readonly kind: "end"; readonly agent: string };

interface Dialog {
  readonly about: string;
  readonly since: EpochMs;
  readonly agent: string;
}

export interface Doing {
  /** Since when a turn is running; null: none is. */
  readonly turn: EpochMs | null;
  readonly idleSince: EpochMs;
  readonly tool: string | null;
  readonly dialogs: readonly Dialog[];
}

export function nothing(now: EpochMs): Doing {
  return { turn: null, idleSince: now, tool: null, dialogs: [] };
}

/** What a client is doing after a sign of it. Whoever gives any other sign waits for no dialog any more. */
export function after(doing: Doing, sign: Sign, now: EpochMs): Doing {
  const agent = sign.kind === "turn" ? "" : sign.agent;
  const dialogs = doing.dialogs.filter((dialog) => dialog.agent !== agent);
  if (agent !== "" && sign.kind !== "dialog") return { ...doing, dialogs };
  switch (sign.kind) {
    case "dialog":
      return { ...doing, dialogs: [...dialogs, { about: sign.about, agent, since: now }] };
    case "turn":
    case "tools_done":
      return { ...doing, turn: doing.turn ?? now, tool: null, dialogs };
    case "tool":
      return { ...doing, turn: doing.turn ?? now, tool: sign.tool, dialogs };
    case "answered":
      return { ...doing, dialogs };
    case "end": {
      const wasIdle = doing.turn === null && dialogs.length === doing.dialogs.length;
      return { turn: null, idleSince: wasIdle ? doing.idleSince : now, tool: null, dialogs };
    }
  }
}

export function activityOf({ turn, idleSince, tool, dialogs }: Doing): Activity {
  const [dialog] = dialogs;
  if (dialog !== undefined) return { state: "blocked", since: dialog.since, on: dialog.about };
  if (turn !== null) return { state: "busy", since: turn, on: tool };
  return { state: "idle", since: idleSince, on: null };
}
