import type { Key } from "./keys.ts";
import type { Pressed } from "./press.ts";
import type { Scene } from "./scene.ts";
import { editing } from "./typing.ts";
import type { Over, Ui } from "./ui.ts";

/** How far one can go: rows of a page, and of what is open the first row shown and the last that can be. */
export interface Reach {
  readonly page: number;
  readonly top: number;
  readonly lastTop: number;
}

export const longestReason = 500;
// What is longer is a text for an editor: cc-dm send --file.
const longestText = 2_000;

/** A key while something is open over the panes. */
export function readingKey(ui: Ui, over: Over, key: Key, scene: Scene, reach: Reach): Pressed {
  if (over.kind === "reason" || over.kind === "write") return lineKey(ui, over, key);
  if (key.name === "escape" || key.name === "left" || key.name === "enter")
    return stay({ ...ui, over: null });
  if (key.name === "text") {
    if (key.text === "q") return stay({ ...ui, over: null });
    if (key.text === "?" && over.kind === "help") return stay({ ...ui, over: null });
    if (key.text === "m" && (over.kind === "session" || over.kind === "message"))
      return stay(writing(ui, over.id, scene));
    if (over.kind === "request" && /^[yn]$/.test(key.text)) return answerKey(ui, over.id, key.text, scene);
  }
  const by = steps(key, reach);
  return stay(by === 0 ? ui : { ...ui, over: { ...over, top: bounded(over.top ?? reach.top, by, reach) } });
}

function stay(ui: Ui): Pressed {
  return { ui, wish: null };
}

function bounded(top: number, by: number, { lastTop }: Reach): number {
  return Math.max(0, Math.min(lastTop, Math.min(top, lastTop) + by));
}

function steps(key: Key, { page }: Reach): number {
  switch (key.name) {
    case "up":
      return -1;
    case "down":
      return 1;
    case "page up":
      return -page;
    case "page down":
      return page;
    case "home":
      return Number.NEGATIVE_INFINITY;
    case "end":
      return Number.POSITIVE_INFINITY;
    case "text":
      return (
        { k: -1, j: 1, b: -page, " ": page, g: Number.NEGATIVE_INFINITY, G: Number.POSITIVE_INFINITY }[
          key.text
        ] ?? 0
      );
    default:
      return 0;
  }
}

/** Only what is open, in full, can be answered, and only while it still waits. */
function answerKey(ui: Ui, id: string, letter: string, scene: Scene): Pressed {
  if (scene.doubt !== null || !scene.requests.some((one) => one.id === id)) return stay(ui);
  if (letter === "n") return stay({ ...ui, over: { kind: "reason", id, top: 0, text: "" } });
  return { ui: { ...ui, over: null }, wish: { kind: "decide", id, behavior: "allow", reason: null } };
}

/** Begins a message to a session, or to whoever wrote a message, while they are there. */
export function writing(ui: Ui, id: string, { sessions, messages }: Scene): Ui {
  const author = messages.find(({ message }) => message.id === id)?.message.fromName;
  const to = sessions.find((one) => one.id === id || one.name === author);
  if (to === undefined) return ui;
  const text = ui.unsent?.to === to.name ? ui.unsent.text : "";
  return { ...ui, unsent: null, over: { kind: "write", id: to.id, top: 0, text } };
}

function lineKey(ui: Ui, over: Extract<Over, { kind: "reason" | "write" }>, key: Key): Pressed {
  const { kind, id, text } = over;
  if (key.name === "escape")
    return stay({ ...ui, over: kind === "reason" ? { kind: "request", id, top: 0 } : null });
  if (key.name !== "enter") {
    const longest = kind === "reason" ? longestReason : longestText;
    return stay({ ...ui, over: { ...over, text: editing(text, key, longest) } });
  }
  const said = text.trim();
  const done = { ...ui, over: null };
  if (kind === "reason")
    return { ui: done, wish: { kind: "decide", id, behavior: "deny", reason: said || null } };
  return said === "" ? stay(done) : { ui: done, wish: { kind: "send", to: id, text: said } };
}
