/**
 * Small changes to a JSON text that somebody else wrote: everything but the place itself keeps its bytes,
 * spacing and line ends included. Only texts that `JSON.parse` takes may be given.
 */

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Member {
  readonly key: string;
  /** From the key's quote to the end of the value. */
  readonly all: Span;
  readonly value: Span;
}

/** The members of the object that begins at `at`, in order. */
export function membersAt(text: string, at: number): readonly Member[] {
  const members: Member[] = [];
  let i = blank(text, at + 1);
  while (text[i] === '"') {
    const keyEnd = valueEnd(text, i);
    const start = blank(text, blank(text, keyEnd) + 1); // past the colon
    const end = valueEnd(text, start);
    members.push({
      key: JSON.parse(text.slice(i, keyEnd)) as string,
      all: { start: i, end },
      value: { start, end },
    });
    i = blank(text, end);
    if (text[i] === ",") i = blank(text, i + 1);
  }
  return members;
}

/** The value under these keys, the last one where a key stands twice, as `JSON.parse` has it; or null. */
export function find(text: string, ...path: readonly string[]): Member | null {
  let at = begin(text);
  let found: Member | null = null;
  for (const key of path) {
    if (text[at] !== "{") return null;
    found = membersAt(text, at).findLast((member) => member.key === key) ?? null;
    if (found === null) return null;
    at = found.value.start;
  }
  return found;
}

export function replace(text: string, { start, end }: Span, by: string): string {
  return text.slice(0, start) + by + text.slice(end);
}

/** The top object with one more member at its end, laid out as the others are. */
export function add(text: string, key: string, value: unknown): string {
  const at = begin(text);
  const members = membersAt(text, at);
  const [first] = members;
  const last = members.at(-1);
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  if (first === undefined || last === undefined) {
    const inner = layOut(key, value, "  ", eol);
    return `${text.slice(0, at + 1)}${eol}  ${inner}${eol}${text.slice(at + 1)}`;
  }
  const before = text.slice(at + 1, first.all.start);
  const lines = /\r?\n([ \t]*)$/.exec(before);
  const member = lines === null ? layOut(key, value, null, eol) : layOut(key, value, lines[1] ?? "", eol);
  const gap = lines === null ? before || " " : (lines[0] ?? "");
  return `${text.slice(0, last.all.end)},${gap}${member}${text.slice(last.all.end)}`;
}

/** The top object without one of its members, and without the comma that it needed. */
export function remove(text: string, member: Member): string {
  const members = membersAt(text, begin(text));
  const index = members.findIndex(({ all }) => all.start === member.all.start);
  const [previous, next] = [members[index - 1], members[index + 1]];
  if (previous !== undefined) return replace(text, { start: previous.all.end, end: member.all.end }, "");
  if (next !== undefined) return replace(text, { start: member.all.start, end: next.all.start }, "");
  // As `add` made it in an empty object; otherwise only the member itself goes.
  const around = /^(\r?\n {2})[\s\S]*?$/.exec(text.slice(begin(text) + 1, member.all.start));
  const after = /^\r?\n/.exec(text.slice(member.all.end));
  const whole = around?.[1] !== undefined && around[0] === around[1] && after !== null;
  return whole
    ? replace(text, { start: begin(text) + 1, end: member.all.end + after[0].length }, "")
    : replace(text, member.all, "");
}

function layOut(key: string, value: unknown, indent: string | null, eol: string): string {
  const name = JSON.stringify(key);
  if (indent === null) return `${name}: ${JSON.stringify(value)}`;
  const step = indent === "" ? "  " : indent;
  return `${name}: ${JSON.stringify(value, null, step).replaceAll("\n", `${eol}${indent}`)}`;
}

function begin(text: string): number {
  return blank(text, text.startsWith("\ufeff") ? 1 : 0);
}

function blank(text: string, at: number): number {
  let i = at;
  while (" \t\r\n".includes(text[i] ?? "x")) i++;
  return i;
}

function valueEnd(text: string, at: number): number {
  if (text[at] === '"') return stringEnd(text, at);
  if (text[at] !== "{" && text[at] !== "[") {
    let i = at;
    while (i < text.length && !",]} \t\r\n".includes(text[i] ?? "")) i++;
    return i;
  }
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    const sign = text[i] ?? "";
    if (sign === '"') i = stringEnd(text, i) - 1;
    else if ("{[".includes(sign)) depth++;
    else if ("}]".includes(sign) && --depth === 0) return i + 1;
  }
  return text.length;
}

function stringEnd(text: string, at: number): number {
  let i = at + 1;
  while (i < text.length && text[i] !== '"') i += text[i] === "\\" ? 2 : 1;
  return i + 1;
}
