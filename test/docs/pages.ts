import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dir, "..", "..");

export interface Page {
  /** From the root: `docs/protocol.md`. */
  readonly path: string;
  readonly text: string;
}

/** Every page that people read. */
export function pages(): readonly Page[] {
  const top = readdirSync(root).filter((name) => name.endsWith(".md"));
  const docs = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"));
  return [...top, ...docs.map((name) => `docs/${name}`)].map(page);
}

export function page(path: string): Page {
  return { path, text: readFileSync(join(root, path), "utf8") };
}

export interface Block {
  readonly language: string;
  readonly text: string;
  /** Of `<!-- checked: NAME -->` in the line above. */
  readonly checked: string | undefined;
}

const fence = /^( *)(?:<!-- checked: (\S+) -->\n\1)?```(\w*)\n(.*?)^\1```$/gms;

/** The fenced code of a page. */
export function blocks({ text }: Page): readonly Block[] {
  return [...text.matchAll(fence)].map(([, indent = "", checked, language = "", code = ""]) => ({
    language,
    text: code.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
    checked,
  }));
}

/** What is left of a page without its fenced code. */
export function prose({ text }: Page): string {
  return text.replace(fence, "");
}

/** The anchors that a page has on GitHub: of its headings, and of what it names itself. */
export function anchors(of: Page): ReadonlySet<string> {
  const used = new Map<string, number>();
  const found = new Set<string>();
  for (const [, heading = ""] of prose(of).matchAll(/^#{1,6} (.+)$/gm)) {
    const slug = slugOf(heading);
    const before = used.get(slug) ?? 0;
    used.set(slug, before + 1);
    found.add(before === 0 ? slug : `${slug}-${before}`);
  }
  for (const [, id = ""] of of.text.matchAll(/<a (?:id|name)="([^"]+)"/g)) found.add(id);
  return found;
}

function slugOf(heading: string): string {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
    .replaceAll(" ", "-");
}

/** Rows of the tables in a text, without their heads. */
export function rows(text: string): readonly (readonly string[])[] {
  const lines = text.split("\n");
  const isRow = (line: string | undefined) => line?.startsWith("|") === true;
  return lines.flatMap((line, i) => {
    const isHead = !isRow(lines[i - 1]);
    const isRule = /^\|[ :|-]+\|$/.test(line);
    if (!isRow(line) || isHead || isRule) return [];
    const cells = line.replaceAll("\\|", "\u0000").split("|").slice(1, -1);
    return [cells.map((cell) => cell.trim().replaceAll("\u0000", "|"))];
  });
}

/** The text below a heading, up to the next one of its level or above. */
export function section({ text }: Page, heading: string): string {
  const level = /^#+/.exec(heading)?.[0].length ?? 1;
  const start = text.indexOf(`\n${heading}\n`);
  if (start < 0) throw new Error(`There is no heading "${heading}".`);
  const rest = text.slice(start + heading.length + 2);
  const end = rest.search(new RegExp(`^#{1,${level}} `, "m"));
  return end < 0 ? rest : rest.slice(0, end);
}

/** What stands in backquotes. */
export function quoted(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, word = ""]) => word);
}
