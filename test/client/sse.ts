import type { Action } from "./script.ts";

const pingMs = 4_000;
let answers = 0;

/** An answer as the Messages API streams it. */
export function stream(model: string, actions: readonly Action[]): Response {
  const number = ++answers;
  async function* events() {
    const usage = { input_tokens: 10, output_tokens: 1 };
    const message = { id: `msg_${number}`, type: "message", role: "assistant", model, content: [], usage };
    yield event("message_start", { message: { ...message, stop_reason: null, stop_sequence: null } });
    let index = 0;
    let stop = "end_turn";
    for (const action of actions) {
      if ("waitMs" in action) {
        yield* pings(Bun.sleep(action.waitMs));
      } else if ("until" in action) {
        yield* pings(action.until);
      } else if ("say" in action) {
        yield block(index++, { type: "text", text: "" }, { type: "text_delta", text: action.say });
      } else if ("call" in action || "calls" in action) {
        for (const { call, input } of "calls" in action ? action.calls : [action]) {
          const json = JSON.stringify(input);
          const use = { type: "tool_use", id: `toolu_${number}_${index}`, name: call, input: {} };
          yield block(index++, use, { type: "input_json_delta", partial_json: json });
        }
        stop = "tool_use";
      }
    }
    yield event("message_delta", { delta: { stop_reason: stop, stop_sequence: null }, usage });
    yield event("message_stop", {});
  }
  return new Response(events(), { headers: { "content-type": "text/event-stream" } });
}

/** The API sends such events too. Without them the server ends an answer of ten silent seconds, on a Unix socket. */
async function* pings(done: Promise<unknown>) {
  let over = false;
  const end = done.finally(() => {
    over = true;
  });
  for (;;) {
    await Promise.race([end, Bun.sleep(pingMs)]);
    if (over) return;
    yield event("ping", {});
  }
}

/** A refusal that the client is told not to try again. */
export function failure(status: number): Response {
  const error = { type: "error", error: { type: "api_error", message: `scripted failure ${status}` } };
  return Response.json(error, { status, headers: { "x-should-retry": "false" } });
}

function block(index: number, start: object, delta: object): string {
  return (
    event("content_block_start", { index, content_block: start }) +
    event("content_block_delta", { index, delta }) +
    event("content_block_stop", { index })
  );
}

function event(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}
