import type { Ink, Line } from "./text.ts";
import { widthOf } from "./text.ts";

const codes: Readonly<Record<Ink, string>> = {
  bold: "1",
  dim: "2",
  red: "31",
  green: "32",
  yellow: "33",
  cyan: "36",
  title: "1;36",
  chosen: "1;7",
};

// A last look at everything that goes to the terminal, however it came here: nothing that it obeys
// (control characters), nothing that turns a row around or hides in it. Joiners of emoji stay.
const obeyed =
  /[\p{Cc}\p{Zl}\p{Zp}\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;
const plain = /^[\x20-\x7e]*$/;

/**
 * One row as a terminal takes it. Behind letters that are not plain the column is set anew: terminals
 * do not agree on how wide an emoji is, and what stands to the right of one must not move.
 */
export function row(line: Line, colour: boolean): string {
  let text = "";
  let column = 1;
  let sure = true;
  for (const span of line) {
    const isPlain = plain.test(span.text);
    const shown = isPlain ? span.text : span.text.replace(obeyed, "");
    if (shown === "") continue;
    if (!sure) text += `\u001b[${column}G`;
    text += colour && span.ink !== undefined ? `\u001b[${codes[span.ink]}m${shown}\u001b[0m` : shown;
    column += widthOf(shown);
    sure = isPlain;
  }
  return text;
}

/**
 * What turns the screen that shows `before` into one that shows `after`: only rows that differ, and
 * nothing if none does. So nothing flickers, and an idle view writes nothing.
 */
export function difference(before: readonly string[], after: readonly string[]): string {
  let text = "";
  for (const [i, line] of after.entries()) {
    // Erased first: behind a full row the cursor stands on its last letter, which would go (lines do not run on).
    if (line !== before[i]) text += `\u001b[${i + 1};1H\u001b[K${line}`;
  }
  // Shown at once, where the terminal knows how (synchronized output); others skip it.
  return text === "" ? "" : `\u001b[?2026h${text}\u001b[?2026l`;
}
