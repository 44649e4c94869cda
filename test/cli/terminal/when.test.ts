import { describe, expect, test } from "bun:test";
import { Usage } from "../../../plugin/cli/command.ts";
import { countOf, momentOf } from "../../../plugin/cli/terminal/when.ts";

const now = new Date(2026, 10, 21, 9, 30, 15).getTime(); // local, as people mean it
const at = (text: string) => momentOf(text, { option: "since", now });
const local = (...parts: [number, number, number, number?, number?]) => new Date(...parts).getTime();

test.each([
  ["30s", now - 30_000],
  ["30m", now - 1_800_000],
  [" 2H ", now - 7_200_000],
  ["7d", now - 604_800_000],
  ["9:00", local(2026, 10, 21, 9, 0)],
  ["22:30", local(2026, 10, 20, 22, 30)],
  ["2026-11-20", local(2026, 10, 20)],
  ["today", local(2026, 10, 21)],
  ["Yesterday", local(2026, 10, 20)],
  ["2026-11-20T14:00", local(2026, 10, 20, 14, 0)],
  ["2026-11-20 14:00", local(2026, 10, 20, 14, 0)],
  ["2026-11-20T14:00:01Z", Date.UTC(2026, 10, 20, 14, 0, 1)],
  ["2026-11-20T14:00+02:00", Date.UTC(2026, 10, 20, 12, 0)],
])("%j is a moment", (text, moment) => {
  expect(at(text)).toBe(moment);
});

describe("what is no moment is said to be none, by the option's name", () => {
  test.each([
    "",
    "tomorrow",
    "5 parsecs",
    "5",
    "2y",
    "24:00",
    "12:60",
    "2026-13-01",
    "2026-02-31",
    "2026-11-31T10:00",
    "1/2/2026",
    "-2h",
    "99999999999h",
    "2026-11-20T14",
  ])("%j", (text) => {
    expect(() => at(text)).toThrow(Usage);
    expect(() => at(text)).toThrow(`--since is "${text}"`);
  });
});

test("a count is a whole number within bounds", () => {
  const count = (text: string) => countOf(text, { option: "last", most: 100 });
  expect([count("1"), count(" 100 ")]).toEqual([1, 100]);
  for (const text of ["0", "101", "-1", "1.5", "1e2", "0x10", "", "many", "٣"])
    expect(() => count(text)).toThrow("--last is");
});
