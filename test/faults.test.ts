/** A short form of the fault suite (`npm run faults`), and a proof that its account notices a loss. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { end } from "../bench/publish.ts";
import { page } from "./docs/pages.ts";
import { scratch } from "./fakes/scratch.ts";
import { balance } from "./faults/balance.ts";
import { missed, noAccount } from "./faults/fault.ts";
import { begin, pageOf, publish, sumWords } from "./faults/publish.ts";
import { isGood, type Result } from "./faults/report.ts";
import { scenes } from "./faults/scenes/index.ts";
import { deaths } from "./faults/scenes/killed.ts";
import type { Line } from "./soak/client/spec.ts";

setDefaultTimeout(180_000);

const promise: Line = { t: 1, name: "a", run: 1, what: "sent", n: 1, id: "M1", to: ["b"] };
const books = (rows: readonly never[], lines: readonly Line[] = []) =>
  balance({
    rows,
    diaries: new Map([
      ["a", [promise]],
      ["b", lines],
    ]),
    undone: [],
    absent: new Set(),
  });

test("a message that was promised, and of which nothing is known any more, is lost", () => {
  expect(books([])).toMatchObject({ promised: 1, arrived: 0, lost: 1 });
});

test("a message that was shown before its bus was lost has arrived", () => {
  const shown: Line = { t: 2, name: "b", run: 1, what: "shown", id: "M1", path: "pull", repeat: false };
  expect(books([], [shown])).toMatchObject({ promised: 1, arrived: 1, lost: 0, faults: [] });
});

test("a message that expired without a word to its sender is lost", () => {
  const row = { id: "M1", messageId: "M1", kind: "dm", from: "a", to: "b", body: "", state: "expired" };
  expect(books([row as never])).toMatchObject({ promised: 1, told: 0, lost: 1 });
});

test("a point that nobody gets to is red, and so is one that was killed too seldom", async () => {
  const idle = deaths("idle", "nobody dies", ["send:before"], async () => ({ at: async () => {} }));
  const outcome = await idle.run({ rounds: 2, lengthMs: 0 });
  expect(outcome).toMatchObject({ times: 0, wrong: ["killed 0 of 2 times: send:before"] });
  expect(isGood({ scene: idle, seconds: 0, outcome })).toBe(false);
  expect(missed({ "send:before": 100, "send:after": 99 }, 100)).toEqual([
    "killed 99 of 100 times: send:after",
  ]);
});

const killed: Result = {
  scene: { name: "kill -9: x", what: "x" },
  seconds: 3.4,
  outcome: {
    ...noAccount,
    ...{ promised: 7, arrived: 7, times: 1_200, wrong: [], notes: ["a note"] },
    points: { "send:before": 700, "send:amid commit": 500 },
  },
};
const run = { results: [killed], machine: { at: "2026-11-21T10:00:00Z", cores: 2 }, rounds: 500 };
const published = { ...run, lanes: 3, load: 0.25, minutes: 12.3 };

test("what is published takes the place between the marks, and its sum that in the guarantees", () => {
  const docs = join(scratch(), "docs");
  mkdirSync(docs);
  writeFileSync(join(docs, "faults.md"), `Mine\n\n${begin}\nold\n${end}\n\nMine too\n`);
  writeFileSync(join(docs, "guarantees.md"), "| 0 lost in 3,680 kills at every step |\n");
  publish(published, docs);
  const text = readFileSync(join(docs, "faults.md"), "utf8");
  expect(text).toStartWith(`Mine\n\n${begin}\n\n2026-11-21, `);
  expect(text).toEndWith(`${end}\n\nMine too\n`);
  expect(text).toContain("500 rounds, 3 faults at once: 12 minutes");
  expect(text).toMatch(/\| kill -9: x \| +1200 \| +7 \|/);
  expect(text).toMatch(/\| kill -9: x \| send \| +700 \| +\| +\| +\| +500 \| +\|/);
  expect(text).toContain("- kill -9: x: a note");
  expect(readFileSync(join(docs, "guarantees.md"), "utf8")).toBe("| 0 lost in 1,200 kills at every step |\n");
});

test("the published table has every fault there is, and no other", () => {
  const { text } = page("docs/faults.md");
  const part = text.slice(text.indexOf(begin), text.indexOf(end));
  const table = part.slice(part.indexOf("| fault "), part.indexOf("\n\n", part.indexOf("| fault ")));
  const names = table
    .split("\n")
    .slice(2)
    .map((line) => line.split("|")[1]?.trim());
  expect(names).toEqual(scenes.map(({ name }) => name));
  expect(page("docs/guarantees.md").text).toMatch(sumWords);
  expect(pageOf(published)).toContain("load 0.3 when it began");
});

for (const scene of scenes.filter(({ slow }) => slow !== true)) {
  const { name, what, run, impossible, mayLose } = scene;
  const why = impossible?.() ?? null;
  if (why !== null) console.error(`Not tested, ${name}: ${why}`);
  test.if(why === null)(`${name} (${what}): nothing is lost`, async () => {
    const { promised, lost, faults, wrong } = await run({ rounds: 1, lengthMs: 2_000 });
    expect({ lost: mayLose ? 0 : lost, faults, wrong }).toEqual({ lost: 0, faults: [], wrong: [] });
    expect(promised).toBeGreaterThan(0); // else there was nothing to lose
  });
}
