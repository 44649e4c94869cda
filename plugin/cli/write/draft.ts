import { messageTypes, priorities } from "../../core/model.ts";
import type { Draft } from "../../policy/post.ts";
import { threadPattern } from "../../policy/trust.ts";
import { Usage } from "../command.ts";
import { oneOf } from "../suggest.ts";
import { durationOf } from "../terminal/times.ts";

/** What a message may carry besides its text. */
export const marks = {
  file: { type: "string", short: "f", value: "PATH", about: "The text stands in that file" },
  urgent: { type: "boolean", short: "u", about: "The same as --priority urgent" },
  priority: {
    type: "string",
    value: "WHICH",
    about: "urgent, normal or low (low never interrupts by itself)",
  },
  type: { type: "string", value: "TYPE", about: "task, question, status or review" },
  thread: { type: "string", short: "t", value: "ID", about: "Groups messages, e.g. a ticket" },
  ttl: { type: "string", value: "TIME", about: "Until it expires unread: 30m, 2h, 7d" },
} as const;

export interface Marks {
  readonly urgent?: boolean;
  readonly priority?: string;
  readonly type?: string;
  readonly thread?: string;
  readonly ttl?: string;
}

const longestTtlS = 2_592_000;

/** @throws Usage for a word that is none of those. */
export function marksOf({ urgent, priority, type, thread, ttl }: Marks): Omit<Draft, "content"> {
  if (urgent === true && priority !== undefined) throw new Usage("Give --urgent or --priority, not both.");
  if (thread !== undefined && !threadPattern.test(thread.trim()))
    throw new Usage(
      "--thread takes 1 to 64 letters, digits, spaces or . _ : / # @ -, beginning with a letter or digit.",
    );
  const seconds = ttl === undefined ? undefined : durationOf("--ttl", ttl) / 1000;
  if (seconds !== undefined && !(seconds >= 1 && seconds <= longestTtlS))
    throw new Usage("--ttl takes 1s to 30d.");
  const wanted = urgent === true ? "urgent" : priority;
  return {
    priority: wanted === undefined ? undefined : oneOf(priorities, wanted, "--priority"),
    message_type: type === undefined ? undefined : oneOf(messageTypes, type, "--type"),
    thread_id: thread?.trim(),
    ttl_s: seconds === undefined ? undefined : Math.round(seconds),
  };
}
