import { dayMs } from "../../core/clock.ts";
import { DmError } from "../../core/errors.ts";
import { command } from "../command.ts";
import { type Store, withStore } from "../store.ts";
import { envelope } from "../terminal/envelope.ts";
import { line } from "../terminal/plain.ts";
import { addressed } from "./addressed.ts";
import { type Person, people, personJson } from "./people.ts";
import { roll } from "./roll.ts";

// As long as a closed session can be kept: a year, and then some (CC_DM_HISTORY_DAYS).
const everMs = 3650 * dayMs;

export const who = command({
  details: `With ADDRESSES only those: a name, a session's id or the first letters of one, or a folder.
Presence: idle; busy (with which tool); blocked (on which prompt of its user); live (there, nothing more known); away (silent); deaf (its server died, its client lives); closed.
"✉2" counts mail that waits for it; "waits for" names those who have not seen yet what it wrote to them.
Exit code: 0, also if nobody is there; 3 if the bus cannot be read, or nobody has such an address.`,
  operands: "[ADDRESS...]",
  options: {
    all: { type: "boolean", short: "a", about: "Closed ones too, as long as they are kept" },
    project: {
      type: "string",
      short: "p",
      value: "NAME",
      about: 'Of that project; "" for those without one',
    },
    json: { type: "boolean", about: "One JSON object instead of text" },
  },
  examples: [
    ["cc-dm who", "everybody, by project"],
    ["cc-dm who backend", "one of them"],
    ["cc-dm who --json | jq -r '.sessions[] | select(.presence == \"blocked\").name'", "for a script"],
  ],
  run: (terminal, { options, operands }) =>
    withStore(terminal, async (store) => {
      const closedWithinMs = options.all === true || operands.length > 0 ? everMs : null;
      const all = await people(store, { project: options.project, closedWithinMs });
      const chosen = operands.length === 0 ? all : await named(store, operands, all);
      if (options.json === true) terminal.out(envelope(terminal, { sessions: chosen.map(personJson) }));
      else terminal.out(chosen.length === 0 ? nobody(options) : roll(chosen, store.clock.now(), terminal));
      return 0;
    }),
});

/** @throws DmError as `addressed` does. */
async function named(store: Store, words: readonly string[], all: readonly Person[]) {
  const found = new Set<Person>();
  for (const word of words) {
    const target = await addressed(store, word, "; cc-dm inbox shows what was sent to you.");
    const holds = ({ session, presence }: Person) =>
      target.session === null
        ? presence === "closed" && session.mailbox === target.mailbox
        : session.id === target.session.id;
    const person = all.find(holds);
    if (person === undefined)
      throw new DmError("unknown_recipient", `Nothing more is on record of ${line(word)} than its mailbox.`);
    found.add(person);
  }
  return [...found];
}

function nobody({ project, all }: { readonly project?: string; readonly all?: boolean }): string {
  const where =
    project === undefined ? "" : project === "" ? " without a project" : ` in project "${line(project)}"`;
  return all === true
    ? `No session${where} is on record.\n`
    : `No session${where} runs now. cc-dm who --all shows those that closed.\n`;
}
