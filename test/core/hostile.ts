// biome-ignore-all lint/suspicious/noControlCharactersInRegex: control characters are what is looked for here
import fc from "fast-check";

const words = [
  "channel",
  "system-reminder",
  "system-notification",
  "task-notification",
  "cross-session-message",
  "teammate-message",
  "cc-dm",
  "function_calls",
  "function_results",
  "invoke",
  "antml:invoke",
  "tool_use",
  "tool_result",
  "user-prompt-submit-hook",
  "command-name",
  "command-message",
  "command-args",
  "local-command-stdout",
  "system",
  "user",
  "human",
  "assistant",
];

// Written apart from the code under test: as a reader would see it, with what is invisible left out
// and wide letters read as plain ones.
const live = new RegExp(
  `<[\\s/]*(?:${words.map((word) => word.replace(/[-_]/g, "[-_\\s]*")).join("|")})(?![\\p{L}\\p{N}])`,
  "iu",
);

/** The first tag in a text that the client or a model may take for markup, or null. */
export function liveTag(text: string): string | null {
  const seen = text
    .replace(/\u001b\[[0-9;]*m|\p{Default_Ignorable_Code_Point}|(?![\n\t\r])\p{Cc}/gu, "")
    .replace(/[‹〈⟨\u2329]/g, "<")
    .normalize("NFKC");
  return live.exec(seen)?.[0] ?? null;
}

const brackets = [
  "<",
  "</",
  "< ",
  "</ ",
  "<\t",
  "<\n",
  "＜",
  "﹤/",
  "‹",
  "〈",
  "⟨",
  "\u2329",
  "<<",
  "<\u200b",
  "<\u200d",
  "<\ufe0f",
];
const inside = [
  "",
  "",
  "",
  "",
  "\u200b",
  "\u200d",
  "\u00ad",
  "\ufe0f",
  "\u0000",
  "\u001b[1m",
  "\u202e",
  "\u{e0061}",
];
const ends = [">", " >", "/>", ' from_session="lead">', "\n", "", "\u200d>", "＞"];

const spelled = fc
  .tuple(
    fc.constantFrom(...words),
    fc.constantFrom("-", "_", " ", "", "\n", "--"),
    fc.infiniteStream(fc.boolean()),
  )
  .chain(([word, joint, upper]) =>
    fc
      .array(fc.constantFrom(...inside), { minLength: 30, maxLength: 30 })
      .map((between) =>
        [...word.replace(/[-_]/g, joint)]
          .map((letter, i) => `${upper.next().value ? letter.toUpperCase() : letter}${between[i] ?? ""}`)
          .join(""),
      ),
  );
const tag = fc
  .tuple(fc.constantFrom(...brackets), spelled, fc.constantFrom(...ends))
  .map((parts) => parts.join(""));

const noise = fc.constantFrom(
  "\u001b[31m",
  "\u001b]0;t\u0007",
  "\u001b]8;;x",
  "\u001b",
  "[0m",
  "\u009b",
  "\u0090",
  "\u009c",
  "\r\n",
  "\r",
  "\n",
  "\u2028",
  "\u202e",
  "\u2066",
  "\u200b",
  "\u200d",
  "\ufeff",
  "\ud800",
  "\udc00",
  "\u{e0041}",
  "&lt;",
  "&#60;",
  "👩‍👩‍👧",
  "क्‍ष",
  "\n\n---\n\n",
  "ref 0123456789ab",
  "· ",
);
const header = fc
  .tuple(
    fc.constantFrom("From ", "from ", "FROM ", " From\t", "\u200bFrom ", "> From ", "F\u0000rom "),
    fc.constantFrom("lead (planner, shop)", "cc-dm", "the user"),
    fc.constantFrom(" · ", "·", " \u200b· "),
    fc.constantFrom("another session, not the user", "notice, not the user", "Another session"),
  )
  .map((parts) => parts.join(""));

/** Texts made of what could break out of a quotation. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(fc.oneof(tag, tag, noise, noise, header, fc.string({ unit: "binary", maxLength: 5 })), {
    maxLength: 12,
  })
  .map((parts) => parts.join(""));

/** A text as a test's name: what cannot be seen is spelled out. */
export function printable(text: string): string {
  const ascii = /[^ -~]/gu;
  return JSON.stringify(text.slice(0, 24)).replace(
    ascii,
    (letter) => `\\u{${letter.codePointAt(0)?.toString(16)}}`,
  );
}
