import type { EpochMs, Message } from "../../core/model.ts";
import { neutralise } from "../../core/neutral.ts";
import { letterJson } from "../read/entry.ts";
import { type Paper, paint, wrap } from "../terminal/paper.ts";
import { line } from "../terminal/plain.ts";
import { shortMoment } from "../terminal/times.ts";
import type { Speaker } from "./speaker.ts";

const indent = "  ";

/** One message as the person reads it: who, when, what kind, the id to answer with, and its text. */
export function letter(message: Message, now: EpochMs, paper: Paper, repeat = false): string {
  const body = neutralise(message.body)
    .split("\n")
    .flatMap((text) => wrap(text, paper.columns - indent.length))
    .map((text) => `${indent}${text}`.trimEnd());
  return `${heading(message, now, paper, repeat)}${body.join("\n")}\n`;
}

/** Its first line. */
export function heading(message: Message, now: EpochMs, paper: Paper, repeat = false): string {
  const { id, kind, fromName, fromRole, fromProject, sentAt, priority, type, threadId } = message;
  const who =
    kind === "notice"
      ? "cc-dm"
      : `${line(fromName)} (${line([fromRole, fromProject].filter(Boolean).join(", "))})`;
  const marks = [
    shortMoment(sentAt, now),
    priority === "normal" ? "" : (priority ?? ""),
    type ?? "",
    kind === "broadcast" ? "broadcast" : "",
    threadId === null ? "" : `thread ${line(threadId)}`,
    repeat ? "may have been shown before" : "",
    id,
  ].filter((part) => part !== "");
  return `${paint(paper, "bold", who)} · ${marks.join(" · ")}\n`;
}

/** What was given to somebody, for a script. What a session's shell prints its model reads: nothing in it may pose as the client's. */
export function givenJson(message: Message, { isPerson }: Pick<Speaker, "isPerson">, repeat = false) {
  const text = letterJson(message);
  return { ...text, content: isPerson ? text.content : neutralise(text.content), repeat };
}
