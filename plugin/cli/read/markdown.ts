import type { Entry } from "../../bus/journal.ts";
import { dayOf } from "../../core/clock.ts";
import type { EpochMs } from "../../core/model.ts";
import { neutralise } from "../../core/neutral.ts";
import { line } from "../terminal/plain.ts";
import { exactMoment, exactTime } from "../terminal/times.ts";
import { kindText } from "./entry.ts";

/** One message as a section; the day as a heading above the first of it. */
export function section(entry: Entry, before: EpochMs | null): string {
  const { message, receipts } = entry;
  const day = dayOf(message.sentAt);
  const names = `${name(message.fromName)} → ${message.recipients.map((to) => name(to.name)).join(", ")}`;
  const kind = kindText(message);
  const facts = [
    `\`${line(message.id)}\``,
    ...(message.threadId === null ? [] : [`thread \`${line(message.threadId)}\``]),
    ...(message.inReplyTo === null ? [] : [`answers \`${line(message.inReplyTo)}\``]),
    ...receipts.map(
      (one) =>
        `${name(one.name)} ${one.state}${one.seenAt === null ? "" : ` ${exactMoment(one.seenAt, message.sentAt)}`}`,
    ),
  ];
  return [
    ...(before !== null && dayOf(before) === day ? [] : [`## ${day}\n`]),
    `### ${exactTime(message.sentAt)} ${names}${kind === "" ? "" : ` (${kind})`}\n`,
    `${facts.join(" · ")}\n`,
    `${fenced(message.body)}\n`,
  ].join("\n");
}

/** Names may hold "_", which begins emphasis. */
function name(text: string): string {
  return line(text).replaceAll("_", "\\_");
}

/** As it was written: within a fence nothing is markup, and no picture is loaded from anywhere. */
function fenced(body: string): string {
  const text = neutralise(body);
  let longest = 2;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
