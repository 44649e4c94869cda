import { blocksOf, isBroken, type TranscriptRecord, textOf } from "./record.ts";

/** Who gave a prompt: a person, another session by cc-dm, the client by itself, a command or a shell line the person typed. */
export type Giver = "person" | "message" | "notification" | "command" | "shell";

export interface Prompt {
  readonly by: Giver;
  readonly text: string;
  /** Names of the sessions whose messages it carries. */
  readonly from?: readonly string[];
}

/** What begins a turn; null for a record that only goes on with one. */
export function promptOf(record: TranscriptRecord): Prompt | null {
  if (record.type !== "user" || record.isMeta === true || record.isCompactSummary === true) return null;
  const blocks = blocksOf(record.message?.content);
  if (blocks.length === 0 || blocks.some(({ type }) => type === "tool_result") || isBroken(record))
    return null;
  const text = textOf(record.message?.content);
  if (outputs.some((tag) => text.startsWith(tag))) return null;
  return given(text, record.origin?.kind);
}

/** The same for what came during a turn and did not begin one. */
export function given(text: string, kind: unknown): Prompt {
  if (kind === "task-notification" || text.trimStart().startsWith("<task-notification>")) {
    const from = senders(text);
    return from.length > 0 ? { by: "message", text: framed(text), from } : { by: "notification", text };
  }
  if (text.startsWith("<command-name>") || text.startsWith("<command-message>")) {
    const name = inside(text, "command-name") ?? "";
    const args = inside(text, "command-args") ?? "";
    return { by: "command", text: `${name} ${args}`.trim() };
  }
  const shell = inside(text, "bash-input");
  if (text.startsWith("<bash-input>") && shell !== null) return { by: "shell", text: shell };
  return { by: "person", text };
}

// What a command or shell line that the person typed gave, behind it.
const outputs = ["<local-command-stdout>", "<local-command-stderr>", "<bash-stdout>", "<bash-stderr>"];

/** Our own header lines in it (core/frame.ts). A sender's name has no blanks. */
export function senders(text: string): readonly string[] {
  const names = new Set<string>();
  for (const line of text.split("\n")) {
    if (!line.startsWith("From ") || !line.includes(" · another session")) continue;
    const name = /^From ([^\s(]{1,80}) \(/.exec(line)?.[1];
    if (name !== undefined) names.add(name);
  }
  return [...names];
}

/** Our frames without the client's words around them. */
function framed(text: string): string {
  const end = text.lastIndexOf("\n\n---\n\nEnd of the message");
  const begin = text.indexOf("\nFrom ");
  return text.slice(begin + 1, end > begin ? end : undefined).trim();
}

function inside(text: string, tag: string): string | null {
  const [from, to] = [text.indexOf(`<${tag}>`), text.indexOf(`</${tag}>`)];
  return from < 0 || to < from ? null : text.slice(from + tag.length + 2, to).trim();
}
