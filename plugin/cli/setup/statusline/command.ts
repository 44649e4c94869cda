import { command, Usage } from "../../command.ts";
import { statusline as run } from "./run.ts";

export const statusline = command({
  details: `Reads the JSON that the client writes to a status line's stdin, and prints [name · project · 3 peers · ✉2 you:1 · ⚠1]: the sessions it may write to, its unread mail and yours, and how many sessions wait for your answer to a permission request. What is nought is left out.

It prints nothing where there is nothing to say or anything is wrong, and the exit code is 0 then too. cc-dm install --statusline puts it into your settings; that runs dist/statusline.js, which says the same and starts faster.`,
  operands: "",
  options: {
    before: {
      type: "string",
      value: "FILE",
      about: "Where install keeps the status line you had; it is run first",
    },
  },
  examples: [
    ["cc-dm install --statusline", "show it in every session"],
    ["cc-dm statusline <status.json", "in a status line of your own: hand on what you were given on stdin"],
  ],
  async run({ env, clock, pid, keyboard, out }, { options, operands }) {
    if (operands.length > 0) throw new Usage(`statusline takes no "${operands[0]}".`);
    if (keyboard)
      throw new Usage("statusline reads the client's JSON on stdin. cc-dm install --statusline sets it up.");
    const words = options.before === undefined ? [] : ["--before", options.before];
    await run({ words, env, clock, pid, out });
    return 0;
  },
});
