/** A key as the view knows it: a name for those without a letter, else the letter itself. */
export type Key =
  | { readonly name: "text"; readonly text: string }
  | { readonly name: "paste"; readonly text: string }
  | { readonly name: Named };

export type Named =
  | "up"
  | "down"
  | "left"
  | "right"
  | "home"
  | "end"
  | "page up"
  | "page down"
  | "tab"
  | "back tab"
  | "enter"
  | "escape"
  | "backspace"
  | "erase"
  | "interrupt"
  | "redraw"
  | "suspend";

const single: Readonly<Record<string, Named>> = {
  "\t": "tab",
  "\r": "enter",
  "\n": "enter",
  "\u007f": "backspace",
  "\b": "backspace",
  "\u0003": "interrupt",
  "\u0004": "interrupt",
  "\u000c": "redraw",
  "\u0015": "erase",
  "\u001a": "suspend",
};

const sequences: Readonly<Record<string, Named>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  H: "home",
  F: "end",
  Z: "back tab",
  "1~": "home",
  "4~": "end",
  "5~": "page up",
  "6~": "page down",
  "7~": "home",
  "8~": "end",
};

const pasteFrom = "\u001b[200~";
const pasteTo = "\u001b[201~";
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what keys send
const sequence = /^\u001b(?:\[|O)([0-9;?]*)([A-Za-z~])/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what keys send
const unfinished = /^\u001b(?:(?:\[|O)[0-9;?]*)?$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what keys send
const control = /[\u0000-\u001f\u007f]/;

/**
 * Reads keys from what a terminal sends, which may come in pieces: `rest` is what is not complete yet.
 *
 * @param all nothing more comes for now: an escape with nothing behind it is that key.
 */
export function readKeys(
  input: string,
  all: boolean,
): { readonly keys: readonly Key[]; readonly rest: string } {
  const keys: Key[] = [];
  let at = 0;
  while (at < input.length) {
    const rest = input.slice(at);
    if (rest.startsWith(pasteFrom)) {
      const end = rest.indexOf(pasteTo);
      if (end < 0) return { keys, rest };
      keys.push({ name: "paste", text: rest.slice(pasteFrom.length, end) });
      at += end + pasteTo.length;
      continue;
    }
    const found = sequence.exec(rest);
    if (found !== null) {
      const [whole, numbers = "", letter = ""] = found;
      const name = sequences[letter === "~" ? `${numbers.split(";")[0]}~` : letter];
      if (name !== undefined) keys.push({ name });
      at += whole.length;
    } else if (!all && unfinished.test(rest)) return { keys, rest };
    else if (rest.startsWith("\u001b")) {
      keys.push({ name: "escape" });
      at += 1;
    } else {
      const letter = String.fromCodePoint(rest.codePointAt(0) ?? 0);
      const name = single[letter];
      if (name !== undefined) keys.push({ name });
      else if (!control.test(letter)) keys.push({ name: "text", text: letter });
      at += letter.length;
    }
  }
  return { keys, rest: "" };
}
