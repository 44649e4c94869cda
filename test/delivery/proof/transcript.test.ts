import { describe, expect, test } from "bun:test";
import { transcriptReader } from "../../../plugin/delivery/proof/transcript.ts";
import { records } from "../../fakes/hooked.ts";

type Fields = Readonly<Record<string, unknown>>;
const a = "aaaaaaaaaaaa";
const b = "bbbbbbbbbbbb";
const { prompt, wake, absorbed, context, answer, failed, broken } = records;

const lines = (...written: unknown[]) => written.map((record) => JSON.stringify(record)).join("\n");
/** Each record stands on the one before it. */
const chain = (...written: Fields[]) =>
  lines(
    ...written.map((record, n) => ({ uuid: `${n}`, parentUuid: n === 0 ? null : `${n - 1}`, ...record })),
  );
const told = (text: string) => transcriptReader()(text);
const tokens = (...written: Fields[]) => told(chain(...written)).tokens;

describe("mail was read if an answer stands on the record that brought it", () => {
  const bringing: readonly (readonly [string, Fields])[] = [
    ["a wake that became a turn", wake(a)],
    ["a wake that came in the middle of one", absorbed(a)],
    ["what a hook added to a turn", context(a)],
  ];
  for (const [what, record] of bringing) {
    test(`${what}, and the model answered`, () => expect(tokens(prompt(), record, answer())).toEqual([a]));

    test(`${what}, and nothing followed yet`, () => expect(tokens(prompt(), record)).toEqual([]));

    test(`${what}, and an error of the service stands for the answer: the next request carries it`, () =>
      expect(tokens(record, failed())).toEqual([a]));

    test(`${what}, and its person broke the answer off: the next request carries it`, () =>
      expect(tokens(record, broken())).toEqual([a]));

    test(`${what}, and other records lie between`, () =>
      expect(
        tokens(record, { type: "attachment", attachment: { type: "file" } }, { type: "system" }, answer()),
      ).toEqual([a]));

    test(`${what}, on a branch from which the conversation did not go on`, () => {
      const abandoned = { ...record, uuid: "lost", parentUuid: "0" };
      const next = { ...prompt(), uuid: "next", parentUuid: "0" };
      const reply = { ...answer(), uuid: "reply", parentUuid: "next" };
      expect(
        told(lines({ ...prompt(), uuid: "0", parentUuid: null }, abandoned, next, reply)).tokens,
      ).toEqual([]);
    });
  }

  test("several records on the way to one answer", () =>
    expect(tokens(wake(a), context(b), answer())).toEqual([a, b]));

  test("several messages in one record, in whatever parts its content comes", () => {
    const content = [a, b].map((token) => ({ type: "text", text: `From x · ref ${token}\n\nhello` }));
    expect(tokens({ ...wake(a), message: { role: "user", content } }, answer())).toEqual([a, b]);
  });

  test("once, though the answer is written in several records, and though a record says it twice", () => {
    const twice = { ...context(a), rendered: [{ content: `· ref ${a}\n` }] };
    expect(tokens(twice, answer("one"), answer("two"))).toEqual([a]);
  });

  test("though the answer is written later than the look before", () => {
    const read = transcriptReader();
    const [first = "", second = "", third = ""] = chain(wake(a), { type: "system" }, answer()).split("\n");
    expect(read(first).tokens).toEqual([]);
    expect(read(second).tokens).toEqual([]);
    expect(read(third).tokens).toEqual([a]);
    expect(read(third).tokens).toEqual([]);
  });

  test("though lines around it are cut or still being written", () => {
    const text = `"cut · ref dddddddddddd\\n"}\n${chain(wake(a), answer())}\n{"type":"attachment","· ref `;
    expect(told(text).tokens).toEqual([a]);
  });
});

