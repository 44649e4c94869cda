import { command } from "../command.ts";
import { marks } from "./draft.ts";
import { speak } from "./speak.ts";
import { waiting } from "./wait.ts";

export const broadcast = command({
  details: `To every listed session that runs now; inside a session's client to those of its project, as that session.
Without TEXT, or with "-", the text comes from stdin. With --wait it waits for all of them.
Exit code: as of cc-dm send.`,
  operands: "[TEXT...]",
  options: {
    role: { type: "string", short: "r", value: "ROLE", about: "Only sessions of that role" },
    project: { type: "string", short: "p", value: "NAME", about: "Only sessions of that project" },
    ...marks,
    wait: { type: "string", short: "w", value: "seen", about: "Until all have seen it" },
    timeout: waiting.timeout,
    json: { type: "boolean", about: "One JSON object instead of text" },
  },
  examples: [
    ['cc-dm broadcast "main is frozen until 15:00"', "to all"],
    ['cc-dm broadcast --project shop --role tester "pull and run the suite"', "to some"],
  ],
  async run(terminal, { options, operands }) {
    const { role, project } = options;
    return speak(terminal, { options, words: operands, kinds: ["seen"] }, (from, draft) =>
      from.broadcast(draft, { role, project }),
    );
  },
});
