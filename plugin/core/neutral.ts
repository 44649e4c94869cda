// biome-ignore-all lint/suspicious/noControlCharactersInRegex: control characters are what is looked for here

/**
 * Foreign text made harmless: it can look like anything, but not end its quotation, not pose as the
 * client's or our own markup, and not hide characters from a reader.
 */
export function neutralise(text: string): string {
  return quoteForgedFrames(escapeTags(removeControls(text)));
}

/** One line of it, for names of folders and branches, which anybody may have chosen. */
export function neutraliseLine(text: string): string {
  return escapeTags(removeControls(text).replace(/\s+/gu, " ")).trim();
}

const lineEnd = /\r\n?|[\n\u0085\u2028\u2029]/;

/** All of it in one line, in which the end of a line can be seen: `ls` and `rm -rf ~` below it are two commands. */
export function neutraliseToLine(text: string): string {
  // Line by line: a pattern with blanks on both sides of an end would walk a long run of them once for each.
  const lines = text.split(lineEnd).flatMap((one) => one.trim() || []);
  return neutraliseLine(lines.join(" ⏎ "));
}

/**
 * The beginning of it. A cut makes words: of `<channelling` it leaves a tag that was none. So what is left is
 * made harmless once more, with the mark of the cut behind it.
 */
export function neutraliseStart(text: string, most: number): string {
  const whole = neutraliseLine(text);
  const letters = [...whole.slice(0, 2 * most + 2)];
  return letters.length > most ? neutraliseLine(`${letters.slice(0, most).join("")}…`) : whole;
}

// ANSI and other escape sequences (ECMA-48), before the control characters that begin them go.
const escapes =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]P^_X]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u0090\u0098\u009c-\u009f]*(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]*[0-~]?/g;
// C0 without tab and line feed, DEL, C1.
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
// What is there and cannot be seen, or turns the line around: bidirectional controls (Trojan
// Source), zero-width space and word joiner, soft hyphen, BOM, invisible operators, interlinear
// annotation, and the tag characters that smuggle ASCII. Joiners of emoji and scripts stay.
const invisible =
  /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** Without what a terminal obeys or a reader cannot see; markup stays. */
export function removeControls(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, "\n")
    .replace(escapes, "")
    .replace(controls, "")
    .replace(invisible, "");
}

// What reads as "<": the sign itself, its wide and small forms, and its twins.
const brackets = /[<\uff1c\ufe64\u02c2\u1438\u2039\u2329\u276c\u276e\u27e8\u3008]/gu;

// Tags of the client, of its reminders and channels, of the model's tool calls, and our own, with
// `-`, `_`, space or nothing between words. Code such as `<div>` or `List<String>` stays as it is.
const tag = new RegExp(
  `^(?:${[
    "channel",
    "system[-_\\s]*(?:reminder|notification)",
    "(?:task|teammate|cross[-_\\s]*session)[-_\\s]*(?:notification|message)",
    "cc[-_\\s]*dm",
    "antml",
    "function[-_\\s]*(?:calls?|results?)",
    "invoke",
    "tool[-_\\s]*(?:use|result|call)s?",
    "user[-_\\s]*prompt[-_\\s]*submit[-_\\s]*hook",
    "(?:local[-_\\s]*)?command[-_\\s]*(?:name|message|args|contents|std(?:out|err))",
    "system",
    "user",
    "human",
    "assistant",
  ].join("|")})(?![\\p{L}\\p{N}])`,
  "iu",
);
const ahead = /[\s/\p{Default_Ignorable_Code_Point}]*/uy;
// Up to 80 visible characters, with the invisible ones between them, and no further than the next
// bracket: so the whole text is walked once, whatever it is.
const word =
  /(?:[^<\uff1c\ufe64\u02c2\u1438\u2039\u2329\u276c\u276e\u27e8\u3008\p{Default_Ignorable_Code_Point}]\p{Default_Ignorable_Code_Point}*){0,80}/uy;

function escapeTags(text: string): string {
  return text.replace(brackets, (bracket, at: number) => {
    ahead.lastIndex = at + 1;
    ahead.test(text);
    word.lastIndex = ahead.lastIndex;
    return tag.test(visible(word.exec(text)?.[0] ?? "")) ? "&lt;" : bracket;
  });
}

/** As a reader takes it: wide letters as plain ones, invisible ones skipped. */
function visible(text: string): string {
  return text.replace(/\p{Default_Ignorable_Code_Point}/gu, "").normalize("NFKC");
}

// A body that holds a line like our own header would look like a second message from somebody else.
const dots = /[·•‧∙⋅・ꞏ]/u; // what looks like our separator
const header = /^\s*from\s.*[·•‧∙⋅・ꞏ]\s*(?:another session|notice)/iu;

function quoteForgedFrames(text: string): string {
  if (!dots.test(text)) return text;
  return text
    .split("\n")
    .map((line) => (dots.test(line) && header.test(visible(line)) ? `> ${line}` : line))
    .join("\n");
}
