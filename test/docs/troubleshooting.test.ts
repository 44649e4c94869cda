/** Whoever is shown an error code finds it in docs/troubleshooting.md. */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { page, quoted, root, rows, section } from "./pages.ts";

/** Each form in which a code stands in the sources: thrown, in a rule's answer, in what posting says. */
const forms = [
  /new DmError\(\s*"([a-z_]+)"/g,
  /code: "([a-z_]+)"/g,
  /why: ((?:"[a-z_]+"(?: \| )?)+);\s+readonly name: string/g,
];

function codesIn(source: string): readonly string[] {
  return forms.flatMap((form) =>
    [...source.matchAll(form)].flatMap(([, found = ""]) => found.match(/[a-z_]+/g) ?? []),
  );
}

function codes(): readonly string[] {
  const files = [...new Bun.Glob("plugin/**/*.{ts,tsx}").scanSync(root)];
  const found = files.flatMap((path) => codesIn(readFileSync(join(root, path), "utf8")));
  return [...new Set(found)].sort();
}

test("each code is on the page, and no other", () => {
  const named = rows(section(page("docs/troubleshooting.md"), "## Error codes")).flatMap(([code = ""]) =>
    quoted(code),
  );
  expect(named).toEqual([...codes()]);
});

test("codes are found in each form", () => {
  expect(codes()).toContain("name_taken"); // thrown
  expect(codes()).toContain("out_of_scope"); // in a rule's answer
  expect(codes()).toContain("mailbox_full"); // in what posting says
});
