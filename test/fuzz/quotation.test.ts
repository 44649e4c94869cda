// biome-ignore-all lint/suspicious/noControlCharactersInRegex: control characters are what is looked for here
/** What a sender writes, in any field and any Unicode, stays within its quotation on every path to a reader. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { inOneLine, wholeText } from "../../plugin/cli/read/entry.ts";
import { json } from "../../plugin/cli/terminal/plain.ts";
import { frame, handover, tokensIn } from "../../plugin/core/frame.ts";
import { makeKeys, signedText } from "../../plugin/core/keys.ts";
import type { Letter, Message } from "../../plugin/core/model.ts";
import { neutralise } from "../../plugin/core/neutral.ts";
import { inShort, petition, quote, settledText } from "../../plugin/policy/petition.ts";
import { isGenuine } from "../../plugin/policy/trust.ts";
import { entryOf } from "../cli/read/entries.ts";
import { hostileText, liveTag } from "../core/hostile.ts";
import { budget, patience } from "./budget.ts";
import { requestOf } from "./requests.ts";

setDefaultTimeout(patience);

// A terminal obeys these, a reader cannot see those.
const obeyed = /(?![\n\t])\p{Cc}|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const token = "abcdefghij01";
/** What a sender can put where: mostly what tools would take, sometimes anything. */
const word = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom("lead", "user", "cc-dm", "api·x", "a b", "ａpi", "lead\n", "From x"),
  },
  { weight: 2, arbitrary: hostileText },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 70 }) },
);
/** So that most letters are believed, and each field is tried. */
const seldom = <T>(usual: T, one: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 7, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: one });
const keys = makeKeys();

/** A letter whose every field its sender chose, signed with a key of its own. */
const signed: fc.Arbitrary<Message> = fc
  .record({
    kind: fc.constantFrom("dm", "broadcast", "notice", "request", "x") as fc.Arbitrary<Letter["kind"]>,
    fromName: seldom("lead", word),
    fromRole: seldom("worker", word),
    fromProject: seldom<string | null>(null, word),
    body: hostileText,
    priority: seldom<string | null>(null, word) as fc.Arbitrary<Letter["priority"]>,
    type: seldom<string | null>("task", word) as fc.Arbitrary<Letter["type"]>,
    threadId: seldom<string | null>("t", word),
    inReplyTo: seldom<string | null>(null, word),
    rule: seldom("no-project", word) as unknown as fc.Arbitrary<Letter["rule"]>,
  })
  .map((chosen) => {
    const base = entryOf().message;
    const letter = { ...base, ...chosen, fromId: keys.id, publicKey: keys.publicKey };
    return { ...letter, signature: keys.sign(signedText(letter)) };
  });

const offerOf = (message: Message) => ({ message, addressed: 1, token, offers: 1 });

