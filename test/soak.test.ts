/** A short form of the soak (`npm run soak`), and a proof that its ledger notices what it is there for. */
import { expect, onTestFinished, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import type { Row } from "./soak/books.ts";
import type { Entry, Line } from "./soak/client/spec.ts";
import { account, type Books } from "./soak/ledger.ts";

setDefaultTimeout(120_000);

test("a few sessions under a hand of chaos: every message is accounted for", async () => {
  const words = ["--sessions", "6", "--minutes", "0.13", "--json"];
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "soak", "soak.ts"), ...words], {
    stdout: "pipe",
    stderr: "inherit",
  });
  onTestFinished(() => child.kill());
  const [text, code] = await Promise.all([new Response(child.stdout).text(), child.exited]);
  const { faults, deliveries, seed } = JSON.parse(text);
  expect({ seed, faults }).toEqual({ seed, faults: [] });
  expect(deliveries).toBeGreaterThan(10);
  expect(code).toBe(0);
});

const row: Row = {
  id: "M1",
  messageId: "M1",
  kind: "dm",
  from: "a",
  to: "b",
  body: "a 1 1 xxx",
  state: "seen",
  offers: 1,
  path: "wake",
  evidence: "prompt",
  about: null,
  sentAt: 0,
  ttlMs: 60_000,
  handedAt: 1,
  seenAt: 2,
};
const line = (t: number, name: string, entry: Entry): Line => ({ t, name, run: 1, ...entry });
const sent = (id = "M1", n = 1) => line(1, "a", { what: "sent", n, id, to: ["b"] });
const shown = (t: number, id = "M1", repeat = false) =>
  line(t, "b", { what: "shown", id, path: "wake", repeat });
const proved = (t: number) => line(t, "b", { what: "proved", ids: ["M1"], how: "prompt" });
const joined = (t: number, name = "b") => line(t, name, { what: "joined", as: name, serverPid: 1 });
const gone = (t: number) => line(t, "b", { what: "server gone" });
const last = joined(99_999);

function faults(rows: readonly Row[], b: readonly Line[], more: Partial<Books> = {}): string[] {
  const diaries = new Map([
    ["a", [sent()]],
    ["b", b],
  ]);
  return account({ rows, diaries, undone: [], absent: new Set(), ...more }).map((fault) => fault.what);
}

test("a message that was sent, shown and proved is in order, and so is a marked repeat for want of proof", () => {
  expect(faults([row], [shown(10)])).toEqual([]);
  expect(faults([{ ...row, offers: 2 }], [shown(10), shown(20_000, "M1", true), last])).toEqual([]);
  const waiting: Row = { ...row, state: "queued", offers: 0 };
  expect(faults([waiting], [], { absent: new Set(["b"]) })).toEqual([]);
  const twice = [shown(10), proved(20), gone(30), joined(40), shown(20_000, "M1", true), last];
  expect(faults([{ ...row, offers: 2 }], twice)).toEqual([]);
});

const cases: readonly (readonly [string, readonly Row[], readonly Line[], Partial<Books>?])[] = [
  ["lost: accepted, but not on the bus", [], []],
  ["said to be seen, but nobody was shown it", [row], []],
  ["never arrived: its session runs, and it still waits", [{ ...row, state: "handed" }], [shown(10)]],
  ["expired, and its sender was not told", [{ ...row, state: "expired" }], []],
  ["set aside as quarantined", [{ ...row, state: "quarantined" }], []],
  ["shown more often than it was handed over", [row], [shown(10), shown(20, "M1", true)]],
  [
    "shown twice, the second time not marked as a repeat",
    [{ ...row, offers: 2 }],
    [shown(10), shown(20_000)],
  ],
  [
    "shown again after it was proved to be seen",
    [{ ...row, offers: 2 }],
    [shown(10), proved(20), shown(20_000, "M1", true), last],
  ],
  ["undone: it had come to its end before", [row], [shown(10)], { undone: ["M1 to b"] }],
  [
    "shown to a session it was not for",
    [row],
    [shown(10)],
    {
      diaries: new Map([
        ["b", [shown(10)]],
        ["c", [{ ...shown(11), name: "c" }]],
      ]),
    },
  ],
  [
    "out of order",
    [row, { ...row, id: "M2", messageId: "M2", body: "a 1 2 xxx" }],
    [shown(10, "M2"), shown(11)],
  ],
];
for (const [what, rows, lines, more] of cases) {
  test(`the ledger notices: ${what}`, () => expect(faults(rows, lines, more)).toEqual([what]));
}
