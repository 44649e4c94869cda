import { command, Usage } from "../command.ts";
import { withStore } from "../store.ts";
import { envelope } from "../terminal/envelope.ts";
import { live } from "./top/live.ts";
import { snapshot } from "./top/snapshot.ts";

export const top = command({
  details: `Sessions with what they do, their unread mail and whom they wait for; messages with how far each has come;
permission requests, which you answer by key. It reads and never writes, but for your answers.
Needs a terminal of 40 columns and 10 rows, but for --json. Without a bus it waits for one. ? lists the keys.
Exit code: 0 when you end it, 2 without a terminal, 3 if the bus was written by a newer cc-dm; with --json
if it cannot be read.`,
  operands: "",
  instead: "/ filters while it runs.",
  options: {
    project: { type: "string", short: "p", value: "NAME", about: "Begin with that project alone" },
    json: { type: "boolean", about: "One JSON object of what there is now, and no screen" },
  },
  examples: [
    ["cc-dm top", "in a window beside the editor; q ends it"],
    ["cc-dm top --project shop", "one project; p shows the others"],
    ["cc-dm top --json | jq '.waits[] | [.from, .to, .why]'", "for a script: who waits for whom"],
  ],
  run(terminal, { options }) {
    const { project } = options;
    if (options.json === true)
      return withStore(terminal, async (store) => {
        terminal.out(envelope(terminal, await snapshot(store, project)));
        return 0;
      });
    const { keyboard, screen, env } = terminal;
    if (!keyboard || !screen || env.TERM === "dumb") {
      const why = env.TERM === "dumb" ? "TERM=dumb can draw none" : "there is none";
      throw new Usage(
        `top needs a terminal for its screen, and ${why}. cc-dm log --follow writes the same lines by lines.`,
      );
    }
    return live(terminal, project);
  },
});
