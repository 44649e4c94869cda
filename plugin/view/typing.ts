import type { Key } from "./keys.ts";
import { inRow } from "./text.ts";

/** A line of text after a key. */
export function editing(text: string, key: Key, longest: number): string {
  switch (key.name) {
    case "text":
      return [...text, key.text].slice(0, longest).join("");
    case "paste":
      return [...text, ...inRow(key.text)].slice(0, longest).join("");
    case "backspace":
      return [...text].slice(0, -1).join("");
    case "erase":
      return "";
    default:
      return text;
  }
}
