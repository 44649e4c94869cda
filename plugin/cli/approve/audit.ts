import type { AuditEntry, AuditKind } from "../../bus/relay.ts";
import { iso } from "../../core/clock.ts";
import { DmError } from "../../core/errors.ts";
import type { EpochMs } from "../../core/model.ts";
import { command, type Terminal } from "../command.ts";
import { type Store, withStore } from "../store.ts";
import { envelope } from "../terminal/envelope.ts";
import { pad, paint, widest, wrap } from "../terminal/paper.ts";
import { line } from "../terminal/plain.ts";
import { exactMoment, took } from "../terminal/times.ts";
import { countOf, momentHelp, momentOf } from "../terminal/when.ts";
import { names } from "./requests.ts";

const usual = 50;
const most = 100_000;

const inks: Partial<Record<AuditKind, "green" | "yellow" | "red">> = {
  effective: "green",
  overtaken: "yellow",
  refused: "red",
};

export const audit = command({
  details: `Kept for 30 days. Refused answers are in it too. The file can be written by any program that runs as you,
so the record is as good as those are.
Kinds: asked; rule, remembered (decided without asking); given (an answer); effective, overtaken (what came of
it, where that is known); local (answered at the dialog); withdrawn; refused (an answer nobody believed);
altered (a row was tampered with); read (a session read another one's transcript).`,
  operands: "",
  instead: "--request ID shows one request.",
  options: {
    since: {
      type: "string",
      short: "s",
      value: "TIME",
      about: `From then on: ${momentHelp}`,
    },
    request: {
      type: "string",
      short: "r",
      value: "ID",
      about: "Of one request",
    },
    last: { type: "string", short: "n", value: "N", about: `So many entries, the newest (${usual})` },
    json: { type: "boolean", about: "One JSON object instead of text" },
  },
  examples: [
    ["cc-dm audit --since 2h", "the last two hours"],
    ["cc-dm audit --request kxqpa", "one request, from asking to effect"],
    ["cc-dm audit --since 7d --json | jq '.entries[] | select(.kind == \"refused\")'", "for a script"],
  ],
  async run(terminal, { options }) {
    const since =
      options.since === undefined
        ? undefined
        : momentOf(options.since, { option: "since", now: terminal.clock.now() });
    const limit = options.last === undefined ? usual : countOf(options.last, { option: "last", most });
    const { rows, count } = await withStore(terminal, async (store) => {
      const all = await store.bus.audits({ since, limit: most });
      const some = options.request === undefined ? all : await ofRequest(store, options.request, all);
      return { rows: await timed(store, some.slice(-limit)), count: some.length };
    });
    if (options.json === true) {
      const entries = rows.map(({ entry, after }) => ({ ...entry, at: iso(entry.at), after_ms: after }));
      terminal.out(envelope(terminal, { entries }));
    } else terminal.out(rows.length === 0 ? "Nothing is on record.\n" : table(rows, terminal));
    if (count > limit && options.last === undefined)
      terminal.err(`cc-dm: the last ${limit} of ${count}; --last N shows more.\n`);
    return 0;
  },
});

/** @throws DmError `unknown_request`, `ambiguous_request`. */
async function ofRequest(
  { bus }: Store,
  word: string,
  all: readonly AuditEntry[],
): Promise<readonly AuditEntry[]> {
  const known = await bus.requests("all");
  // What was refused may name a request that never was.
  const others = all.map(({ request }) => ({ id: request, letters: "" }));
  const ids = new Set([...known, ...others].filter((one) => names(word.trim(), one)).map(({ id }) => id));
  if (ids.size === 1) return all.filter(({ request }) => ids.has(request));
  const said = JSON.stringify(word.slice(0, 64));
  if (ids.size === 0) throw new DmError("unknown_request", `Nothing is on record of a request ${said}.`);
  throw new DmError("ambiguous_request", `${ids.size} requests are called ${said}; use the id.`, {
    candidates: [...ids].map(line),
  });
}

interface Row {
  readonly entry: AuditEntry;
  /** Since it was asked, in milliseconds; null for the asking itself, and where that is not known. */
  readonly after: number | null;
}

async function timed({ bus }: Store, entries: readonly AuditEntry[]): Promise<readonly Row[]> {
  const asked = new Map<string, EpochMs | null>();
  for (const { request } of entries)
    if (!asked.has(request)) asked.set(request, (await bus.request(request))?.askedAt ?? null);
  const rows = entries.map((entry) => {
    const from = asked.get(entry.request) ?? null;
    // It is written when everybody has been asked; a quick one has answered by then.
    if (entry.kind === "asked") return { entry: { ...entry, at: from ?? entry.at }, after: null };
    return { entry, after: from === null ? null : entry.at - from };
  });
  return rows.sort((a, b) => a.entry.at - b.entry.at);
}

function table(rows: readonly Row[], terminal: Terminal): string {
  const now = terminal.clock.now();
  const cells = rows.map(({ entry: { at, request, kind, who, detail }, after }) => ({
    kind,
    time: exactMoment(at, now),
    // The end of an id is what differs; it names the request as well.
    request: line(request).slice(-8),
    who: line(who),
    after: after === null ? "" : took(after),
    detail: line(detail),
  }));
  const columns = (["time", "request", "kind", "who", "after"] as const).map((key) => ({
    key,
    width: Math.max(key.length, widest(cells.map((cell) => cell[key]))),
  }));
  const left = columns.reduce((sum, { width }) => sum + width + 2, 0);
  const head = columns.map(({ key, width }) => pad(key, width)).join("  ");
  const lines = cells.flatMap((cell) => {
    const ink = inks[cell.kind];
    const front = columns.map(({ key, width }) => {
      const text = pad(cell[key], width);
      return key === "kind" && ink !== undefined ? paint(terminal, ink, text) : text;
    });
    const [first = "", ...rest] = wrap(cell.detail, terminal.columns - left);
    return [`${front.join("  ")}  ${first}`.trimEnd(), ...rest.map((text) => `${" ".repeat(left)}${text}`)];
  });
  return `${[paint(terminal, "bold", `${head}  detail`), ...lines].join("\n")}\n`;
}
