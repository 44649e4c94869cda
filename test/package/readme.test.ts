import { expect, test } from "bun:test";
import { tools } from "../../plugin/tools/index.ts";
import { page, quoted, rows, section } from "../docs/pages.ts";

test("README names every tool", () => {
  const table = rows(section(page("README.md"), "## Day to day"));
  const named = table.flatMap(([cell = ""]) => quoted(cell));
  expect([...named].sort()).toEqual(tools.map((tool) => tool.name).sort());
});
