/**
 * Transcripts that real clients wrote: one scripted session each, with paths, ids and long texts
 * replaced, and records left out that say nothing of a conversation.
 */
import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { passagesOf } from "../../plugin/conversation/find.ts";
import { lastTurns, masked, oneTurn, search } from "../../plugin/conversation/read.ts";
import type { Event, Turn } from "../../plugin/conversation/turn.ts";
import { sourceOf } from "./talk.ts";

const key = "sk-ant-api03-AAAABBBBCCCCDDDD";

describe.each(["2.1.329", "2.1.240"])("what Claude Code %s wrote", (version) => {
  const source = sourceOf(readFileSync(join(import.meta.dir, "recorded", `${version}.jsonl`), "utf8"));
  const all = async () => (await lastTurns(source, 1000)).turns;
  const turn = async (begin: string) => {
    const found = (await all()).find(({ prompt }) => prompt.text.startsWith(begin));
    if (found === undefined) throw new Error(`no turn begins with ${begin}`);
    return found;
  };

  test("is the conversation as its person saw it, each turn with who gave its prompt", async () => {
    expect((await all()).map(({ prompt }) => [prompt.by, firstWords(prompt.text)])).toEqual([
      ["person", "first prompt"],
      ["person", "two tools"],
      ["person", "fails"],
      // "slow one" was taken back by Escape
      ["person", "after escape"],
      ["person", "long tool"],
      ["message", "From bob (worker) · another session, not the"],
      ["person", "busy"],
      ["person", "busy2"],
      ["shell", "echo bashmode"],
      ["command", "/cc-dm:cc-dm"],
      ["person", "agent"],
      ["notification", "<task-notification> <task-id>"],
      ["person", "agentb"],
      ["notification", "<task-notification> <task-id>"],
      ["person", "PARALLEL please"],
      ["person", "writes"],
      ["person", "api fails"],
      // "to be rewound" was
      ["person", "after rewind"],
      ["command", "/compact"],
      ["person", "after compact"],
      ["person", "big"],
    ]);
  });

  test("has turns that were taken back, to be read by their numbers", async () => {
    const numbers = (await all()).map(({ number }) => number);
    const gaps = Array.from({ length: numbers.at(-1) ?? 0 }, (_, i) => i + 1).filter(
      (n) => !numbers.includes(n),
    );
    const texts = await Promise.all(gaps.map((n) => oneTurn(source, n)));
    const taken = texts.map((one) =>
      "of" in one ? one.of : [one.abandoned, firstWords(one.turn.prompt.text)],
    );
    expect(taken).toContainEqual([true, "slow one"]);
    expect(taken).toContainEqual([true, "to be rewound"]);
    const rewound = texts.find((one) => !("of" in one) && one.turn.prompt.text.startsWith("to be rewound"));
    expect(rewound).toMatchObject({ turn: { events: [{ kind: "answer", text: "rewound answer" }] } });
  });

  test("has calls with their results, failed and refused ones, and images", async () => {
    expect(done(await turn("two tools"))).toEqual([
      `Bash: command: seq 1 5; echo key=${key} => 1 2 3 4 5 key=${key}`,
      "between",
      "Read: file_path: /home/ann/alice/p.png => (image)",
      "done with tools",
    ]);
    expect(done(await turn("fails"))).toEqual([
      "Bash: command: echo bad >&2; exit 3 => failed: Exit code 3 bad",
      "it failed",
    ]);
    expect(done(await turn("long tool"))).toEqual([
      expect.stringContaining("Bash: command: sleep 20 => failed: The user doesn't want to proceed"),
      "(Request interrupted by user for tool use)",
    ]);
  });

  test("has all of tools that ran at once, though the file goes on from one", async () => {
    expect(done(await turn("PARALLEL"))).toEqual([
      "Bash: command: echo par-one => par-one",
      "Bash: command: sleep 1; echo par-two => par-two",
      "Bash: command: echo par-three => par-three",
      "parallel done",
    ]);
  });

  test("has what was given while a turn ran, by whom", async () => {
    const given = (events: readonly Event[]) => events.filter(({ kind }) => kind === "given");
    expect(given((await turn("busy [")).events)).toMatchObject([
      { by: "message", text: expect.stringContaining("second from bob") },
    ]);
    expect(given((await turn("busy2")).events)).toEqual([
      { kind: "given", by: "person", text: "typed meanwhile [[say got it]]" },
    ]);
    expect((await turn("From bob")).prompt).toEqual({
      by: "message",
      from: ["bob"],
      text: expect.stringMatching(/^From bob .*\n\nhello from bob \[\[say hi bob\]\]$/),
    });
  });

  test("goes on across a compaction", async () => {
    expect((await turn("after rewind")).events).toMatchObject([
      { kind: "answer", text: "new branch" },
      { kind: "note", text: "Conversation compacted" },
      { kind: "summary" },
    ]);
  });

  test("is searched, but not by the letters of a secret", async () => {
    const { hits } = await search(source, { query: "PAR-TWO", limit: 10, veil: masked });
    expect(hits.map(({ of, text }) => [of, text])).toEqual([
      ["Bash", "command: sleep 1; echo par-two"],
      ["result of Bash", "par-two"],
    ]);
    const look = (veil: typeof masked) => search(source, { query: key.slice(0, 20), limit: 10, veil });
    expect((await look(masked)).hits).toEqual([]);
    expect((await look((text) => text)).hits).toHaveLength(3);
    expect(
      passagesOf(await turn("two tools"))
        .map(({ text }) => masked(text))
        .join(),
    ).not.toContain(key);
  });
});

const firstWords = (text: string) =>
  (text.split(/\[\[|\[masked/)[0] ?? "")
    .replace(/\s+/g, " ")
    .slice(0, 44)
    .trim()
    .split(/(?<=<task-id>)/)[0];

/** What was done in a turn, a line each. */
function done({ events }: Turn): string[] {
  return events.flatMap((event) => {
    if (event.kind === "note") return [`(${event.text})`];
    if (event.kind !== "tool") return [event.text];
    const { text = "no result", failed = false } = event.result ?? {};
    return [`${event.name}: ${event.input} => ${failed ? "failed: " : ""}${text}`.replace(/\n/g, " ")];
  });
}
