import { describe, expect, test } from "bun:test";
import type { Source } from "../../plugin/conversation/outline.ts";
import { lastTurns, masked, oneTurn, search } from "../../plugin/conversation/read.ts";
import { sourceOf, talk } from "./talk.ts";

const prompts = async (source: Source, last = 100) =>
  (await lastTurns(source, last)).turns.map(({ number, prompt }) => `${number} ${prompt.text}`);

describe("the newest turns", () => {
  test("are those of the branch that the conversation stands on", async () => {
    const { user, assistant, source } = talk();
    user("one");
    const first = assistant("1");
    user("taken back");
    user("two", { after: first });
    assistant("2");
    expect(await prompts(source())).toEqual(["1 one", "3 two"]);
  });

  test("are as many as are asked for, and all there are of fewer", async () => {
    const { user, assistant, source } = talk();
    for (const n of [1, 2, 3]) {
      user(`p${n}`);
      assistant("ok");
    }
    expect(await prompts(source(), 2)).toEqual(["2 p2", "3 p3"]);
    expect(await prompts(source(), 9)).toEqual(["1 p1", "2 p2", "3 p3"]);
    expect(await prompts(sourceOf(""))).toEqual([]);
    expect(await prompts(sourceOf("\n\nno json\n[1]\n{}\nnull\n"))).toEqual([]);
  });

  test("keep their numbers whatever is written behind them", async () => {
    const { user, assistant, source } = talk();
    const root = user("one");
    assistant("1");
    const before = await prompts(source());
    user("two");
    user("again", { after: root });
    assistant("x");
    const [one] = before;
    expect(await prompts(source())).toEqual([one as string, "3 again"]);
  });

  test("leave out a record that is still being written, and a line cut off by nobody's fault", async () => {
    const { user, assistant, text } = talk();
    user("one");
    assistant("done");
    const whole = text();
    expect(await prompts(sourceOf(`${whole}{"parentUuid":"r2","type":"user","uuid":"r3","mess`))).toEqual([
      "1 one",
    ]);
    const { turns } = await lastTurns(sourceOf(whole.slice(0, -9)), 5);
    expect(turns).toMatchObject([{ number: 1, events: [] }]);
  });

  test("have nothing of subagents, nor of what was put in by the client", async () => {
    const { user, assistant, source } = talk();
    user("one");
    user("a subagent's prompt", { isSidechain: true });
    assistant("a subagent's answer", { isSidechain: true });
    user("a skill's text", { isMeta: true });
    assistant("1");
    user("two");
    user("it still works", { isSidechain: true });
    expect(await prompts(source())).toEqual(["1 one", "2 two"]);
    expect((await lastTurns(source(), 2)).turns[0]?.events).toEqual([{ kind: "answer", text: "1" }]);
  });

  test("end where records follow each other in a circle", async () => {
    const { record, source } = talk();
    record({ type: "user", message: { content: "one" } }, { after: "r2" });
    record({ type: "assistant", message: { content: [] } }, { after: "r1" });
    expect(await prompts(source())).toEqual(["1 one"]);
  });

  test("take whatever stands in the fields", async () => {
    const odd = [
      null,
      1,
      "x",
      [],
      {},
      [null],
      [{ type: 1 }],
      [{ type: "tool_use" }],
      [{ type: "text", text: 1 }],
    ];
    for (const content of odd) {
      const { user, record, source } = talk();
      user("one");
      for (const type of ["user", "assistant", "system", "attachment", 7])
        record({
          type,
          message: { id: 1, content },
          attachment: { type: "queued_command", prompt: content },
          content,
        });
      expect((await lastTurns(source(), 5)).turns.length).toBeGreaterThan(0);
    }
  });
});

describe("one turn", () => {
  test("that is not there is answered with how many there are", async () => {
    const { user, source } = talk();
    user("one");
    expect(await oneTurn(source(), 2)).toEqual({ of: 1 });
    expect(await oneTurn(sourceOf(""), 1)).toEqual({ of: 0 });
  });

  test("that was taken back has what was said in it, and nothing of others", async () => {
    const { user, assistant, source } = talk();
    user("one");
    const first = assistant("1");
    user("taken back");
    assistant("lost");
    user("lost too");
    user("two", { after: first });
    expect(await oneTurn(source(), 2)).toMatchObject({
      abandoned: true,
      turn: { prompt: { text: "taken back" }, events: [{ kind: "answer", text: "lost" }] },
    });
    expect(await oneTurn(source(), 4)).toMatchObject({ abandoned: false, turn: { prompt: { text: "two" } } });
  });
});

/** A file in which a piece of text stands very often, and another behind it; it counts what is read. */
function large(
  piece: string,
  times: number,
  end: string,
): Source & { readonly counts: { bytes: number; most: number } } {
  const [body, tail] = [Buffer.from(piece), Buffer.from(end)];
  const whole = body.length * times;
  const counts = { bytes: 0, most: 0 };
  const at = (from: number, to: number): Buffer => {
    if (from >= whole) return tail.subarray(from - whole, to - whole);
    const rounds = Math.ceil((Math.min(to, whole) - from + (from % body.length)) / body.length);
    const some = Buffer.concat(Array.from({ length: rounds }, () => body));
    const begin = from % body.length;
    const part = some.subarray(begin, begin + Math.min(to, whole) - from);
    return to > whole ? Buffer.concat([part, tail.subarray(0, to - whole)]) : part;
  };
  return {
    counts,
    size: whole + tail.length,
    async read(from, to) {
      counts.bytes += to - from;
      counts.most = Math.max(counts.most, to - from);
      return at(from, to);
    },
  };
}

describe("a file of hundreds of megabytes", () => {
  // One line of 64 kB that is a result, and one prompt that nothing follows.
  const filler = `${JSON.stringify({ parentUuid: null, uuid: "f", type: "user", message: { content: [{ type: "tool_result", tool_use_id: "t", content: "x".repeat(65_000) }] } })}\n`;
  const prompt = `${JSON.stringify({ parentUuid: null, uuid: "p", type: "user", message: { content: "early" } })}\n`;
  const { user, assistant, text } = talk();
  user("late");
  assistant("found me");

  test("is read from its end, in small pieces; only prompts are counted before", async () => {
    const source = large(filler + prompt, 5_000, text());
    expect(source.size).toBeGreaterThan(300e6);
    expect(await prompts(source, 1)).toEqual(["5001 late"]);
    expect(source.counts.most).toBeLessThanOrEqual(1024 * 1024);
    expect(source.counts.bytes).toBeLessThan(1.05 * source.size);
  });

  test("is searched to where it began to be looked at, and it is told how much was not", async () => {
    const source = large(filler + prompt, 5_000, text());
    const { hits, unread } = await search(source, { query: "found me", limit: 5, veil: masked });
    expect(hits).toMatchObject([{ turn: 5001, of: "answer", text: "found me" }]);
    expect(unread).toBeGreaterThan(40e6);
    expect(unread).toBeLessThan(source.size - 200e6);
  });

  test("may be a single line, which is no record", async () => {
    const source = large("x", 40e6, "\n");
    expect(await prompts(source)).toEqual([]);
  });
});

test("a turn too large to be held is cut, and says so", async () => {
  const { user, assistant, source } = talk();
  user("long");
  for (let i = 0; i < 5; i++) assistant("y".repeat(8e6));
  const { turns } = await lastTurns(source(), 1);
  expect(turns[0]?.events.map((event) => event.kind)).toEqual([
    "answer",
    "answer",
    "answer",
    "answer",
    "note",
  ]);
});
