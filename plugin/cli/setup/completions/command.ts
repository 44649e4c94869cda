import { type Command, command, type Named, Usage } from "../../command.ts";
import { envelope } from "../../terminal/envelope.ts";
import { type List, linesOf, lists, live } from "./live.ts";

const shells = ["bash", "zsh", "fish"] as const;
type Shell = (typeof shells)[number];

/** Loaded when it is asked for: those who ask at every key want a list. */
const scripts: Readonly<Record<Shell, () => Promise<(commands: readonly Named[]) => string>>> = {
  bash: () => import("./bash.ts").then(({ bashScript }) => bashScript),
  zsh: () => import("./zsh.ts").then(({ zshScript }) => zshScript),
  fish: () => import("./fish.ts").then(({ fishScript }) => fishScript),
};

/** @param all the table of commands, in which this one stands too. */
export function completionsOf(all: () => Promise<readonly Named[]>): Command {
  return command({
    details: `Commands, options, and what is on the bus now: names of sessions, projects, letters of open requests.
Those scripts ask for that by "cc-dm completions names" (or requests, or projects): one a line; where there is no bus, nothing, and exit code 0.`,
    operands: shells.join("|"),
    options: { json: { type: "boolean", about: "One JSON object: the script, or what the bus knows" } },
    examples: [
      ['eval "$(cc-dm completions bash)"', "in ~/.bashrc"],
      ["source <(cc-dm completions zsh)", "in ~/.zshrc, below compinit"],
      ["cc-dm completions fish > ~/.config/fish/completions/cc-dm.fish", "once"],
    ],
    async run(terminal, { options, operands: [what, ...more] }) {
      const known = `it takes ${shells.join(", ")}`;
      if (what === undefined || more.length > 0) throw new Usage(`completions needs one shell; ${known}.`);
      const shell = shells.find((one) => one === what);
      const list = lists.find((one): one is List => one === what);
      const say = (text: string, told: Readonly<Record<string, unknown>>) => {
        terminal.out(options.json === true ? envelope(terminal, told) : text);
        return 0;
      };
      if (shell !== undefined) {
        const scriptOf = await scripts[shell]();
        const script = scriptOf(await all());
        return say(script, { shell, script });
      }
      if (list === undefined) throw new Usage(`completions knows no "${what}"; ${known}.`);
      const words = await live(terminal, list);
      return say(linesOf(words), { list, words: words.map(([word, about]) => ({ word, about })) });
    },
  });
}
