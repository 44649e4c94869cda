import { iso } from "../../core/clock.ts";
import type { EpochMs, Message } from "../../core/model.ts";
import { neutralise } from "../../core/neutral.ts";
import { type Paper, paint, wrap } from "../terminal/paper.ts";
import { line } from "../terminal/plain.ts";
import { shortMoment } from "../terminal/times.ts";

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

/** The same for a script: foreign text as it is. */
export function letterJson(message: Message, repeat = false) {
  return {
    message_id: message.id,
    kind: message.kind,
    from: message.kind === "notice" ? "cc-dm" : message.fromName,
    from_id: message.fromId,
    from_role: message.fromRole,
    from_project: message.fromProject,
    sent_at: iso(message.sentAt),
    priority: message.priority ?? "normal",
    message_type: message.type,
    thread_id: message.threadId,
    in_reply_to: message.inReplyTo,
    repeat,
    content: message.body,
  };
}
