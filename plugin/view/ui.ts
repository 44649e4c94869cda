import type { Behavior } from "../core/permission.ts";

export type Pane = "sessions" | "requests" | "messages";

/** What covers the panes; `top` is the first row shown of what is longer than the screen. */
export type Over =
  | { readonly kind: "help"; readonly top: number }
  | { readonly kind: "session" | "request"; readonly id: string; readonly top: number }
  /** Null: with the message that was opened as the first row. */
  | { readonly kind: "message"; readonly id: string; readonly top: number | null }
  /** A denial being given its reason; a message being written to a session. */
  | {
      readonly kind: "reason" | "write";
      readonly id: string;
      readonly top: number;
      readonly text: string;
    };

/** What the person has done to the view. Kept apart from what is shown, which others change all the time. */
export interface Ui {
  readonly pane: Pane;
  /** By id, so that what comes and goes moves no choice. Null: nothing chosen yet. */
  readonly chosen: Readonly<Record<Pane, string | null>>;
  /** Undefined: all; null: those without one. */
  readonly project: string | null | undefined;
  readonly filter: string;
  /** The filter is being typed. */
  readonly typing: boolean;
  readonly over: Over | null;
  /** What came of the last key, until the next. */
  readonly note: Note | null;
  /** What was written to a session (by its name) and could not be sent: `m` brings it back. */
  readonly unsent: { readonly to: string; readonly text: string } | null;
}

export interface Note {
  readonly text: string;
  readonly tone: "good" | "bad" | "plain";
}

/** What a key asks the program to do. */
export type Wish =
  | { readonly kind: "quit" }
  | { readonly kind: "redraw" }
  | { readonly kind: "suspend" }
  | {
      readonly kind: "decide";
      readonly id: string;
      readonly behavior: Behavior;
      readonly reason: string | null;
    }
  | { readonly kind: "send"; readonly to: string; readonly text: string };

export const atStart: Ui = {
  pane: "sessions",
  chosen: { sessions: null, requests: null, messages: null },
  project: undefined,
  filter: "",
  typing: false,
  over: null,
  note: null,
  unsent: null,
};
