/** A short form of the fault suite (`npm run faults`), and a proof that its account notices a loss. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { balance } from "./faults/balance.ts";
import { scenes } from "./faults/scenes/index.ts";
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

for (const scene of scenes.filter(({ slow }) => slow !== true)) {
  const { name, what, run, impossible, mayLose } = scene;
  const why = impossible?.() ?? null;
  if (why !== null) console.error(`Not tested, ${name}: ${why}`);
  test.if(why === null)(`${name} (${what}): nothing is lost`, async () => {
    const { lost, faults, wrong } = await run({ rounds: 1, lengthMs: 2_000 });
    expect({ lost: mayLose ? 0 : lost, faults, wrong }).toEqual({ lost: 0, faults: [], wrong: [] });
  });
}
