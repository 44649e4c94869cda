import type { JournalQuery } from "../../bus/journal.ts";
import { DmError } from "../../core/errors.ts";
import { type EpochMs, messageTypes } from "../../core/model.ts";
import { fold } from "../../core/names.ts";
import { Usage } from "../command.ts";
import type { Store } from "../store.ts";
import { oneOf, suggest } from "../suggest.ts";
import { line } from "../terminal/plain.ts";
import { countOf, momentHelp, momentOf } from "../terminal/when.ts";

/** The options by which messages are chosen; every command that shows several has these. */
export const sieveOptions = {
  from: {
    type: "string",
    value: "NAME",
    about: "Written by a session of that name, open or closed; or user, cc-dm",
  },
  to: { type: "string", value: "NAME", about: "Sent to that name" },
  project: { type: "string", short: "p", value: "NAME", about: "To or from a session of that project" },
  thread: { type: "string", short: "t", value: "ID", about: "Of that thread" },
  type: { type: "string", value: "TYPE", about: `One of ${messageTypes.join(", ")}` },
  since: { type: "string", short: "s", value: "TIME", about: `Sent from then on: ${momentHelp}` },
  until: { type: "string", short: "u", value: "TIME", about: "Sent before then" },
} as const;

export type SieveOptions = { readonly [K in keyof typeof sieveOptions]?: string };
export type Sieve = Pick<JournalQuery, "from" | "to" | "project" | "threadId" | "type" | "since" | "until">;

/** @throws Usage */
export function sieveOf(options: SieveOptions, now: EpochMs): Sieve {
  const since = options.since === undefined ? undefined : momentOf(options.since, { option: "since", now });
  const until = options.until === undefined ? undefined : momentOf(options.until, { option: "until", now });
  if (since !== undefined && until !== undefined && since >= until)
    throw new Usage("--since is not before --until: nothing lies between them.");
  return {
    from: named(options.from),
    to: named(options.to),
    project: named(options.project),
    threadId: options.thread,
    type: options.type === undefined ? undefined : oneOf(messageTypes, options.type, "--type"),
    since,
    until,
  };
}

const named = (name: string | undefined) => (name === undefined ? undefined : fold(name));

const mostOf = 100_000;

/** `--last`, or what is usual. @throws Usage */
export function lastOf(text: string | undefined, usual: number): number {
  return text === undefined ? usual : countOf(text, { option: "last", most: mostOf });
}

/** What is asked for by a name that nobody ever had, with the names that were meant perhaps; or null. */
export async function stranger({ bus }: Store, { from, to }: Sieve): Promise<DmError | null> {
  const names = [...new Set([...(await bus.names()), "user", "cc-dm"])];
  for (const name of [from, to]) {
    if (name === undefined || names.includes(name)) continue;
    const meant = suggest(name, names);
    const way = meant === null ? "" : ` Did you mean ${line(meant)}?`;
    return new DmError("unknown_name", `Nobody called ${quoted(name)} is on record.${way}`, {
      candidates: meant === null ? names.slice(0, 20).map(line) : [],
    });
  }
  return null;
}

/** The same for a thread or a project of which nothing is on record. Asked where nothing was found. */
export async function nothingOf({ bus }: Store, { threadId, project }: Sieve): Promise<DmError | null> {
  const isThere = async (query: Sieve) => (await bus.journal({ ...query, limit: 1 })).length > 0;
  if (project !== undefined && !(await isThere({ project }))) {
    const projects = await bus.projects();
    if (projects.includes(project)) return null;
    const candidates = projects.slice(0, 20).map(line);
    return new DmError("unknown_project", `Nothing is on record of a project ${quoted(project)}.`, {
      candidates,
    });
  }
  if (threadId !== undefined && !(await isThere({ threadId })))
    return new DmError(
      "unknown_thread",
      `Nothing is on record of a thread ${quoted(threadId)}.${await threadsLike({ bus }, threadId)}`,
    );
  return null;
}

const recent = 300;

/** The thread that may have been meant, or those of late, as a sentence; "" if there is none. */
export async function threadsLike({ bus }: Pick<Store, "bus">, word: string): Promise<string> {
  const entries = await bus.journal({ limit: recent });
  const threads = [...new Set(entries.flatMap(({ message }) => message.threadId ?? []))].reverse();
  const meant = suggest(word, threads);
  if (meant !== null) return ` Did you mean ${line(meant)}?`;
  const [some, more] = [threads.slice(0, 10).map(line), threads.length > 10 ? ", …" : ""];
  return some.length === 0 ? "" : ` Threads of late: ${some.join(", ")}${more}.`;
}

export function quoted(text: string): string {
  return JSON.stringify(line(text.slice(0, 64)));
}
