import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { anchors, type Page, page, pages, prose, quoted, root } from "./pages.ts";

interface Link {
  readonly from: Page;
  readonly target: string;
}

function linksOf(from: Page): readonly Link[] {
  const text = prose(from);
  const inline = [...text.matchAll(/!?\[[^\]]*\]\(([^)\s]+)[^)]*\)/g)].map(([, target = ""]) => target);
  const images = [...text.matchAll(/\b(?:src|srcset|href)="([^"]+)"/g)].map(([, target = ""]) => target);
  return [...inline, ...images].map((target) => ({ from, target }));
}

/** What is wrong with a link, or null. */
function fault({ from, target }: Link): string | null {
  if (/^[a-z]+:/.test(target)) {
    // No address of another host is looked up: tests run offline.
    return target.startsWith("https://") ? null : `${target} is no https address`;
  }
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? from.path : normalize(join(dirname(from.path), path));
  if (!existsSync(join(root, file))) return `${target}: there is no ${file}`;
  if (anchor === undefined) return null;
  return anchors(page(file)).has(anchor) ? null : `${target}: ${file} has no such heading`;
}

describe("links", () => {
  for (const from of pages()) {
    test(`of ${from.path} lead somewhere`, () => {
      expect(linksOf(from).flatMap((link) => fault(link) ?? [])).toEqual([]);
    });
  }

  test("that lead nowhere are noticed", () => {
    const text = [
      "# A head: `with` (signs) & more",
      "[a](no.md) [b](docs/protocol.md#nothing) [c](#a-head-with-signs--more) [d](#a-head) [e](http://example.org)",
      "```md",
      "[not](a-link.md)",
      "```",
    ].join("\n");
    const from = { path: "x.md", text };
    expect(anchors(from)).toEqual(new Set(["a-head-with-signs--more"]));
    const faults = linksOf(from).map((link) => (link.target.startsWith("#") ? null : fault(link)));
    expect(faults).toEqual([
      "no.md: there is no no.md",
      "docs/protocol.md#nothing: docs/protocol.md has no such heading",
      null,
      null,
      "http://example.org is no https address",
    ]);
  });

  test("lead from docs/README.md and README.md to every page", () => {
    const reached = ["README.md", "docs/README.md"].flatMap((path) =>
      linksOf(page(path)).map(({ from, target }) =>
        normalize(join(dirname(from.path), target.split("#")[0] ?? "")),
      ),
    );
    const wanted = pages().map(({ path }) => path);
    expect(wanted.filter((path) => path !== "README.md" && !reached.includes(path))).toEqual([]);
  });
});

test("files of this repository that pages name are there", () => {
  const places = [root, join(root, "plugin")];
  const named = pages().flatMap(({ path, text }) => {
    const words = [...quoted(prose({ path, text })), ...(text.match(/\btest\/[\w/.-]+\.ts\b/g) ?? [])];
    const files = words.flatMap((word) => /^(?:[\w-]+\/)+[\w.-]+\.(?:ts|mjs|js)$/.exec(word)?.[0] ?? []);
    return files.map((file) => ({ path, file }));
  });
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter(({ file }) => !places.some((place) => existsSync(join(place, file))))).toEqual([]);
});
