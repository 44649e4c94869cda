/**
 * `npm run demo`: real channel servers, started as a client starts them, exchange messages. It writes
 * to one temporary folder, which goes with it. Exit code 0 only if every message arrived, once, in order.
 *
 *   bun demo/demo.ts [--plugin FOLDER] [--json]     FOLDER: another copy of the plugin; as JSON the outcome alone
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

const { values } = parseArgs({
  options: { plugin: { type: "string", default: pluginRoot }, json: { type: "boolean", default: false } },
});
const { stdout, env } = process;
const folder = mkdtempSync(join(tmpdir(), "cc-dm-demo-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

const paper = page({
  width: Math.max(60, Math.min(stdout.columns ?? 80, 80)),
  coloured: stdout.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb",
  write: (text) => void (values.json || stdout.write(text)),
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
  tell(show, []);
  await leave(0);
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  // A Ctrl-C ends the servers too, and their end may be heard of first.
  await Bun.sleep(signalMs);
  if (!leaving) tell(show, text.trim().split("\n"));
  await leave(1);
}

function tell(played: Pick<Stage, "sent" | "latencies"> | null, wrong: readonly string[]): void {
  const outcome = outcomeOf(played ?? { sent: [], latencies: [] });
  const { messages, deliveries, median_ms, slowest_ms } = outcome;
  if (values.json) stdout.write(`${JSON.stringify({ ok: wrong.length === 0, ...outcome, wrong })}\n`);
  for (const line of wrong.length > 0 ? ["The demo failed:", ...wrong] : []) paper.close(line, "red");
  if (wrong.length === 0)
    paper.close(
      `${messages} messages, ${deliveries} deliveries: all arrived, once and in order. One at a time, half of them took ${median_ms.toFixed(1)} ms or less, the slowest ${slowest_ms.toFixed(1)} ms.`,
      "green",
    );
}

function outcomeOf({ sent, latencies }: Pick<Stage, "sent" | "latencies">) {
  const sorted = [...latencies].sort((a, b) => a - b);
  const tenths = (ms = 0) => Math.round(ms * 10) / 10;
  return {
    messages: sent.length,
    deliveries: sent.reduce((count, { to }) => count + to.length, 0),
    median_ms: tenths(sorted[Math.floor(sorted.length / 2)]),
    slowest_ms: tenths(sorted.at(-1)),
  };
}
