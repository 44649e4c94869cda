import { existsSync } from "node:fs";
import { type Config, loadConfig } from "../../core/config.ts";
import { many } from "../../core/counts.ts";
import { setting } from "../../core/home.ts";
import { defaultOf, type SettingKey, settingKeys } from "../../core/settings.ts";
import { settingText } from "../../doctor/settings.ts";
import { command, type Terminal, Usage } from "../command.ts";
import { folderText } from "../read/roll.ts";
import { suggest } from "../suggest.ts";
import { envelope } from "../terminal/envelope.ts";
import { type Paper, pad, paint, widest, wrap } from "../terminal/paper.ts";
import { line } from "../terminal/plain.ts";

export const config = command({
  details: `As a session would have them that is started in this shell. Command line before environment before config.json, but what stands there under "locked" beats both. What differs from its default is marked. With NAMES only those; the CC_DM_ in front may be left out.
Exit code: 0; 2 for a name that is no setting; 3 if a value is wrong: no session starts then.`,
  operands: "[NAME...]",
  options: { json: { type: "boolean", about: "One JSON object instead of text" } },
  examples: [
    ["cc-dm config", "all of them"],
    ["cc-dm config message_ttl_s", "one of them"],
    ["cc-dm config --json | jq '.settings[] | select(.source != \"default\")'", "for a script"],
  ],
  async run(terminal, { options, operands }) {
    const keys = operands.length === 0 ? settingKeys : operands.map(keyOf);
    const loaded = loadConfig({ env: terminal.env, args: [] });
    if (options.json === true) terminal.out(envelope(terminal, report(terminal, loaded, keys)));
    else terminal.out(operands.length === 0 ? page(loaded, terminal) : rows(loaded, keys, terminal));
    return 0;
  },
});

function keyOf(word: string): SettingKey {
  const upper = word.trim().toUpperCase().replaceAll("-", "_");
  const key = settingKeys.find((one) => one === upper || one === `CC_DM_${upper}`);
  if (key !== undefined) return key;
  const short = new Map(
    settingKeys.flatMap((one) => [
      [one.toLowerCase(), one],
      [one.replace(/^CC_DM_/, "").toLowerCase(), one],
    ]),
  );
  const meant = suggest(word, [...short.keys()]);
  throw new Usage(
    `There is no setting "${word}". ${meant === null ? "cc-dm config lists all." : `Did you mean ${short.get(meant)}?`}`,
  );
}

function page(loaded: Config, terminal: Terminal): string {
  const { home, rules } = loaded;
  const there = existsSync(home.config);
  const from = setting(terminal.env, "CC_DM_HOME") === undefined ? "default" : "environment";
  const head = [
    `${paint(terminal, "bold", "home")}   ${folderText(home.folder)} (${from})`,
    `${paint(terminal, "bold", "file")}   ${folderText(home.config)}${there ? "" : " (not there)"}`,
    `${paint(terminal, "bold", "rules")}  ${rules.length === 0 ? "none for permission requests" : `${many(rules.length, "rule")} for permission requests`}`,
  ];
  return `${head.join("\n")}\n\n${rows(loaded, settingKeys, terminal)}`;
}

/** A setting that is not at its default is marked, and says what that would be. */
function rows({ values, sources }: Config, keys: readonly SettingKey[], paper: Paper): string {
  const width = widest(keys);
  const below = paper.columns - width - 4 < 30;
  return keys
    .map((key) => {
      const value = line(settingText(values[key]));
      const fallback = settingText(defaultOf(key));
      const source = sources[key];
      const differs = value !== fallback;
      const why =
        source === "default" ? "" : ` (${source}${differs ? `; default: ${fallback}` : ", as by default"})`;
      const [first = "", ...rest] = wrap(`${value}${why}`, paper.columns - (below ? 6 : width + 4));
      const mark = differs ? paint(paper, "cyan", "*") : " ";
      const name = differs ? paint(paper, "bold", pad(key, width)) : pad(key, width);
      const gap = " ".repeat(below ? 6 : width + 4);
      return below
        ? [`${mark} ${name.trimEnd()}`, ...[first, ...rest].map((text) => gap + text)].join("\n")
        : [`${mark} ${name}  ${first}`, ...rest.map((text) => gap + text)].join("\n");
    })
    .map((text) => `${text}\n`)
    .join("");
}

function report({ env }: Terminal, loaded: Config, keys: readonly SettingKey[]) {
  const { home, values, sources, rules } = loaded;
  return {
    home: { path: home.folder, source: setting(env, "CC_DM_HOME") === undefined ? "default" : "environment" },
    file: { path: home.config, there: existsSync(home.config) },
    permission_rules: rules.length,
    settings: keys.map((key) => ({
      key,
      value: values[key] ?? null,
      default: defaultOf(key) ?? null,
      source: sources[key].replace(" (locked)", ""),
      locked: sources[key].endsWith("(locked)"),
    })),
  };
}
