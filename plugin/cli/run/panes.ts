import { createHash } from "node:crypto";
import { dirname } from "node:path";
import type { Env } from "../../core/home.ts";
import { nameFromFolder } from "../../core/names.ts";
import { settingKeys } from "../../core/settings.ts";
import { alone } from "../../host/alone.ts";
import { realPath } from "../../host/programs.ts";
import type { Terminal } from "../command.ts";
import { withoutOuter } from "./launch.ts";
import type { Profile } from "./profile.ts";
import type { Profiles } from "./profiles.ts";
import type { Layout, Pane } from "./tmux.ts";
import type { Asked } from "./words.ts";

// No name has a blank in it: no session can be taken for this.
const logTitle = "the log";

// More than these on one screen, and none has room to be read.
const mostOnScreen = 4;

export interface Team {
  readonly asked: Asked;
  readonly found: Profiles;
  readonly members: readonly Profile[];
  /** The client's program, wherever the panes look from. */
  readonly client: string;
}

interface Crew extends Team {
  readonly env: Env;
  /** What runs cc-dm: Bun, and our file. */
  readonly cli: readonly string[];
}

export function layoutOf({ env, program }: Terminal, team: Team): Layout {
  const { asked, found, members } = team;
  const crew = { ...team, env: withoutOuter(env), cli: [process.execPath, ...alone(program), program] };
  const folder = realPath(dirname(found.file));
  const project = sharedBy(members.map((one) => one.project));
  return {
    session: sessionName(project ?? nameFromFolder(folder)),
    mark: createHash("sha256").update(found.file).digest("hex").slice(0, 16),
    folder,
    panes: [...members.map((one) => sessionPane(crew, one)), logPane(crew, asked.texts.project ?? project)],
    windows: asked.flags.has("windows") || members.length > mostOnScreen,
  };
}

/** The project that all of them are in. */
function sharedBy(projects: readonly (string | null)[]): string | null {
  const [first = null, ...others] = projects;
  return others.every((one) => one === first) ? first : null;
}

/** tmux has its own use for dots and colons. */
function sessionName(text: string): string {
  return text.replace(/[.:]/g, "_");
}

/** Each is a `cc-dm run` of its own, which reads the file again and asks if it changed meanwhile. */
function sessionPane(crew: Crew, { key, name }: Profile): Pane {
  const { client: _, ...texts } = crew.asked.texts; // found already, and not by a path from there
  const words = memberWords({ ...crew.asked, texts }, key);
  return { title: name, words: inPane(crew, name, again, ["run", ...words]) };
}

/** What starts one of the team by itself. */
export function memberWords({ texts, flags, client }: Asked, key: string): readonly string[] {
  const options = [
    ...Object.entries(texts).map(([name, value]) => `--${name}=${value}`),
    ...["relay", "notify", "yes"].filter((flag) => flags.has(flag)).map((flag) => `--${flag}`),
  ];
  return [key, ...options, ...(client.length > 0 ? ["--", ...client] : [])];
}

function logPane(crew: Crew, project: string | null | undefined): Pane {
  const words = ["log", "--follow", ...(project == null ? [] : [`--project=${project}`])];
  return { title: logTitle, words: inPane(crew, logTitle, patiently, words) };
}

// What stands in a pane when its client has gone stays readable. With job control, because a client that is
// stopped by Ctrl-Z here has no shell to be continued from. Everything foreign comes by "$@".
const again = `set -m
title=$1; shift
while :; do
  trap : INT
  "$@"
  code=$?
  while case $(kill -l "$code" 2>/dev/null) in STOP|TSTP|TTIN|TTOU) ;; *) false ;; esac; do
    printf '\\n%s is stopped. Enter: go on. ' "$title"; read -r _ || exit
    fg >/dev/null; code=$?
  done
  trap - INT
  stty sane 2>/dev/null
  printf '\\n%s has ended (exit code %s). Enter: start it again. Ctrl-C: close this pane. ' "$title" "$code"
  read -r _ || exit
done`;

// There is no bus before the first session ever has made it.
const patiently = `title=$1; shift
tries=0
while ! "$@" && [ $tries -lt 20 ]; do tries=$((tries+1)); sleep 1; clear; done
printf '\\n%s has ended. Enter: start it again. Ctrl-C: close this pane. ' "$title"
read -r _ && exec sh -c "$0" "$0" "$title" "$@"`;

function inPane(
  { env, cli, client }: Crew,
  title: string,
  script: string,
  words: readonly string[],
): Pane["words"] {
  // The tmux server may have been started long ago, by another shell.
  const settings = [...settingKeys, "CC_DM_HOME"].map((key) => `${key}=${env[key] ?? ""}`);
  const here = ["PATH", "CLAUDE_CONFIG_DIR"].flatMap((key) =>
    env[key] === undefined ? [] : [`${key}=${env[key]}`],
  );
  return [
    "env",
    // Where a session's shell opens a team, its panes are not that shell's.
    ...["-u", "CLAUDECODE", "-u", "CC_DM_RUN_PID"],
    ...settings,
    `CC_DM_CLIENT=${client}`,
    ...here,
    "sh",
    "-c",
    script,
    script,
    title,
    ...cli,
    ...words,
  ] as unknown as Pane["words"];
}
