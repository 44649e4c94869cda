import { judgeVersion } from "../../../doctor/client.ts";
import { askVersion, clientVersion } from "../../../host/programs.ts";
import { command, type Terminal } from "../../command.ts";
import { findClient } from "../../run/client.ts";
import { addMarketplace, addPlugin, ours, sourceOf } from "./client.ts";
import { addEntry, addLink } from "./entry.ts";
import { type Places, placesOf, repository } from "./places.ts";
import { dropBackup, keepSettings } from "./settings.ts";
import { addStatusline } from "./shown.ts";
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

export const install = command({
  details: `Has Claude Code add the marketplace and install the plugin, from the clone that this program is part of or else from GitHub. Makes ~/.local/bin/cc-dm, by way of the link ~/.cc-dm/plugin, which outlives updates. Run it again at any time: what is there already stays.

With --statusline it also sets a status line in your ~/.claude/settings.json. One that you have is kept: ours runs it and stands behind it. Everything else in that file stays byte for byte; a copy from before lies beside it. cc-dm uninstall takes all of this back.

Exit code: 0 all is there, 1 some of it could not be done, 3 there is no Claude Code that can take it.`,
  operands: "",
  options: {
    statusline: { type: "boolean", about: "Also a status line: who you are, peers, mail, approvals" },
    "no-path": { type: "boolean", about: "Leave ~/.local/bin alone" },
    ...stepOptions,
  },
  examples: [
    ["cc-dm install --statusline", "all of it"],
    ["cc-dm install --dry-run", "look first"],
    ["node dist/cli.js install", "the first time, from a clone; sh install.sh does the same"],
  ],
  async run(terminal, { options }) {
    const places = placesOf(terminal);
    const program = findClient(terminal, options.client);
    const version = clientVersion(program) ?? askVersion(program);
    const finding = version === null ? null : judgeVersion(version, `${program} is Claude Code ${version}`);
    if (finding?.severity === "error") {
      terminal.err(`cc-dm: ${finding.found}. Run: ${finding.mend}\n`);
      return 3;
    }
    if (finding?.severity === "warning") terminal.err(`cc-dm: ${finding.found}. ${finding.mend}\n`);
    const steps = stepsOf(terminal, places, program, {
      statusline: options.statusline === true,
      path: options["no-path"] !== true,
    });
    const dryRun = options["dry-run"] === true;
    const told = (result: Result) => {
      if (options.json !== true) terminal.out(resultText(result, terminal));
    };
    const results = dryRun ? plan(steps) : doIt(places, steps, told);
    if (options.json === true) terminal.out(resultsJson(terminal, dryRun, results));
    else if (dryRun) results.forEach(told);
    else if (exitOf(results) === 0) terminal.out(farewell);
    return exitOf(results);
  },
});

function stepsOf(
  terminal: Terminal,
  places: Places,
  program: string,
  wanted: { readonly statusline: boolean; readonly path: boolean },
): readonly Step[] {
  const client = { places, env: terminal.env, cwd: terminal.cwd, program };
  const clone = sourceOf(places) !== repository;
  const root = () => (clone ? places.root : (ours(client)[0]?.folder ?? null));
  return [
    addMarketplace(client),
    addPlugin(client),
    addLink(places, terminal, root),
    ...(wanted.path ? [addEntry(places, terminal)] : []),
    ...(wanted.statusline ? [addStatusline(places, terminal)] : []),
  ];
}

function doIt(places: Places, steps: readonly Step[], told: (result: Result) => void): readonly Result[] {
  keepSettings(places);
  const results = carryOut(steps, told);
  dropBackup(places);
  return results;
}

const farewell = `
Start two sessions, each in its own terminal:
  CC_DM_SESSION_NAME=backend claude
  CC_DM_SESSION_NAME=frontend claude
and tell the second one: "ask backend which port it listens on".
Sessions that run already get it with their next start. cc-dm doctor tells if something is wrong.
`;
