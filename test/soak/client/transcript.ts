import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";

/** Writes the records that a client's transcript has, as far as anybody looks for them. */
export interface Transcript {
  readonly path: string;
  prompt(text: string): void;
  /** The client has it; the model does not yet. */
  enqueued(text: string): void;
  /** A turn of its own. */
  wake(text: string): void;
  /** Taken in between two steps of a turn. */
  absorbed(text: string): void;
  context(hookName: string, text: string): void;
  assistant(): void;
  toolResult(text: string): void;
  /** The next record follows what was there before the last prompt: what came with it is abandoned. */
  rewind(): void;
}

export function transcript(path: string, sessionId: string): Transcript {
  let last: string | null = null;
  let beforePrompt: string | null = null;

  function write(record: object): void {
    const uuid = randomUUID();
    const timestamp = new Date().toISOString();
    appendFileSync(path, `${JSON.stringify({ parentUuid: last, sessionId, uuid, timestamp, ...record })}\n`);
    last = uuid;
  }
  const user = (content: unknown, more: object = {}) =>
    write({ type: "user", message: { role: "user", content }, ...more });

  return {
    path,
    prompt(text) {
      beforePrompt = last;
      user(text);
    },
    enqueued: (content) => write({ type: "queue-operation", operation: "enqueue", content }),
    wake(text) {
      write({ type: "queue-operation", operation: "dequeue" });
      beforePrompt = last;
      user(text, { origin: { kind: "task-notification" }, promptSource: "system" });
    },
    absorbed(prompt) {
      write({ type: "queue-operation", operation: "remove", reason: "absorbed_mid_turn", content: prompt });
      write({ type: "attachment", attachment: { type: "queued_command", prompt } });
    },
    context: (hookName, text) =>
      write({
        type: "attachment",
        attachment: { type: "hook_additional_context", content: [text], hookName, hookEvent: hookName },
      }),
    assistant: () =>
      write({ type: "assistant", message: { role: "assistant", content: [{ type: "text", text: "…" }] } }),
    toolResult: (content) => user([{ type: "tool_result", content }]),
    rewind() {
      last = beforePrompt;
    },
  };
}
