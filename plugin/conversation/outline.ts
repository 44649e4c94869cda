import { promptOf } from "./prompt.ts";
import { blocksOf, parseRecord, type TranscriptRecord } from "./record.ts";

/** A file of lines, however large, read piece by piece. */
export interface Source {
  readonly size: number;
  /** These bytes; fewer where the file ends. */
  read(from: number, to: number): Promise<Uint8Array>;
}

/** One record of the conversation, without what it says: where it stands and what it follows. */
export interface Step {
  readonly from: number;
  readonly to: number;
  readonly uuid: string;
  readonly parent: string | null;
  /** It begins a turn. */
  readonly prompt: boolean;
  /** It brings a tool's result, of a call in this record. */
  readonly resultOf: string | null;
  /** The answer of the model that it is a piece of: each of its blocks is a record. */
  readonly answer: string | null;
}

const pieceBytes = 1024 * 1024;
// A record is one answer, prompt or result; the client keeps larger results in files of their own.
const longestLine = 32 * pieceBytes;
const newline = 10;

/**
 * The lines of a part of a file, each with where it stands. The last one, if it has no end yet, is still
 * being written and left out; so is one that is longer than any record.
 */
export async function* linesOf(
  source: Source,
  from: number,
  to = source.size,
): AsyncGenerator<{ readonly from: number; readonly bytes: Buffer }> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  let at = from;
  for (let next = from; next < to; ) {
    const piece = Buffer.from(await source.read(next, Math.min(to, next + pieceBytes)));
    if (piece.length === 0) return; // it was cut meanwhile
    next += piece.length;
    let begin = 0;
    for (let end = piece.indexOf(newline); end >= 0; end = piece.indexOf(newline, begin)) {
      const whole = restBytes + end - begin;
      if (whole <= longestLine) {
        const last = piece.subarray(begin, end);
        yield { from: at, bytes: rest.length === 0 ? last : Buffer.concat([...rest, last]) };
      }
      at += whole + 1;
      [rest, restBytes, begin] = [[], 0, end + 1];
    }
    restBytes += piece.length - begin;
    // Of a line that is too long nothing is kept but its length.
    rest = restBytes > longestLine ? [] : [...rest, piece.subarray(begin)];
  }
}

// As the client writes them: inside of a text the quotes would be escaped.
const marks = { record: Buffer.from('"parentUuid":'), user: Buffer.from('"user"') };
const resultMark = Buffer.from('"tool_use_id":');

/** The records of a part of the file that belong to a conversation, in the order written. */
export async function* recordsOf(
  source: Source,
  from: number,
  to = source.size,
): AsyncGenerator<{ readonly step: Step; readonly record: TranscriptRecord }> {
  for await (const { from: at, bytes } of linesOf(source, from, to)) {
    if (bytes.indexOf(marks.record) < 0) continue; // what was sent to the model, snapshots, modes
    const record = parseRecord(bytes.toString("utf8"));
    const step = record === null ? null : stepOf(record, at, at + bytes.length);
    if (record !== null && step !== null) yield { step, record };
  }
}

function stepOf(record: TranscriptRecord, from: number, to: number): Step | null {
  if (typeof record.uuid !== "string" || record.isSidechain === true) return null;
  const parent = record.parentUuid ?? record.logicalParentUuid ?? null;
  const brings = record.type === "user" && blocksOf(record.message?.content)[0]?.type === "tool_result";
  const caller = record.sourceToolAssistantUUID ?? parent;
  return {
    from,
    to,
    uuid: record.uuid,
    parent: typeof parent === "string" ? parent : null,
    prompt: promptOf(record) !== null,
    resultOf: brings && typeof caller === "string" ? caller : null,
    answer: record.type === "assistant" && typeof record.message?.id === "string" ? record.message.id : null,
  };
}

/** How many turns begin in a part of the file: a look at few of its records, and at none of its results. */
export async function promptsIn(source: Source, from: number, to: number): Promise<number> {
  let count = 0;
  for await (const { bytes } of linesOf(source, from, to)) {
    if (bytes.indexOf(marks.record) < 0 || bytes.indexOf(marks.user) < 0 || bytes.indexOf(resultMark) >= 0)
      continue;
    const record = parseRecord(bytes.toString("utf8"));
    if (record !== null && stepOf(record, 0, 0)?.prompt === true) count++;
  }
  return count;
}

/** Where the first line begins that begins at or behind a place. */
export async function lineFrom(source: Source, place: number): Promise<number> {
  if (place <= 0) return 0;
  for (let at = place - 1; at < source.size; at += pieceBytes) {
    const piece = Buffer.from(await source.read(at, Math.min(source.size, at + pieceBytes)));
    const end = piece.indexOf(newline);
    if (end >= 0) return at + end + 1;
    if (piece.length === 0) break;
  }
  return source.size;
}
