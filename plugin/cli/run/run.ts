import { become } from "../../host/become.ts";
import { type Command, type Options, refusedExit, type Terminal, Usage } from "../command.ts";
import { line } from "../terminal/plain.ts";
import { membersOf, pick, profilesHere } from "./choose.ts";
import { cautions, findClient } from "./client.ts";
import { agree } from "./consent.ts";
import { bad, fileName } from "./find.ts";
import { checkSettings, envOf, launchOf, refuseCircle, refuseWithoutTerminal, settingsOf } from "./launch.ts";
import { layoutOf } from "./panes.ts";
import { launchAsJson, shownLaunch, teamAsJson } from "./show.ts";
import { byHand, goTo, openTeam, tmuxFor } from "./team.ts";
import { type Asked, readWords } from "./words.ts";

const options = {
  name: { type: "string", value: "NAME", about: "The session's name, as CC_DM_SESSION_NAME" },
  role: { type: "string", value: "ROLE", about: "Its role" },
  project: { type: "string", value: "PROJECT", about: "Its project" },
  prompt: { type: "string", value: "TEXT", about: "Its first prompt; an empty one: none" },
  relay: { type: "boolean", about: "Others may answer its permission prompts (CC_DM_PERMISSION_RELAY)" },
  approver: { type: "string", value: "WHO", about: "Who may: names, role:ROLE; turns --relay on" },
  notify: { type: "boolean", about: "A desktop notice when it needs you (CC_DM_NOTIFY)" },
  client: { type: "string", value: "PATH", about: "The client's program, before CC_DM_CLIENT and claude" },
  profile: { type: "string", value: "NAME", about: `A profile of ${fileName}; or the first word` },
  team: { type: "boolean", about: "All profiles of the team, or those named, and the log, in tmux" },
  windows: { type: "boolean", about: "With --team: a window each; so from five on anyway" },
  detach: { type: "boolean", about: "With --team: leave it in the background" },
  yes: { type: "boolean", about: "Take the profile without asking" },
  "dry-run": { type: "boolean", about: "Show what would be run, and run nothing" },
  json: { type: "boolean", about: "With --dry-run or --detach: one JSON object" },
} as const satisfies Options;

export const run: Command = {
  details: `Options that are not listed here go to the client as they are, and so do all plain words behind the first of
them; behind -- everything does. Flags count before the profile, both before the environment. run adds no option that
skips permissions.

Profiles stand in ${fileName}, in this folder or above it up to the root of the repository:
  {"project": "shop", "team": ["planner", "tests"],
   "profiles": {
     "planner": {"role": "lead", "prompt": "Read TODO.md and plan."},
     "tests": {"folder": "test", "name": "tester"}}}

A profile may have name, role, project, folder and prompt. You are asked before one is used for the first
time, and again when it changes: it comes with the repository. Its prompt is sent where a conversation
begins, not with --continue, --resume or -p.

Exit code: the client's; 2 wrong words; 3 it could not be started; 77 nobody agreed to the profile.`,
  operands: "[PROFILE...] [CLIENT ARGUMENT...]",
  options,
  examples: [
    ["cc-dm run --name backend --project shop", "a session with a name"],
    ["cc-dm run planner --model opus", "a profile; --model is the client's"],
    ["cc-dm run --name tests --approver lead", "its permission prompts go to the session lead, and to you"],
    ['cc-dm run -- -p "Sum up README.md"', "everything behind -- is the client's"],
    ["cc-dm run --team", "all profiles of the team side by side, with the log"],
  ],
  forwards: true,
  run: (terminal, { operands }) => start(terminal, readWords(operands, options)),
};

async function start(terminal: Terminal, asked: Asked): Promise<number> {
  checkCombination(asked);
  refuseCircle(terminal.env, terminal.pid);
  if (asked.flags.has("team")) return startTeam(terminal, asked);
  const key = asked.texts.profile ?? asked.operands[0];
  const found = key === undefined ? null : profilesHere(terminal);
  const profile = found === null || key === undefined ? null : pick(found, key);
  const launch = launchOf(asked, profile, terminal.cwd);
  const client = findClient(terminal, asked.texts.client);
  const env = envOf(terminal.env, launch, terminal.cwd, terminal.pid);
  const told = [
    ...checkSettings(env, launch),
    ...cautions(client, launch.words, { ...terminal, cwd: launch.folder }),
  ];
  for (const one of told) terminal.err(`cc-dm: ${one}\n`);
  if (asked.flags.has("dry-run")) {
    const text = asked.flags.has("json")
      ? launchAsJson(terminal, client, launch)
      : shownLaunch(client, launch, terminal.cwd);
    terminal.out(text);
    return 0;
  }
  if (!terminal.keyboard) refuseWithoutTerminal(terminal.env, launch.words);
  if (found !== null && profile !== null && !agree(terminal, asked, found, [profile])) return refusedExit;
  return become({ file: client, words: launch.words, env, cwd: launch.folder });
}

async function startTeam(terminal: Terminal, asked: Asked): Promise<number> {
  settingsOf(asked, null); // what is wrong with a flag is said here, and not in every pane
  const found = profilesHere(terminal);
  const keys = asked.operands.length > 0 ? asked.operands : found.team;
  const members = membersOf(found, keys);
  const twice = members.find((one, i) => members.findIndex(({ name }) => name === one.name) !== i);
  if (twice !== undefined)
    throw bad(found.file, `gives the name "${twice.name}" to two of them; only one of them could have it`);
  const client = findClient(terminal, asked.texts.client);
  const team = { asked, found, members, client };
  const layout = layoutOf(terminal, team);
  const forScript = asked.flags.has("json");
  if (asked.flags.has("dry-run")) {
    const lines = byHand(team).map((text) => `${text}\n`);
    terminal.out(forScript ? teamAsJson(terminal, layout, []) : lines.join(""));
    return 0;
  }
  if (!agree(terminal, asked, found, members)) return refusedExit;
  const server = tmuxFor(terminal, team, layout);
  const { session, opened } = await openTeam(terminal, server, layout);
  if (forScript) terminal.out(teamAsJson(terminal, { ...layout, session }, opened));
  if (forScript) return 0;
  if (opened.length < layout.panes.length)
    terminal.err(
      `cc-dm: The team runs already${opened.length > 0 ? `; opened: ${opened.join(", ")}` : ""}.\n`,
    );
  const here = terminal.keyboard && terminal.screen && !asked.flags.has("detach");
  if (here) return goTo(terminal, server, session, layout.folder);
  terminal.out(`The team is in the tmux session ${session}. To see it: tmux attach -t '=${session}'\n`);
  return 0;
}

function checkCombination({ texts, flags, operands }: Asked): void {
  const team = flags.has("team");
  for (const flag of ["windows", "detach"])
    if (flags.has(flag) && !team) throw new Usage(`--${flag} goes with --team.`);
  for (const option of ["name", "prompt", "profile"])
    if (team && texts[option] !== undefined)
      throw new Usage(`--${option} is for one session, and --team starts several.`);
  if (flags.has("json") && !flags.has("dry-run") && !flags.has("detach"))
    throw new Usage("--json goes with --dry-run or --detach.");
  const [first, second] = texts.profile === undefined ? operands : [texts.profile, ...operands];
  if (!team && second !== undefined)
    throw new Usage(
      `run starts one profile (${line(first ?? "")}). Several: cc-dm run --team ${line([first, second].join(" "))}. A prompt: --prompt TEXT. Words for the client: behind --.`,
    );
}
