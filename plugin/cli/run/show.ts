import type { Terminal } from "../command.ts";
import { envelope } from "../terminal/envelope.ts";
import type { Launch } from "./launch.ts";
import { commandLine, quote } from "./quote.ts";
import type { Layout } from "./tmux.ts";

/** One client as it would be started: what a shell would have to be told. */
export function shownLaunch(client: string, { folder, settings, words }: Launch, cwd: string): string {
  const set = Object.entries(settings).map(([key, value]) => `${key}=${quote(value)}`);
  const there = folder === cwd ? "" : `cd ${quote(folder)} && `;
  return `${there}${[...set, commandLine([client, ...words])].join(" ")}\n`;
}

export function launchAsJson(terminal: Terminal, client: string, launch: Launch): string {
  const { folder, settings, words } = launch;
  return envelope(terminal, { folder, settings, command: [client, ...words] });
}

export function teamAsJson(
  terminal: Terminal,
  { session, folder, windows, panes }: Layout,
  opened: readonly string[],
): string {
  const listed = panes.map(({ title, words }) => ({ title, command: words, opened: opened.includes(title) }));
  return envelope(terminal, { session, folder, layout: windows ? "windows" : "panes", panes: listed });
}
