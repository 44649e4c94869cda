import { command } from "../command.ts";
import { withStore } from "../store.ts";
import { draftOf, marks } from "./draft.ts";
import { tellSent } from "./saying.ts";
import { speaker } from "./speaker.ts";
import { textOf } from "./text.ts";
import { waiting, wishOf } from "./wait.ts";

export const broadcast = command({
  name: "broadcast",
  summary: "Send one message to all sessions that run, or to some",
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
    const wish = wishOf(options, ["seen"]);
    const draft = draftOf("", options);
    const content = await textOf(terminal, { words: operands, file: options.file });
    const { role, project } = options;
    return withStore(terminal, async (store) => {
      const from = await speaker(terminal, store);
      const sent = await from.broadcast({ ...draft, content }, { role, project });
      return tellSent(terminal, store, from, sent, { content, wish, forScript: options.json === true });
    });
  },
});
