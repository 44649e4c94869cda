import type { Letter } from "../../core/model.ts";
import { neutraliseStart } from "../../core/neutral.ts";

const most = 3;
const longest = 100;

/** What came in, for the person at the client: it shows a wake as "Stop hook feedback" only. Null: nothing. */
export function summary(messages: readonly Letter[]): string | null {
  if (messages.length === 0) return null;
  const more = messages.length - most;
  return [...messages.slice(0, most).map(headline), ...(more > 0 ? [`and ${more} more`] : [])].join("\n");
}

/** Who writes, and how it begins. */
export function headline({ kind, fromName, body, type }: Letter): string {
  const [first = ""] = body.trim().split("\n", 1);
  return `✉ ${kind === "notice" ? "cc-dm" : fromName}${type === null ? "" : ` (${type})`}: ${neutraliseStart(first, longest)}`;
}
