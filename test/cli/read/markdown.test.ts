import { expect, test } from "bun:test";
import fc from "fast-check";
import { section } from "../../../plugin/cli/read/markdown.ts";
import { dayOf } from "../../../plugin/core/clock.ts";
import { startOfTime } from "../../fakes/clock.ts";
import { entryOf } from "./entries.ts";

test("a message is a section below its day, with its facts and its text", () => {
  const entry = entryOf(
    { api: "seen", my_web: "queued" },
    { body: "do it", type: "task", threadId: "T-1", inReplyTo: "01ABC" },
  );
  const text = section(entry, null);
  expect(text).toStartWith(`## ${dayOf(startOfTime)}\n\n### `);
  expect(text).toMatch(/^### \d\d:\d\d:\d\d lead → api, my\\_web \(broadcast task\)$/m);
  expect(text).toContain(`\`${entry.message.id}\` · thread \`T-1\` · answers \`01ABC\` · api seen `);
  expect(text).toEndWith("```text\ndo it\n```\n");
  expect(section(entry, startOfTime)).toStartWith("### ");
});

test("no text gets out of its fence", () => {
  const hostile = fc
    .array(fc.constantFrom("```", "````", "`", "\n", "~~~", "# x", "![](http://x)", "text", "\r", "<img>"))
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(hostile, (body) => {
      const lines = section(entryOf({}, { body }), startOfTime).trimEnd().split("\n");
      const open = lines.findIndex((one) => /^`{3,}text$/.test(one));
      const fence = (lines[open] ?? "").replace("text", "");
      // A fence ends at a line that is nothing but as many backticks or more.
      const ends = lines.flatMap((one, i) =>
        i > open && /^ {0,3}`+\s*$/.test(one) && one.trim().length >= fence.length ? [i] : [],
      );
      expect(ends).toEqual([lines.length - 1]);
    }),
  );
});

test("a text of many fences is one section like another", () => {
  expect(section(entryOf({}, { body: "` ".repeat(400_000) }), null)).toContain("```text");
});
