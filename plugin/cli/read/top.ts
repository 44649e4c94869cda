import { command, Usage } from "../command.ts";
import { live } from "./top/live.ts";

export const top = command({
  details: `Sessions with what they do, their unread mail and whom they wait for; messages with how far each has come;
permission requests, which you answer by key. It reads and never writes, but for your answers.
Needs a terminal of 40 columns and 10 rows. Without a bus it waits for one. ? lists the keys.
Exit code: 0 when you end it, 2 without a terminal, 3 if the bus was written by a newer cc-dm.`,
  operands: "",
  options: {
    project: { type: "string", short: "p", value: "NAME", about: "Begin with that project alone" },
  },
  examples: [
    ["cc-dm top", "in a window beside the editor; q ends it"],
    ["cc-dm top --project shop", "one project; p shows the others"],
  ],
  run(terminal, { options, operands }) {
    if (operands.length > 0) throw new Usage("top takes no operands; / filters while it runs.");
    const { keyboard, screen, env } = terminal;
    if (!keyboard || !screen || env.TERM === "dumb") {
      const why = env.TERM === "dumb" ? "TERM=dumb can draw none" : "there is none";
      throw new Usage(
        `top needs a terminal for its screen, and ${why}. cc-dm log --follow writes the same lines by lines.`,
      );
    }
    return live(terminal, options.project);
  },
});
