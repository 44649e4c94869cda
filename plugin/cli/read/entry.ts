import type { Entry } from "../../bus/journal.ts";
import { dayOf, iso } from "../../core/clock.ts";
import { headersOf } from "../../core/headers.ts";
import type { EpochMs, Message } from "../../core/model.ts";
import { neutralise } from "../../core/neutral.ts";
import { cut, fold, type Ink, type Paper, paint } from "../terminal/paper.ts";
import { line } from "../terminal/plain.ts";
import { exactTime } from "../terminal/times.ts";
import { receiptJson, standing } from "./standing.ts";

/** As much of an id as tells one message from the others on a screen; every command takes it for the id. */
export function shortId({ id }: Pick<Message, "id">): string {
  return id.slice(-8);
}

// In scripts that run from right to left the arrow between two names would turn with them.
const rightToLeft = /[\p{sc=Hebrew}\p{sc=Arabic}\p{sc=Syriac}\p{sc=Thaana}\p{sc=Nko}\p{sc=Adlam}]/u;
const leftToRight = "\u200e";

export function nameText(name: string): string {
  const text = line(name);
  return rightToLeft.test(text) ? `${leftToRight}${text}${leftToRight}` : text;
}

const mostNames = 3;

export function toText({ recipients }: Pick<Message, "recipients">): string {
  const names = recipients.map(({ name }) => nameText(name));
  if (names.length <= mostNames) return names.join(", ");
  return `${names.slice(0, mostNames - 1).join(", ")} and ${names.length - mostNames + 1} more`;
}

/** What it is, where that is more than plain mail: `urgent task`, `request`. */
export function kindText({ kind, priority, type }: Pick<Message, "kind" | "priority" | "type">): string {
  const words = [priority === "normal" ? null : priority, kind === "dm" ? null : kind, type];
  return words.filter((word) => word !== null).join(" ");
}

/** How far what belongs to a message stands in from its time. */
export function indentOf({ columns }: Paper): number {
  return columns < 60 ? 2 : 10;
}

/** The line above a message; where it does not fit several, broken between its parts. */
export function heading(entry: Entry, paper: Paper): readonly string[] {
  const { message } = entry;
  const { mark, word, ink } = standing(entry);
  const kind = kindText(message);
  const thread = message.threadId === null ? "" : `#${line(message.threadId)}`;
  const parts: readonly (readonly [Ink, string])[] = [
    [message.priority === "urgent" ? "yellow" : "cyan", kind],
    [ink, `${mark} ${word}`],
    ["dim", thread],
    ["dim", shortId(message)],
  ];
  const time = `${exactTime(message.sentAt)}  `;
  const names = cut(`${nameText(message.fromName)} → ${toText(message)}`, paper.columns - time.length);
  const lines = [`${paint(paper, "dim", time)}${paint(paper, "bold", names)}`];
  const indent = indentOf(paper);
  let places = time.length + Bun.stringWidth(names);
  for (const [color, given] of parts.filter(([, text]) => text !== "")) {
    const text = cut(given, paper.columns - indent);
    const width = Bun.stringWidth(text);
    const fits = places + 3 + width <= paper.columns;
    if (fits) lines[lines.length - 1] += ` · ${paint(paper, color, text)}`;
    else lines.push(`${" ".repeat(indent)}${paint(paper, color, text)}`);
    places = fits ? places + 3 + width : indent + width;
  }
  return lines;
}

const mostChars = 4_000;

/** The beginning of a text in a few lines, in which the ends of its own can be seen. */
export function beginning({ body }: Pick<Message, "body">, paper: Paper, most: number): readonly string[] {
  const indent = indentOf(paper);
  const room = paper.columns - indent;
  const lines = fold(line(body.slice(0, mostChars)), room);
  const shown = lines.slice(0, most);
  const isWhole = lines.length <= most && body.length <= mostChars;
  if (!isWhole) shown[shown.length - 1] = cut(`${shown.at(-1)} …`, room);
  return shown.map((text) => `${" ".repeat(indent)}${text}`);
}

/** All of a text, its lines where they are. */
export function wholeText({ body }: Pick<Message, "body">, paper: Paper): readonly string[] {
  const indent = indentOf(paper);
  return neutralise(body)
    .split("\n")
    .flatMap((text) => fold(text.trimEnd(), paper.columns - indent))
    .map((text) => `${" ".repeat(indent)}${text}`.trimEnd());
}

/** One message in one line, for a log: nothing is cut, so that whoever looks for a word finds it. */
export function inOneLine(entry: Entry): string {
  const { message } = entry;
  const kind = kindText(message);
  const to = message.recipients.map(({ name }) => line(name)).join(",");
  const what = kind === "" ? "" : ` (${kind})`;
  return `${iso(message.sentAt)} ${message.id} ${line(message.fromName)} -> ${to}${what} ${standing(entry).word}: ${line(message.body)}\n`;
}

/** The same for a script: foreign text as it is. */
export function letterJson(message: Message) {
  return {
    ...headersOf(message),
    kind: message.kind,
    from_id: message.fromId,
    from_role: message.fromRole,
    from_project: message.fromProject,
    to: message.recipients.map(({ name }) => name),
    content: message.body,
  };
}

/** And how far it has come. */
export function messageJson(entry: Entry) {
  const { message, receipts } = entry;
  return {
    ...letterJson(message),
    receipts: receipts.map((receipt) => receiptJson(entry, receipt)),
  };
}

/** The line where another day begins; null: the same day goes on. */
export function dayLine(at: EpochMs, before: EpochMs | null, paper: Paper): string | null {
  if (before !== null && dayOf(before) === dayOf(at)) return null;
  return paint(paper, "dim", `── ${dayOf(at)} ──`);
}
