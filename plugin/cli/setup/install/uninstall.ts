import { join } from "node:path";
import { isDmError } from "../../../core/errors.ts";
import { command, refusedExit, type Terminal, Usage } from "../../command.ts";
import { findClient } from "../../run/client.ts";
import { quote } from "../../run/quote.ts";
import { agrees } from "../../terminal/ask.ts";
import { line } from "../../terminal/plain.ts";
import { clientAbove } from "../../voice.ts";
import { removeMarketplace, removePlugin } from "./client.ts";
import { isThere, removeEntry, removeIfEmpty, removeLink } from "./entry.ts";
import { type Places, placesOf, short } from "./places.ts";
import { type Loss, lossOf, lossText, purgeBus } from "./purge.ts";
import { forget } from "./record.ts";
import { restoreSettings } from "./settings.ts";
import { removeStatusline } from "./shown.ts";
import {
  carryOut,
  exitOf,
  plan,
  type Result,
  resultsJson,
  resultText,
  type Step,
  stepOptions,
} from "./steps.ts";

export const uninstall = command({
  details: `Takes back what cc-dm install did: the status line (yours from before comes back), the plugin and its marketplace, the command on the PATH, the link ~/.cc-dm/plugin. It says first what it will do. What you changed since stays, and is named. Messages, settings and keys in ~/.cc-dm stay too, unless you say --purge.

--purge removes them for good. It asks first, or needs --yes where there is no terminal; it is refused while sessions run on that bus, unless you say --force, and inside a Claude Code session in any case.

Exit code: 0 nothing of it is left, 1 some of it could not be removed, 77 refused.`,
  operands: "",
  options: {
    purge: { type: "boolean", about: "Also remove ~/.cc-dm: messages, history, keys, settings" },
    yes: { type: "boolean", short: "y", about: "Do not ask" },
    force: { type: "boolean", about: "Purge though sessions run on the bus, or may; they lose it" },
    ...stepOptions,
  },
  examples: [
    ["cc-dm uninstall --dry-run", "look first"],
    ["cc-dm uninstall", "keep the messages, for another time"],
    ["cc-dm uninstall --purge", "leave no trace"],
  ],
  async run(terminal, { options }) {
    const places = placesOf(terminal);
    const kept = short(places.home.folder, terminal.env);
    const { purge = false, yes = false, force = false } = options;
    const [dryRun, asJson] = [options["dry-run"] === true, options.json === true];
    const steps = stepsOf(terminal, places, clientOf(terminal, options.client), purge);
    const foreseen = plan(steps);
    const loss = purge ? lossOf(places, terminal) : null;
    const refused = loss === null || dryRun ? null : refusal(terminal, loss, { yes, force, asJson });
    if (refused !== null) {
      terminal.err(`cc-dm: ${refused.why}\n`);
      return refused.exit;
    }
    if (!asJson) {
      terminal.out(dryRun ? "This would be done:\n" : "This will be done:\n");
      for (const result of foreseen) terminal.out(resultText(result, terminal));
      if (loss !== null) terminal.out(`${line(lossText(loss))}\n`);
      else if (dryRun && isThere(places.home.folder))
        terminal.out(`Messages, keys and settings stay in ${kept}; with --purge they go too.\n`);
    }
    const asks = loss !== null && !dryRun && !yes;
    if (asks && !agrees(terminal, "Remove all of this for good?")) {
      terminal.err("cc-dm: nothing was done.\n");
      return 1;
    }
    if (!asJson) terminal.out(dryRun ? "" : "\n");
    const told = (result: Result) => {
      if (!asJson) terminal.out(resultText(result, terminal));
    };
    const results = dryRun ? foreseen : carryOut(steps, told);
    if (!dryRun) tidyUp(places, results);
    if (asJson) terminal.out(resultsJson(terminal, dryRun, results));
    else if (!dryRun && !purge && exitOf(results) === 0 && isThere(places.home.folder))
      terminal.out(
        `\nMessages, keys and settings stay in ${kept}. To remove them too: bun ${quote(join(places.root, "dist", "cli.js"))} uninstall --purge\n`,
      );
    return exitOf(results);
  },
});

function stepsOf(
  terminal: Terminal,
  places: Places,
  program: string | null,
  purge: boolean,
): readonly Step[] {
  const client = { places, env: terminal.env, cwd: terminal.cwd, program };
  return [
    removeStatusline(places, terminal),
    removePlugin(client),
    removeMarketplace(client),
    restoreSettings(places, terminal, purge),
    removeEntry(places, terminal),
    removeLink(places, terminal),
    ...(purge ? [purgeBus(places, terminal)] : []),
  ];
}

/** Where the client is gone already, the rest can still be removed. */
function clientOf(terminal: Terminal, named: string | undefined): string | null {
  try {
    return findClient(terminal, named);
  } catch (error) {
    if (named !== undefined || !isDmError(error)) throw error;
    return null;
  }
}

interface Said {
  readonly yes: boolean;
  readonly force: boolean;
  readonly asJson: boolean;
}

/** Why the bus is not to be removed now, or null. Said before anything else is. */
function refusal(
  terminal: Terminal,
  { running, blind, mayRun }: Loss,
  { yes, force, asJson }: Said,
): { readonly why: string; readonly exit: number } | null {
  const above = clientAbove(terminal.pid);
  if (above !== null)
    return {
      why: `a session must not remove everybody's messages: ${above}. Do it in a terminal of your own.`,
      exit: refusedExit,
    };
  if (!yes && (!terminal.keyboard || asJson))
    throw new Usage("--purge asks before it removes anything, and there is nobody to ask here. Say --yes.");
  if (force) return null;
  if (mayRun)
    return {
      why: `whether sessions run on this bus cannot be told: ${line(blind ?? "")} End them and say --force. Nothing was done.`,
      exit: 1,
    };
  if (running.length === 0) return null;
  return {
    why: `sessions run on this bus: ${running.map(line).join(", ")}. End them and run this again; --force removes it under them, and what they send from then on is lost. Nothing was done.`,
    exit: 1,
  };
}

/** The note of what was installed goes when none of it is left. */
function tidyUp(places: Places, results: readonly Result[]): void {
  if (exitOf(results) !== 0) return;
  forget(places);
  removeIfEmpty(places.home.folder);
}
