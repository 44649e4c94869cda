import { command, type Terminal, Usage } from "../../command.ts";
import { envelope } from "../../terminal/envelope.ts";
import { glanceAt } from "./glance.ts";
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
    json: { type: "boolean", about: "One JSON object instead of the line: what it is made of, or null" },
  },
  examples: [
    ["cc-dm install --statusline", "show it in every session"],
    ["cc-dm statusline <status.json", "in a status line of your own: hand on what you were given on stdin"],
    ["cc-dm statusline --json <status.json | jq .session.unread", "or make one of the parts"],
  ],
  async run(terminal, { options }) {
    const { env, clock, pid, keyboard, out } = terminal;
    if (keyboard)
      throw new Usage("statusline reads the client's JSON on stdin. cc-dm install --statusline sets it up.");
    if (options.json === true) {
      if (options.before !== undefined) throw new Usage("--json tells of cc-dm alone; it takes no --before.");
      out(envelope(terminal, { session: await sessionIn(terminal) }));
      return 0;
    }
    const words = options.before === undefined ? [] : ["--before", options.before];
    await run({ words, env, clock, pid, out });
    return 0;
  },
});

// As much as no client writes.
const mostBytes = 1_000_000;

async function sessionIn({ env, clock, pid, input }: Terminal) {
  const seen = glanceAt({ input: new TextDecoder().decode(await input(mostBytes)), env, clock, pid });
  return (
    seen && {
      name: seen.name,
      project: seen.project,
      peers: seen.peers,
      unread: seen.unread,
      for_user: seen.forPerson,
      sessions_asking: seen.asking,
      server_gone: seen.deaf,
    }
  );
}
