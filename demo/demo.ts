/**
 * `npm run demo`: real channel servers, started as a client starts them, exchange messages. It writes
 * to one temporary folder, which goes with it. Exit code 0 only if every message arrived, once, in order.
 *
 *   bun demo/demo.ts [--plugin FOLDER]     FOLDER: another copy of the plugin
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { complaints } from "./books.ts";
import { launchOf, pluginRoot } from "./launch.ts";
import { page } from "./page.ts";
import { type Stage, stage } from "./stage.ts";
import { story } from "./story.ts";

// Longer than a poll: what came twice, or to somebody it was not for, would show by then.
const quietMs = 600;

const signalMs = 100;

const { values } = parseArgs({ options: { plugin: { type: "string", default: pluginRoot } } });
const { stdout, env } = process;
const folder = mkdtempSync(join(tmpdir(), "cc-dm-demo-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

const paper = page({
  width: Math.max(60, Math.min(stdout.columns ?? 80, 80)),
  coloured: stdout.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb",
  write: (text) => void stdout.write(text),
});

let show: Stage | null = null;
let leaving = false;
async function leave(code: number): Promise<void> {
  if (leaving) return; // interrupted: the story fails then too, for want of its servers
  leaving = true;
  await Promise.allSettled((show?.sessions ?? []).map((session) => session.leave()));
  process.exit(code);
}
// `cc-dm demo | head` has read enough: no reason to complain, nor to leave a server behind.
stdout.on("error", () => void leave(0));
// Not once: npm passes on what the terminal has sent to all of us already.
process.on("SIGINT", () => void leave(130)).on("SIGTERM", () => void leave(143));

try {
  paper.heading("cc-dm: sessions that write to each other. No daemon, no port, one file.");
  show = stage(await launchOf(values.plugin), folder, paper);
  await story(show);
  await Bun.sleep(quietMs);
  const wrong = complaints(show.sent, show.sessions);
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
  paper.close(summary(show), "green");
  await leave(0);
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  // A Ctrl-C ends the servers too, and their end may be heard of first.
  await Bun.sleep(signalMs);
  if (!leaving) for (const line of ["The demo failed:", ...text.trim().split("\n")]) paper.close(line, "red");
  await leave(1);
}

function summary({ sent, latencies }: Stage): string {
  const sorted = [...latencies].sort((a, b) => a - b);
  const [median = 0, slowest = 0] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  const deliveries = sent.reduce((count, { to }) => count + to.length, 0);
  return `${sent.length} messages, ${deliveries} deliveries: all arrived, once and in order. One at a time, half of them took ${median.toFixed(1)} ms or less, the slowest ${slowest.toFixed(1)} ms.`;
}
