import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { blocks, page, root } from "./pages.ts";

test("CONTRIBUTING's map of the house has every room and every entrance", () => {
  const [, map = ""] = blocks(page("CONTRIBUTING.md")).map(({ text }) => text);
  const found = (folder: string) => readdirSync(join(root, folder), { withFileTypes: true });
  const rooms = ["plugin", "plugin/cli", "plugin/delivery"].flatMap((folder) =>
    found(folder).flatMap((entry) => (entry.isDirectory() ? [`${entry.name}/`] : [])),
  );
  const entrances = found("plugin").flatMap((entry) => (entry.isFile() ? [`plugin/${entry.name}`] : []));
  expect([...rooms, ...entrances].filter((name) => !map.includes(` ${name} `))).toEqual([]);
  const shown = [...map.matchAll(/(?<= )([a-z]+\/)(?= )/g)].map(([, name = ""]) => name);
  expect(shown.filter((name) => !rooms.includes(name))).toEqual([]);
});
