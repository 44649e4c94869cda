import type { Entry } from "../../bus/journal.ts";
import { iso } from "../../core/clock.ts";
import type { EpochMs } from "../../core/model.ts";
import { command, interruptedExit, type Terminal, Usage } from "../command.ts";
import { type Stop, stopOf } from "../poll.ts";
import { type Store, withStore } from "../store.ts";
import { json } from "../terminal/plain.ts";
import { believer, forgedText, look, sift } from "./believed.ts";
import { messageJson } from "./entry.ts";
import { section } from "./markdown.ts";
import { type OutFile, outFile } from "./outfile.ts";
import { lastOf, nothingOf, type Sieve, sieveOf, sieveOptions, stranger } from "./sieve.ts";

const formats = ["md", "jsonl"] as const;
type Format = (typeof formats)[number];

export const exporting = command({
  details: `Everything that is kept unless narrowed, oldest first. With --output into a file that only you can read; it is there whole or not at all. Without, to standard output.
JSON Lines has one message a line, its text as it was. In Markdown each text stands within a fence, where nothing of it is markup.
Exit code: 0, also if nothing fits; 3 if the bus cannot be read or the file cannot be written; 130 broken off.`,
  operands: "",
  instead: "--output FILE names the file.",
  options: {
    output: { type: "string", short: "o", value: "FILE", about: "Into this file" },
    force: { type: "boolean", about: "Replace the file if there is one" },
    format: {
      type: "string",
      value: "md|jsonl",
      about: "Markdown, or JSON Lines; by the end of FILE's name, else md",
    },
    last: { type: "string", short: "n", value: "N", about: "So many messages, the newest" },
    ...sieveOptions,
    json: { type: "boolean", about: "As --format jsonl" },
  },
  examples: [
    ["cc-dm export --since 1d -o yesterday.md", "to read and to keep"],
    ["cc-dm export --thread login-redesign --format jsonl | jq .content", "for a script"],
  ],
  async run(terminal, { options }) {
    const format = formatOf(options);
    const sieve = sieveOf(options, terminal.clock.now());
    const last = options.last === undefined ? null : lastOf(options.last, 1);
    const { output, force = false } = options;
    return withStore(terminal, async (store) => {
      const unknown = (await stranger(store, sieve)) ?? (await nothingOf(store, sieve));
      if (unknown !== null) throw unknown;
      const file = output === undefined ? null : outFile({ path: output, cwd: terminal.cwd, force });
      const stop = file === null ? null : stopOf(terminal);
      try {
        const done = await written({ terminal, store, sieve, last, format, file, stop });
        if (done === null) {
          terminal.err("cc-dm: ended before all was written; nothing was left there.\n");
          return interruptedExit;
        }
        file?.finish();
        const where = output === undefined ? "" : ` to ${output}`;
        if (output !== undefined)
          terminal.err(`cc-dm: ${done.count} message${done.count === 1 ? "" : "s"} written${where}\n`);
        if (done.forged > 0) terminal.err(`cc-dm: ${forgedText(done.forged)}\n`);
        return 0;
      } finally {
        file?.abandon();
      }
    });
  },
});

function formatOf({
  format,
  json: forScript,
  output = "",
}: {
  readonly format?: string;
  readonly json?: boolean;
  readonly output?: string;
}): Format {
  if (format === undefined)
    return forScript === true || /\.(?:jsonl|ndjson|json)$/i.test(output) ? "jsonl" : "md";
  const found = formats.find((one) => one === format.trim().toLowerCase());
  if (found === undefined) throw new Usage(`--format is ${JSON.stringify(format)}; it takes md or jsonl.`);
  if (found === "md" && forScript === true)
    throw new Usage("--json is --format jsonl; it does not go with --format md.");
  return found;
}

interface Writing {
  readonly terminal: Terminal;
  readonly store: Store;
  readonly sieve: Sieve;
  readonly last: number | null;
  readonly format: Format;
  readonly file: OutFile | null;
  readonly stop: Stop | null;
}

/** @returns null if it was broken off. */
async function written(job: Writing): Promise<{ readonly count: number; readonly forged: number } | null> {
  const { terminal, format, file, stop } = job;
  const out = file === null ? terminal.out : file.write;
  let before: EpochMs | null = null;
  let count = 0;
  let forged = 0;
  if (format === "md") out(title(terminal, job.sieve));
  for await (const page of pages(job)) {
    if (stop?.now === true) return null;
    const text: string[] = [];
    for (const entry of page.entries) {
      text.push(format === "md" ? section(entry, before) : `${json(messageJson(entry), 0)}\n`);
      before = entry.message.sentAt;
    }
    out(format === "md" ? text.map((one) => `\n${one}`).join("") : text.join(""));
    // A slow reader is waited for: all of a history need not be in memory. One that is gone ends it.
    if (file === null && !(await terminal.written())) break;
    count += page.entries.length;
    forged += page.forged;
  }
  return { count, forged };
}

const pageOf = 500;

/** A piece at a time: all of a history need not be in memory. */
async function* pages({ store, sieve, last }: Writing) {
  const believe = believer(store.home);
  if (last !== null) {
    yield await look(store, { ...sieve, limit: last }, believe);
    return;
  }
  for (let after = 0; ; ) {
    const page: readonly Entry[] = await store.bus.journal({
      ...sieve,
      after,
      pick: "oldest",
      limit: pageOf,
    });
    yield sift(page, believe);
    after = page.at(-1)?.message.seq ?? after;
    // Nothing here waits for anybody, so nothing else would run: a Ctrl-C must be heard.
    await new Promise<void>((resolve) => store.clock.soon(resolve));
    if (page.length < pageOf) return;
  }
}

function title({ version, clock }: Terminal, sieve: Sieve): string {
  const chosen = Object.entries(sieve).flatMap(([key, value]) => {
    if (value === undefined) return [];
    return `${key === "threadId" ? "thread" : key} ${typeof value === "number" ? iso(value) : `\`${value}\``}`;
  });
  const which = chosen.length === 0 ? "All messages" : `Messages: ${chosen.join(", ")}`;
  return `# cc-dm\n\n${which}. Written by cc-dm ${version}, ${iso(clock.now())}; times are local.\n`;
}
