import { beforeEach, expect, test } from "bun:test";
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tidy } from "../../plugin/host/tidy.ts";
import { scratch } from "../fakes/scratch.ts";

const day = 86_400_000;
const now = 1_772_366_400_000;
let folder: string;
beforeEach(() => {
  folder = scratch();
});

function leave(name: string, ageMs: number): string {
  const path = join(folder, name);
  if (name.endsWith("/")) {
    mkdirSync(path);
    writeFileSync(join(path, "cc-dm.wake"), "");
  } else writeFileSync(path, "");
  utimesSync(path, new Date(now - ageMs), new Date(now - ageMs));
  return path.replace(/\/$/, "");
}

test("what is more than a day old and used by nobody goes, folders with all that is in them", () => {
  const used = [leave("used", 2 * day), leave("used-folder/", 2 * day)];
  leave("old", day + 1000);
  leave("old-folder/", 2 * day);
  leave("young", day - 1000);
  leave("young-folder/", 0);
  leave("future", -day);
  tidy(folder, used, now);
  expect(readdirSync(folder).sort()).toEqual(["future", "used", "used-folder", "young", "young-folder"]);
});

test("what is used in another folder does not count here", () => {
  leave("name", 2 * day);
  tidy(folder, ["/elsewhere/name"], now);
  expect(readdirSync(folder)).toEqual([]);
});

test("a folder that is not there yet is no trouble", () => {
  tidy(join(folder, "missing"), [], now);
  expect(readdirSync(folder)).toEqual([]);
});
