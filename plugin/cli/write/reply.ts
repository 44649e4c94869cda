import { command, Usage } from "../command.ts";
import { messageOf } from "../read/find.ts";
import { marks } from "./draft.ts";
import { speak } from "./speak.ts";
import { waiting } from "./wait.ts";

const { thread: _, ...others } = marks;

export const reply = command({
  details: `ID is the message's id, or six characters or more of either end of it (cc-dm inbox, cc-dm log --to user).
The answer keeps the thread. Without TEXT, or with "-", the text comes from stdin.
Exit code: as of cc-dm send.`,
  operands: "ID [TEXT...]",
  options: { ...others, ...waiting, json: { type: "boolean", about: "One JSON object instead of text" } },
  examples: [
    ['cc-dm reply 6NHNJX "yes, port 8081"', "the end of an id will do"],
    ["cc-dm reply 6NHNJX --file plan.md --wait seen", "with a file's text"],
  ],
  async run(terminal, { options, operands: [id, ...words] }) {
    if (id === undefined) throw new Usage("reply needs the message's ID and a text; cc-dm inbox shows them.");
    return speak(terminal, { options, words }, async (from, draft, store) => {
      const { message } = await messageOf(store, id, from.session);
      return from.reply(message.id, draft);
    });
  },
});