describe("a token proves nothing", () => {
  const text = `From lead (worker) · another session · ref ${a}\n\nhello`;
  const others: readonly (readonly [string, unknown])[] = [
    ["that the client only queued", { type: "queue-operation", operation: "enqueue", content: text }],
    ["that the person wrote", { type: "user", message: { content: text } }],
    [
      "that a tool gave back",
      { type: "user", message: { content: [{ type: "tool_result", content: text, tool_use_id: "t" }] } },
    ],
    ["that came from elsewhere", { type: "user", origin: { kind: "tool" }, message: { content: text } }],
    ["that the model said", { type: "assistant", message: { content: [{ type: "text", text }] } }],
    [
      "in the raw answer of a hook, which the client notes before its model reads anything",
      { type: "attachment", attachment: { type: "hook_success", stdout: text } },
    ],
    [
      "that its person was shown",
      { type: "attachment", attachment: { type: "hook_system_message", content: text } },
    ],
    ["in another attachment", { type: "attachment", attachment: { type: "file", prompt: text } }],
    ["in a record without shape", [text]],
    ["in a record without a name of its own", { ...wake(a), uuid: undefined }],
    ["in null", null],
    ["in a text", text],
    ["in an attachment that is none", { type: "attachment", attachment: null, x: text }],
  ];
  for (const [where, record] of others) {
    test(where, () => {
      const named =
        typeof record === "object" && record !== null && !Array.isArray(record)
          ? { uuid: "1", parentUuid: null, ...record }
          : record;
      expect(told(lines(named, { ...answer(), uuid: "2", parentUuid: "1" })).tokens).toEqual([]);
    });
  }

  test("of another message that somebody quotes in the middle of a text", () => {
    const quoting = {
      ...context(a),
      attachment: { type: "hook_additional_context", content: [`ref ${b} and`] },
    };
    expect(tokens(quoting, answer())).toEqual([]);
  });

  test("where nothing is written", () => expect(told("").tokens).toEqual([]));
});

describe("a turn was broken off", () => {
  const at = "2026-03-01T12:34:56.789Z";

  test("with Escape in the middle of an answer, or of a tool, or with a No", () => {
    for (const how of ["[Request interrupted by user]", "[Request interrupted by user for tool use]"])
      expect(told(chain(prompt(), broken(at, how))).brokenAt).toBe(Date.parse(at));
  });

  test("the last time, if several", () => {
    expect(told(chain(broken("2026-03-01T12:00:00Z"), broken(at))).brokenAt).toBe(Date.parse(at));
  });

  test("not because a person wrote the same words, or a tool or the model did", () => {
    const words = "[Request interrupted by user]";
    const said: readonly Fields[] = [
      prompt(words),
      answer(words),
      { ...broken(at, `${words} and more`) },
      { ...broken(at, `so: ${words}`) },
      { type: "user", timestamp: at, message: { content: [{ type: "tool_result", content: words }] } },
    ];
    for (const record of said) expect(told(chain({ timestamp: at, ...record })).brokenAt).toBeNull();
  });

  test("at no moment, if none is noted", () => {
    expect(told(chain({ ...broken(), timestamp: "never" })).brokenAt).toBeNull();
    expect(told(chain(prompt(), answer())).brokenAt).toBeNull();
  });
});

describe("what a hook decided about a permission prompt", () => {
  const timestamp = "2026-03-01T12:34:56.789Z";
  const at = Date.parse(timestamp);
  const noted = (decision: unknown, more: Fields = {}, hookEvent = "PermissionRequest") => ({
    ...{ type: "attachment", timestamp },
    attachment: { type: "hook_permission_decision", decision, hookEvent },
    ...more,
  });
  const decisions = (...written: Fields[]) => told(chain(...written)).decisions;

  test("is told in order, once, by which look found it", () => {
    const read = transcriptReader();
    expect(read(chain(prompt(), noted("allow"), answer(), noted("deny"))).decisions).toEqual([
      { behavior: "allow", at },
      { behavior: "deny", at },
    ]);
    expect(read(chain(answer())).decisions).toEqual([]);
  });

  for (const [what, record] of [
    ["that is none", noted("ask")],
    ["without one", noted(undefined)],
    ["at no moment", noted("allow", { timestamp: "never" })],
    ["of another hook", noted("allow", {}, "PreToolUse")],
    ["in a record of another type", noted("allow", { type: "user" })],
    ["in an attachment of another type", noted("allow", { attachment: { type: "hook_success" } })],
  ] as const)
    test(`is not taken from a decision ${what}`, () => expect(decisions(record)).toEqual([]));
});
