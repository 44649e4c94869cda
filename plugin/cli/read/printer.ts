import type { Delivery, Entry } from "../../bus/journal.ts";
import { iso } from "../../core/clock.ts";
import type { EpochMs } from "../../core/model.ts";
import type { Terminal } from "../command.ts";
import { cut, paint } from "../terminal/paper.ts";
import { json, line } from "../terminal/plain.ts";
import { exactMoment, exactTime } from "../terminal/times.ts";
import {
  beginning,
  dayLine,
  heading,
  inOneLine,
  messageJson,
  nameText,
  shortId,
  wholeText,
} from "./entry.ts";
import { receiptJson, standingOf } from "./standing.ts";

/** Deliveries of a message that was shown before, which stand otherwise now. */
export interface Change {
  readonly entry: Entry;
  readonly changed: readonly Delivery[];
}

export interface Printer {
  messages(entries: readonly Entry[]): void;
  changes(changes: readonly Change[]): void;
}

// Of a text that nobody asked for in full.
const mostLines = 2;

/** Writes messages as they come: for a person at a terminal, as lines into a pipe, or for a script. */
export function printer(terminal: Terminal, { forScript = false, full = false }): Printer {
  if (forScript)
    return {
      messages: (entries) =>
        out(terminal, entries, (entry) => `${json({ event: "message", ...messageJson(entry) }, 0)}\n`),
      changes: (changes) =>
        out(terminal, changes, (change) => `${json(changeJson(change, terminal.clock.now()), 0)}\n`),
    };
  if (!terminal.screen)
    return {
      messages: (entries) => out(terminal, entries, inOneLine),
      changes: (changes) => out(terminal, changes, (change) => changeLines(change, terminal.clock.now())),
    };
  let day: EpochMs | null = null;
  return {
    messages: (entries) =>
      out(terminal, entries, (entry) => {
        const begun = dayLine(entry.message.sentAt, day ?? terminal.clock.now(), terminal);
        day = entry.message.sentAt;
        const text = full
          ? wholeText(entry.message, terminal)
          : beginning(entry.message, terminal, mostLines);
        return `${[...(begun === null ? [] : [begun]), ...heading(entry, terminal), ...text].join("\n")}\n`;
      }),
    // Only what matters to somebody who waits; that it was handed over is on the way.
    changes: (changes) =>
      out(terminal, changes, ({ entry, changed }) =>
        changed
          .filter(({ state }) => state !== "handed" && state !== "queued")
          .map((one) => changeText(entry, one, terminal))
          .join(""),
      ),
  };
}

function out<T>(terminal: Terminal, items: readonly T[], write: (item: T) => string): void {
  const text = items.map(write).join("");
  if (text !== "") terminal.out(text);
}

function changeText({ message }: Entry, { state, name }: Delivery, terminal: Terminal): string {
  const { mark, word, ink } = standingOf(state);
  const now = terminal.clock.now();
  const sent = exactMoment(message.sentAt, now);
  const front = `${mark} ${word} by ${nameText(name)}`;
  const time = `${exactTime(now)}  `;
  const rest = cut(
    ` · ${shortId(message)} from ${nameText(message.fromName)}, ${sent}`,
    Math.max(1, terminal.columns - time.length - Bun.stringWidth(front)),
  );
  return `${paint(terminal, "dim", time)}${paint(terminal, ink, front)}${paint(terminal, "dim", rest)}\n`;
}

function changeLines({ entry: { message }, changed }: Change, now: EpochMs): string {
  return changed.map(({ name, state }) => `${iso(now)} ${message.id} ${line(name)} ${state}\n`).join("");
}

function changeJson({ entry, changed }: Change, now: EpochMs) {
  return {
    event: "receipt",
    at: iso(now),
    message_id: entry.message.id,
    receipts: changed.map((receipt) => receiptJson(entry, receipt)),
  };
}
