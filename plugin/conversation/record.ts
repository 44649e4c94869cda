/** One line of a client's transcript, as far as anybody here reads it. All of it is foreign: nothing is sure to be there. */
export interface TranscriptRecord {
  readonly type?: unknown;
  readonly subtype?: unknown;
  readonly uuid?: string;
  readonly parentUuid?: string | null;
  /** Across a compaction, where `parentUuid` is null: what the conversation went on from. */
  readonly logicalParentUuid?: string | null;
  readonly sourceToolAssistantUUID?: unknown;
  readonly timestamp?: unknown;
  /** Of a subagent. Newer clients keep those in files of their own. */
  readonly isSidechain?: unknown;
  /** Put in by the client: a skill's text, a caveat. */
  readonly isMeta?: unknown;
  readonly isCompactSummary?: unknown;
  readonly attachment?: {
    readonly type?: unknown;
    readonly decision?: unknown;
    readonly hookEvent?: unknown;
    readonly prompt?: unknown;
    readonly content?: unknown;
    readonly origin?: { readonly kind?: unknown };
  } | null;
  readonly origin?: { readonly kind?: unknown };
  readonly content?: unknown;
  readonly message?: { readonly id?: unknown; readonly content?: unknown };
}

/** What a message's content is made of. */
export interface Block {
  readonly type?: unknown;
  readonly text?: unknown;
  readonly thinking?: unknown;
  readonly id?: unknown;
  readonly name?: unknown;
  readonly input?: unknown;
  readonly tool_use_id?: unknown;
  readonly is_error?: unknown;
  readonly content?: unknown;
}

/** Null for what is no record: the first line of a piece may be cut, the last may still be written. */
export function parseRecord(line: string): TranscriptRecord | null {
  try {
    const record: unknown = JSON.parse(line);
    return typeof record === "object" && !Array.isArray(record) ? record : null;
  } catch {
    return null;
  }
}

export const brokenMark = "[Request interrupted by user";

/** The person broke the turn off. Written by the client alone: a prompt of the same words is a plain text, not a list. */
export function isBroken({ type, message }: TranscriptRecord): boolean {
  if (type !== "user" || !Array.isArray(message?.content)) return false;
  const [part] = message.content as readonly Block[];
  return typeof part?.text === "string" && part.text.startsWith(brokenMark) && part.text.endsWith("]");
}

/** A message's content as blocks, whichever of its two forms it has. */
export function blocksOf(content: unknown): readonly Block[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  if (!Array.isArray(content)) return [];
  return content.filter((one): one is Block => typeof one === "object" && one !== null);
}

/** The text of a content; what is no text is named in its place. */
export function textOf(content: unknown): string {
  return blocksOf(content).map(wording).filter(Boolean).join("\n");
}

function wording({ type, text }: Block): string {
  if (typeof text === "string") return text;
  if (type === "tool_reference" || typeof type !== "string") return "";
  return `(${type.slice(0, 40)})`;
}
