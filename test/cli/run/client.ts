#!/usr/bin/env bun
/**
 * A client for `cc-dm run`: notes down how it was started, says which keys reach it, and stops itself on
 * Ctrl-Z as Claude Code does (itself alone, by SIGSTOP). A digit ends it with 40 and that.
 */
import { readFileSync, renameSync, writeFileSync } from "node:fs";

const { pid, ppid, env, stdin, stdout } = process;
const settings = Object.fromEntries(
  Object.entries(env).filter(([key, value]) => /^CC_DM/.test(key) && value),
);
// Bun takes a leading `--` for its own. proc(5): what execve was given, each with a zero behind it.
const given = readFileSync("/proc/self/cmdline", "utf8").split("\0");
const words = given.slice(given.indexOf(import.meta.path) + 1, -1);
const record = { words, settings, cwd: process.cwd(), pwd: env.PWD, inside: env.CLAUDECODE, pid, ppid };
for (const file of env.RECORD === undefined ? [] : [env.RECORD, `${env.RECORD}.${env.CC_DM_SESSION_NAME}`]) {
  // Whole or not at all: who waits for the file reads it at once. Of a team several write the first one.
  writeFileSync(`${file}.${pid}`, JSON.stringify(record));
  renameSync(`${file}.${pid}`, file);
}

const say = (text: string) => stdout.write(`${text}\r\n`);
if (stdin.isTTY) {
  stdin.setRawMode(true);
  process.on("SIGCONT", () => {
    stdin.setRawMode(true);
    say("continued");
  });
  stdout.on("resize", () => say(`size ${stdout.columns}x${stdout.rows}`));
  stdin.on("data", (data) => {
    for (const key of String(data)) press(key);
  });
}
// Not before it takes keys: whoever reads this presses Ctrl-C, which would end it.
say(`I am ${env.CC_DM_SESSION_NAME ?? "nobody"}, child of ${ppid}`);

function press(key: string): void {
  if (key === "\u0003") say("interrupted");
  else if (key === "\u001a") {
    stdin.setRawMode(false);
    say("stopping");
    process.kill(pid, "SIGSTOP");
  } else if (/\d/.test(key)) {
    stdin.setRawMode(false);
    process.exit(40 + Number(key));
  } else say(`key ${key}`);
}
