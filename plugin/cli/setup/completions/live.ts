import type { Terminal } from "../../command.ts";
import { type Store, withStore } from "../../store.ts";
import { line } from "../../terminal/plain.ts";

/** What only the bus knows. */
export const lists = ["names", "requests", "projects"] as const;
export type List = (typeof lists)[number];

// A shell expands what it is given: rows that were written past cc-dm may hold anything.
const harmless = /^[\p{L}\p{M}\p{N}._-]+$/u;

/** Without a bus there is none, and no complaint. */
export async function live(terminal: Terminal, list: List): Promise<readonly Entry[]> {
  try {
    const found = await withStore(terminal, (store) => entries[list](store));
    return found.filter(([word]) => harmless.test(word));
  } catch {
    return [];
  }
}

/** One a line, with a tab and a word about it where there is one. */
export function linesOf(entries: readonly Entry[]): string {
  return entries
    .map(([word, about]) => `${word}${about === "" ? "" : `\t${line(about).replaceAll("\t", " ")}`}\n`)
    .join("");
}

type Entry = readonly [word: string, about: string];

const entries: Readonly<Record<List, (store: Store) => Promise<readonly Entry[]>>> = {
  async names({ bus }) {
    const roster = await bus.roster();
    const open = roster
      .filter(({ listed }) => listed)
      .map(({ name, role, project }): Entry => [name, [role, project].filter(Boolean).join(", ")]);
    const closed = (await bus.closedMailboxes()).map(({ name }): Entry => [name, "closed"]);
    return [...new Map([...closed, ...open].map((entry) => [entry[0], entry])).values()].reverse();
  },
  async requests({ bus }) {
    return (await bus.requests("open")).map(
      ({ letters, name, tool }): Entry => [letters, `${name}: ${tool}`],
    );
  },
  async projects({ bus }) {
    return (await bus.projects()).map((project): Entry => [project, ""]);
  },
};
