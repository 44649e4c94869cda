import { command, Usage } from "../command.ts";
import { marks } from "./draft.ts";
import { speak } from "./speak.ts";
import { waiting } from "./wait.ts";

export const send = command({
  details: `TO is a session's name (with its project, "api (shop)", where several are called so), the first letters of its
id, or its folder's name. Inside a session "user" is the person at this machine.
Without TEXT, or with "-", the text comes from stdin. It waits for a closed session, and you are told in
cc-dm inbox if it expires unread.
In a terminal or script of yours you speak as the user of this machine; run inside a session's client (by its
shell tool) it is that session that speaks. cc-dm whoami tells.
With --wait reply into a pipe or $(...), stdout is the text of the reply and nothing else.
Exit code: 0 sent (and seen or answered, with --wait); 1 what was waited for did not come; 2 wrong usage;
3 not sent; 77 it cannot be told who speaks; 130 broken off while waiting.`,
  operands: "TO [TEXT...]",
  options: { ...marks, ...waiting, json: { type: "boolean", about: "One JSON object instead of text" } },
  examples: [
    ['cc-dm send backend "the auth spec is ready"', "one line"],
    ["git diff | cc-dm send reviewer --type review", "from a pipe"],
    ['cc-dm send tests "run the auth suite" --wait reply --timeout 30m', "prints the answer"],
  ],
  async run(terminal, { options, operands: [to, ...words] }) {
    if (to === undefined) throw new Usage("send needs TO and a text; cc-dm who lists the sessions.");
    return speak(terminal, { options, words }, (from, draft) => from.dm(to, draft));
  },
});