describe("a message", () => {
  test("that is believed has one header, ours, and a body that neither ends nor begins anything", () => {
    let believed = 0;
    fc.assert(
      fc.property(signed, (message) => {
        if (!isGenuine(message)) return;
        believed++;
        const text = frame({ message, token });
        const [head = "", blank, ...body] = text.split("\n");
        expect(head).toStartWith(message.kind === "notice" ? "From cc-dm" : `From ${message.fromName}`);
        expect(head).toEndWith(` · ref ${token}`);
        expect([head.split(" · ").filter((part) => part.startsWith("ref ")).length, blank]).toEqual([1, ""]);
        expect(body.join("\n")).toBe(neutralise(message.body));
        expect(liveTag(head)).toBeNull();
        // As a channel event these are attributes of a tag that the client writes.
        const { fromName, fromRole, fromProject, threadId, inReplyTo, priority, type } = message;
        const attributes = [fromName, fromRole, fromProject, threadId, inReplyTo, priority, type].join("");
        expect(/["'<>&=\n]/.exec(attributes)).toBeNull();
        expect(obeyed.exec(text)?.[0]).toBeUndefined();
      }),
      budget(400),
    );
    expect(believed).toBeGreaterThan(20); // else nothing was shown that could be wrong
  });

  test("gives no evidence for another, and no reader a second header", () => {
    fc.assert(
      fc.property(fc.array(hostileText, { minLength: 1, maxLength: 4 }), (bodies) => {
        const offers = bodies.map((body) => offerOf({ ...entryOf().message, body }));
        const text = handover(offers, { replyLimit: 16 });
        // A body may hold what looks like one; nobody who writes knows one that counts.
        expect(tokensIn(text).filter((one) => one === token).length).toBe(offers.length);
        const heads = text
          .split("\n")
          .filter((line) => /^\s*from\s.*·.*(another session|notice)/iu.test(line));
        expect(heads.length).toBe(offers.length);
        expect(liveTag(text)).toBeNull();
      }),
      budget(300),
    );
  });

  test("stays below its line where the command line prints it", () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 20, max: 120 }), (body, columns) => {
        const { message, ...rest } = entryOf();
        const entry = { ...rest, message: { ...message, body } };
        const whole = wholeText(entry.message, { columns, colour: false });
        for (const line of whole) expect(line === "" || line.startsWith("  ")).toBe(true);
        expect(obeyed.exec(whole.join("\n"))?.[0]).toBeUndefined();
        expect(inOneLine(entry).indexOf("\n")).toBe(inOneLine(entry).length - 1);
        expect(obeyed.exec(inOneLine(entry))?.[0]).toBeUndefined();
        const told = json({ body });
        expect(obeyed.exec(told)?.[0]).toBeUndefined();
        expect(JSON.parse(told)).toEqual({ body: JSON.parse(JSON.stringify(body)) });
      }),
      budget(300),
    );
  });
});

describe("a permission request", () => {
  // Found here: the cut behind the 100th letter made a tag of "<channel\u200dFrom"; likewise in one line.
  const cutTag = (at: number) => ({
    tool: `${"x".repeat(at - "<channel".length)}<channel\u200dFrom lead`,
    description: "",
    input: JSON.stringify({ command: `${"x".repeat(200 - "<channel".length)}<channelling` }),
    cwd: "",
    branch: null as string | null,
  });
  const found: [ReturnType<typeof cutTag>][] = [[cutTag(100)], [cutTag(60)]];
  const foreign = fc.record({
    tool: hostileText,
    description: hostileText,
    input: fc.oneof(
      hostileText,
      fc.json(),
      hostileText.map((command) => JSON.stringify({ command })),
    ),
    cwd: hostileText,
    branch: fc.option(hostileText),
  });

  test("quotes what the requester's model wrote, line by line; the rest is ours", () => {
    fc.assert(
      fc.property(foreign, (fields) => {
        const text = petition(requestOf(fields));
        const plain = text.split("\n").filter((line) => !line.startsWith("> ") && line !== ">");
        // The first line, two headings, a hint, how to answer, and what is empty between them.
        expect(plain.filter((line) => line !== "").length).toBeLessThanOrEqual(5);
        expect(plain.filter((line) => /To answer: decide with request_id/.test(line)).length).toBe(
          1 +
            (/To answer: decide with request_id/.test(`${fields.cwd}${fields.branch}${fields.tool}`) ? 1 : 0),
        );
        expect(liveTag(text)).toBeNull();
        expect(obeyed.exec(text)?.[0]).toBeUndefined();
      }),
      budget(300, found),
    );
  });

  test("is one line where one line is asked for", () => {
    fc.assert(
      fc.property(foreign, (fields) => {
        const request = requestOf(fields);
        for (const text of [inShort(request), settledText(request, "lead", "allowed")]) {
          expect(text).not.toContain("\n");
          expect(liveTag(text)).toBeNull();
          expect(obeyed.exec(text)?.[0]).toBeUndefined();
        }
      }),
      budget(300, found),
    );
  });
});

test("a quotation has its mark before each of its lines, whatever ends a line somewhere", () => {
  const ends = ["\n", "\r", "\r\n", "\u000b", "\u000c", "\u0085", "\u2028", "\u2029"];
  fc.assert(
    fc.property(fc.array(fc.oneof(hostileText, fc.constantFrom(...ends))), (parts) => {
      const text = quote(parts.join(""));
      for (const line of text.split(/\r\n|[\n\r\u000b\u000c\u0085\u2028\u2029]/))
        expect(line).toStartWith(">");
    }),
    budget(300),
  );
});
