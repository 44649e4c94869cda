export { neutraliseToLine as line } from "../../core/neutral.ts";

// What a terminal obeys or a reader cannot see.
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** One JSON text for a script: every character as it is, those that a terminal would obey or hide in their `\u` form. */
export function json(value: unknown, indent = 2): string {
  const text = JSON.stringify(value, null, indent);
  return text.replace(unseen, (one) => (one === "\n" ? one : escaped(one)));
}

function escaped(text: string): string {
  return Array.from({ length: text.length }, (_, i) => {
    return `\\u${text.charCodeAt(i).toString(16).padStart(4, "0")}`;
  }).join("");
}

/** Whether a text has what is not shown of it: a command may be another than it seems. */
export function hidesSomething(text: string): boolean {
  return text.replace(/[\t\n\r]|\ufe0f/g, "").search(unseen) >= 0;
}
