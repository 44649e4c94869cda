import { command, Usage } from "../command.ts";
import { withStore } from "../store.ts";
import { forgedText } from "./believed.ts";
import { dayLine, heading, inOneLine } from "./entry.ts";
import { hitsIn, wordsOf } from "./hits.ts";
import { looked, report } from "./log.ts";
import { lastOf, sieveOf, sieveOptions } from "./sieve.ts";

const usual = 20;
const longest = 500;

export const search = command({
  details: `Every word must be there, in any order and case and without regard to accents; a beginning of a word is enough. In scripts that put no blanks between words, and for symbols, the text itself is searched. History is kept for seven days unless CC_DM_HISTORY_DAYS says otherwise.
Exit code: 0 if something was found, 1 if nothing; 3 if the bus cannot be read.`,
  operands: "WORD...",
  options: {
    last: { type: "string", short: "n", value: "N", about: `So many messages, the newest (${usual})` },
    ...sieveOptions,
    json: { type: "boolean", about: "One JSON object instead of text" },
  },
  examples: [
    ["cc-dm search migration", "a word, or its beginning"],
    ["cc-dm search port 8080 --from backend --since 2d", "several words, and who wrote them when"],
    ["cc-dm search --json login | jq -r '.messages[].content'", "for a script"],
  ],
  async run(terminal, { options, operands }) {
    const text = operands.join(" ");
    if (text.trim() === "") throw new Usage("cc-dm search needs words to look for.");
    if (text.length > longest)
      throw new Usage(`search takes at most ${longest} characters; these are ${text.length}.`);
    const sieve = sieveOf(options, terminal.clock.now());
    const limit = lastOf(options.last, usual);
    const found = await withStore(terminal, (store) => looked(store, { ...sieve, text }, limit + 1));
    const entries = found.entries.slice(-limit);
    if (options.json === true) terminal.out(report(terminal, { ...found, entries }));
    else if (!terminal.screen) terminal.out(entries.map(inOneLine).join(""));
    else {
      const words = wordsOf(text);
      let day = terminal.clock.now();
      for (const entry of entries) {
        const begun = dayLine(entry.message.sentAt, day, terminal);
        day = entry.message.sentAt;
        const lines = [...heading(entry, terminal), ...hitsIn(entry.message, words, terminal)];
        terminal.out(`${[...(begun === null ? [] : [begun]), ...lines].join("\n")}\n`);
      }
    }
    if (entries.length === 0 && options.json !== true) terminal.err("cc-dm: nothing found.\n");
    if (found.forged > 0) terminal.err(`cc-dm: ${forgedText(found.forged)}\n`);
    if (found.entries.length > limit && options.last === undefined)
      terminal.err(`cc-dm: the last ${limit} of more; --last N shows more.\n`);
    return entries.length === 0 ? 1 : 0;
  },
});
