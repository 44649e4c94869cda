import { type Command, command, type Named, Usage } from "../../command.ts";
import { bashScript } from "./bash.ts";
import { fishScript } from "./fish.ts";
import { live } from "./live.ts";
import { type List, lists, type Shell, shells } from "./meaning.ts";
import { zshScript } from "./zsh.ts";

const scripts: Readonly<Record<Shell, (commands: readonly Named[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** @param all the table of commands, in which this one stands too. */
export function completionsOf(all: () => Promise<readonly Named[]>): Command {
  return command({
    details: `Commands, options, and what is on the bus now: names of sessions, projects, letters of open requests.
Those scripts ask for that by "cc-dm completions names" (or requests, or projects): one a line; where there is no bus, nothing, and exit code 0.`,
    operands: shells.join("|"),
    options: {},
    examples: [
      ['eval "$(cc-dm completions bash)"', "in ~/.bashrc"],
      ["source <(cc-dm completions zsh)", "in ~/.zshrc, below compinit"],
      ["cc-dm completions fish > ~/.config/fish/completions/cc-dm.fish", "once"],
    ],
    async run(terminal, { operands: [what, ...more] }) {
      const known = `it takes ${shells.join(", ")}`;
      if (what === undefined || more.length > 0) throw new Usage(`completions needs one shell; ${known}.`);
      const shell = shells.find((one) => one === what);
      const list = lists.find((one): one is List => one === what);
      if (shell !== undefined) terminal.out(scripts[shell](await all()));
      else if (list !== undefined) terminal.out(await live(terminal, list));
      else throw new Usage(`completions knows no "${what}"; ${known}.`);
      return 0;
    },
  });
}
