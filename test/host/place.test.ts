import { expect, test } from "bun:test";
import { sharesPids, thisPlace } from "../../plugin/host/place.ts";

const place = { machine: "m", boot: "b", pidSpace: "p" };
const table: readonly (readonly [string, Partial<typeof place>, boolean])[] = [
  ["the same place", {}, true],
  ["a container of another host name on the same kernel and pids", { machine: "c" }, true],
  ["another boot", { boot: "b2" }, false],
  ["another pid namespace", { pidSpace: "p2" }, false],
];
for (const [what, other, shares] of table) {
  test(`pids mean ${shares ? "the same" : "nothing"} in ${what}`, () => {
    expect(sharesPids(place, { ...place, ...other })).toBe(shares);
    expect(sharesPids({ ...place, ...other }, place)).toBe(shares);
  });
}

test("where the boot cannot be told, the host's name has to do", () => {
  const unknown = { machine: "m", boot: "?", pidSpace: "?" };
  expect(sharesPids(unknown, { ...unknown })).toBe(true);
  expect(sharesPids(unknown, { ...unknown, machine: "other" })).toBe(false);
});

test("this place is told the same way twice", () => {
  expect(thisPlace()).toEqual(thisPlace());
  expect(sharesPids(thisPlace(), thisPlace())).toBe(true);
});

test.skipIf(process.platform !== "linux")("on Linux the kernel tells boot and pid namespace", () => {
  const { boot, pidSpace } = thisPlace();
  expect(boot).toMatch(/^[0-9a-f-]{36}$/);
  expect(pidSpace).toMatch(/^pid:\[\d+\]$/);
});
