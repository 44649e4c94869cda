import { afterEach, expect, spyOn, test } from "bun:test";
import { DmError, isDmError } from "../../plugin/core/errors.ts";
import { stderrLog } from "../../plugin/core/log.ts";

let spies: { mockRestore(): void }[] = [];
afterEach(() => {
  for (const spy of spies) spy.mockRestore();
  spies = [];
});

test("an event is one line of JSON on stderr, and nothing on stdout, which is the wire", () => {
  const lines: string[] = [];
  const err = spyOn(process.stderr, "write").mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  const out = spyOn(process.stdout, "write").mockImplementation(() => true);
  spies = [err, out];
  const log = stderrLog(() => 1_772_366_400_000);
  log("joined", { name: "a\nb", wanted: null });
  log("alone");
  const written = out.mock.calls.length;
  for (const spy of spies.splice(0)) spy.mockRestore();
  expect(lines).toEqual([
    '{"at":"2026-03-01T12:00:00.000Z","event":"joined","name":"a\\nb","wanted":null}\n',
    '{"at":"2026-03-01T12:00:00.000Z","event":"alone"}\n',
  ]);
  expect(written).toBe(0);
});

test("an error of ours has a code, perhaps candidates and a cause; others are none of ours", () => {
  const cause = new Error("disk");
  const error = new DmError("bus_full", "full", { cause, candidates: ["a"] });
  expect([error.code, error.message, error.candidates, error.cause]).toEqual([
    "bus_full",
    "full",
    ["a"],
    cause,
  ]);
  expect(isDmError(error)).toBe(true);
  expect(new DmError("x", "y").candidates).toBeUndefined();
  for (const other of [cause, { code: "x" }, null, "x"]) expect(isDmError(other)).toBe(false);
});
