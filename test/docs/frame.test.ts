/** Wherever a page shows what a model reads, it is what the program makes of such a message. */
import { expect, test } from "bun:test";
import { frame } from "../../plugin/core/frame.ts";
import type { Message, MessageType, Priority } from "../../plugin/core/model.ts";
import { blocks, pages } from "./pages.ts";

const header =
  /^From (?<name>\S+)(?: \((?<role>[^,)]+)(?:, (?<project>[^)]+))?\))? · .*? · (?<hours>\d\d):(?<minutes>\d\d) · (?:(?<priority>urgent|low) ?)?(?<type>task|question|status|review)?(?: · )?reply with message_id (?<id>\S+)(?: · ref (?<token>\S+))?$/;

const shown = pages().flatMap((page) =>
  blocks(page)
    .filter(({ text }) => /^From \S+ \(/.test(text))
    .map(({ text }) => ({ path: page.path, text })),
);

test("there are such pages", () => {
  expect(shown.length).toBeGreaterThanOrEqual(3);
});

test.each(shown.map(({ path, text }) => [path, text] as const))("%s", (_, text) => {
  const [line = "", , ...body] = text.trimEnd().split("\n");
  const parts = header.exec(line)?.groups ?? {};
  const message: Message = {
    id: parts.id ?? "",
    kind: "dm",
    fromId: "",
    fromName: parts.name ?? "",
    fromRole: parts.role ?? "",
    fromProject: parts.project ?? null,
    recipients: [],
    body: body.join("\n"),
    priority: (parts.priority ?? null) as Priority | null,
    type: (parts.type ?? null) as MessageType | null,
    threadId: null,
    inReplyTo: null,
    hops: 0,
    rule: "no-project",
    sentAt: new Date(2026, 10, 21, Number(parts.hours), Number(parts.minutes)).getTime(),
    ttlMs: 1,
    seq: 1,
    publicKey: "",
    signature: "",
  };
  expect(text).toBe(`${frame({ message, token: parts.token })}\n`);
});
