import { parseIso } from "../core/clock.ts";
import type { EpochMs } from "../core/model.ts";
import { type Giver, given, type Prompt, promptOf, senders } from "./prompt.ts";
import { type Block, blocksOf, isBroken, type TranscriptRecord, textOf } from "./record.ts";

/** What happened in a turn, in order. */
export type Event =
  | { readonly kind: "answer" | "thinking" | "summary"; readonly text: string }
  | { readonly kind: "tool"; readonly name: string; readonly input: string; readonly result: Result | null }
  /** Given while the turn ran. */
  | { readonly kind: "given"; readonly by: Giver | "hook"; readonly text: string }
  /** Said by the client: what a command printed, that the person broke it off. */
  | { readonly kind: "note"; readonly text: string };

export interface Result {
  readonly text: string;
  readonly failed: boolean;
}

export interface Turn {
  readonly number: number;
  readonly at: EpochMs | null;
  readonly until: EpochMs | null;
  readonly prompt: Prompt;
  readonly events: readonly Event[];
}

/** @param records the prompt's first. */
export function turnOf(number: number, records: readonly TranscriptRecord[]): Turn | null {
  const [first] = records;
  const prompt = first === undefined ? null : promptOf(first);
  if (first === undefined || prompt === null) return null;
  const results = resultsIn(records);
  return {
    number,
    at: parseIso(first.timestamp),
    until: parseIso(records.findLast(({ timestamp }) => parseIso(timestamp) !== null)?.timestamp),
    prompt,
    events: records.slice(1).flatMap((record) => eventsOf(record, results)),
  };
}

function resultsIn(records: readonly TranscriptRecord[]): ReadonlyMap<unknown, Result> {
  const results = new Map<unknown, Result>();
  for (const { type, message } of records) {
    if (type !== "user") continue;
    for (const { type: of, tool_use_id: id, content, is_error: failed } of blocksOf(message?.content))
      if (of === "tool_result") results.set(id, { text: textOf(content), failed: failed === true });
  }
  return results;
}

function eventsOf(record: TranscriptRecord, results: ReadonlyMap<unknown, Result>): readonly Event[] {
  switch (record.type) {
    case "assistant":
      return blocksOf(record.message?.content).flatMap((block) => said(block, results));
    case "user":
      return heard(record);
    case "attachment":
      return attached(record);
    case "system":
      return record.subtype === "local_command" || record.subtype === "compact_boundary"
        ? noted(typeof record.content === "string" ? record.content : "")
        : [];
    default:
      return [];
  }
}

function said(block: Block, results: ReadonlyMap<unknown, Result>): readonly Event[] {
  if (block.type === "text" && typeof block.text === "string") return [{ kind: "answer", text: block.text }];
  if (block.type === "thinking" && typeof block.thinking === "string" && block.thinking !== "")
    return [{ kind: "thinking", text: block.thinking }];
  if (block.type !== "tool_use") return [];
  const name = typeof block.name === "string" ? block.name : "a tool";
  return [{ kind: "tool", name, input: inputOf(block.input), result: results.get(block.id) ?? null }];
}

/** A call's input as it would be written down: a text as it is, so that nothing hides in escapes. */
function inputOf(input: unknown): string {
  if (typeof input !== "object" || input === null) return String(input ?? "");
  return Object.entries(input)
    .map(([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value, null, 1)}`)
    .join("\n");
}

function heard(record: TranscriptRecord): readonly Event[] {
  const text = textOf(record.message?.content);
  if (record.isCompactSummary === true) return [{ kind: "summary", text }];
  // A skill's text and the client's caveats are the client's own; results stand with their calls.
  if (record.isMeta === true || blocksOf(record.message?.content).some(isResult)) return [];
  if (isBroken(record)) return [{ kind: "note", text: text.slice(1, -1) }];
  return noted(text);
}

const isResult = ({ type }: Block) => type === "tool_result";

function attached({ attachment }: TranscriptRecord): readonly Event[] {
  if (attachment?.type === "queued_command") {
    const { by, text } = given(textOf(attachment.prompt), attachment.origin?.kind);
    return [{ kind: "given", by, text }];
  }
  if (attachment?.type !== "hook_additional_context") return [];
  const content = attachment.content;
  const text = Array.isArray(content) ? content.filter((one) => typeof one === "string").join("\n") : "";
  if (text === "") return [];
  return [{ kind: "given", by: senders(text).length > 0 ? "message" : "hook", text }];
}

/** What a command printed, without the client's tags around it. */
function noted(text: string): readonly Event[] {
  const plain = text
    .replace(
      /<\/?(?:local-command-(?:stdout|stderr)|bash-(?:stdout|stderr)|command-(?:name|message|args))>/g,
      " ",
    )
    .trim();
  return plain === "" ? [] : [{ kind: "note", text: plain }];
}
