import { describe, expect, test } from "bun:test";
import { tokensShown } from "../../plugin/delivery/transcript.ts";

const text = (token: string) => `From lead (worker) · another session · ref ${token}\n\nhello`;
const lines = (...records: unknown[]) => records.map((record) => JSON.stringify(record)).join("\n");

describe("a transcript shows that the model got a wake", () => {
  test("by a turn of its own, however its content is laid out", () => {
    const record = { type: "user", origin: { kind: "task-notification" }, promptSource: "system" };
    expect(
      tokensShown(lines({ ...record, message: { role: "user", content: text("aaaaaaaaaaaa") } })),
    ).toEqual(["aaaaaaaaaaaa"]);
    const parts = [
      { type: "text", text: text("aaaaaaaaaaaa") },
      { type: "text", text: text("bbbbbbbbbbbb") },
    ];
    expect(tokensShown(lines({ ...record, message: { content: parts } }))).toEqual([
      "aaaaaaaaaaaa",
      "bbbbbbbbbbbb",
    ]);
  });

  test("by a command absorbed in the middle of one", () => {
    const attachment = { type: "queued_command", prompt: text("cccccccccccc") };
    expect(tokensShown(lines({ type: "attachment", attachment }))).toEqual(["cccccccccccc"]);
  });

  test("in each of many records, cut and unfinished lines around them", () => {
    const record = (token: string) => ({
      type: "attachment",
      attachment: { type: "queued_command", prompt: text(token) },
    });
    const whole = lines(record("aaaaaaaaaaaa"), { type: "summary" }, record("bbbbbbbbbbbb"));
    expect(
      tokensShown(`"cut · ref dddddddddddd\\n"}\n${whole}\n{"type":"attachment","attachment":{"ref `),
    ).toEqual(["aaaaaaaaaaaa", "bbbbbbbbbbbb"]);
  });
});

describe("a transcript proves nothing", () => {
  const others: readonly (readonly [string, unknown])[] = [
    [
      "when the client only queued it",
      { type: "queue-operation", operation: "enqueue", content: text("aaaaaaaaaaaa") },
    ],
    ["when the person wrote it", { type: "user", message: { content: text("aaaaaaaaaaaa") } }],
    [
      "when a tool gave it back",
      { type: "user", origin: { kind: "tool" }, message: { content: text("aaaaaaaaaaaa") } },
    ],
    ["when the model said it", { type: "assistant", message: { content: text("aaaaaaaaaaaa") } }],
    [
      "by another attachment",
      { type: "attachment", attachment: { type: "file", prompt: text("aaaaaaaaaaaa") } },
    ],
    ["by a record without shape", [text("aaaaaaaaaaaa")]],
    ["by null", null],
    ["by a text", text("aaaaaaaaaaaa")],
    ["by an attachment that is none", { type: "attachment", attachment: null, x: text("aaaaaaaaaaaa") }],
  ];
  for (const [when, record] of others) {
    test(when, () => expect(tokensShown(lines(record))).toEqual([]));
  }

  test("when it is empty", () => expect(tokensShown("")).toEqual([]));
});
