import { tokensIn } from "../core/frame.ts";

/**
 * Evidence tokens in the records by which a client's transcript (JSON lines) shows that a wake reached
 * the model: a turn of its own, or a command absorbed in the middle of one. An `enqueue` alone only
 * says that the client has it.
 */
export function tokensShown(lines: string): string[] {
  return lines.split("\n").flatMap((line) => {
    if (!line.includes("ref ")) return [];
    const record = parse(line);
    const absorbed = record?.type === "attachment" && record.attachment?.type === "queued_command";
    const ownTurn = record?.type === "user" && record.origin?.kind === "task-notification";
    return absorbed || ownTurn ? texts(record).flatMap(tokensIn) : [];
  });
}

interface TranscriptRecord {
  readonly type?: unknown;
  readonly attachment?: { readonly type?: unknown };
  readonly origin?: { readonly kind?: unknown };
}

function parse(line: string): TranscriptRecord | null {
  try {
    return JSON.parse(line) as TranscriptRecord | null;
  } catch {
    return null; // the first line of a tail may be cut, the last may still be written
  }
}

function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : [];
}
