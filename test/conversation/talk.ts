/** A transcript as a client writes it, made by hand. */
import type { Source } from "../../plugin/conversation/outline.ts";

type Content = string | readonly Readonly<Record<string, unknown>>[];
interface More {
  /** What it goes on from, where that is not the record before it. */
  readonly after?: string | null;
  readonly [key: string]: unknown;
}

export interface Talk {
  /** Each returns the id of its record. */
  user(content: Content, more?: More): string;
  assistant(content: Content, more?: More): string;
  /** A call of a tool, alone in its answer. */
  call(id: string, input: unknown, more?: More & { readonly name?: string }): string;
  result(id: string, content: Content, more?: More): string;
  record(record: Readonly<Record<string, unknown>>, more?: More): string;
  /** A line of whatever kind. */
  raw(line: string): void;
  text(): string;
  source(): Source;
}

const start = Date.parse("2026-11-21T10:00:00Z");

export function talk(): Talk {
  const lines: string[] = [];
  let last: string | null = null;
  let count = 0;

  const own: Talk = {
    record(record, { after, ...more } = {}) {
      const uuid = `r${++count}`;
      const parentUuid: string | null = after === undefined ? last : after;
      const timestamp = new Date(start + count * 1000).toISOString();
      lines.push(JSON.stringify({ parentUuid, isSidechain: false, ...record, uuid, timestamp, ...more }));
      if (more.isSidechain !== true) last = uuid;
      return uuid;
    },
    user: (content, more) => own.record({ type: "user", message: { role: "user", content } }, more),
    assistant(content, { id, ...more } = {}) {
      const blocks = typeof content === "string" ? [{ type: "text", text: content }] : content;
      const message = { id: id ?? `m${count}`, role: "assistant", content: blocks };
      return own.record({ type: "assistant", message }, more);
    },
    call: (id, input, { name = "Bash", ...more } = {}) =>
      own.assistant([{ type: "tool_use", id, name, input }], more),
    result: (id, content, more) => own.user([{ type: "tool_result", tool_use_id: id, content }], more),
    raw: (line) => void lines.push(line),
    text: () => lines.map((line) => `${line}\n`).join(""),
    source: () => sourceOf(own.text()),
  };
  return own;
}

export function sourceOf(text: string): Source {
  const bytes = Buffer.from(text);
  return { size: bytes.length, read: async (from, to) => bytes.subarray(from, to) };
}
