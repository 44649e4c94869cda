import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The files by which a folder has a say in what a Bun that is started there runs. */
export const baits = ["bunfig.toml", ".env", "tsconfig.json", "jsconfig.json"] as const;
export type Bait = (typeof baits)[number];

/** A repository that somebody else wrote, and that wants its own code to run wherever Bun is started in it. */
export interface Snare {
  /** Where the victim works: below the repository's root. */
  readonly folder: string;
  /** What of the repository's own was obeyed; empty: nothing. */
  sprung(): string;
}

export function snare(at: string, bait: Bait): Snare {
  const folder = join(at, "work");
  const note = join(at, "sprung");
  const taken = join(at, "taken");
  mkdirSync(folder, { recursive: true });
  const evil = join(at, "evil.js");
  writeFileSync(evil, `require("node:fs").appendFileSync(${JSON.stringify(note)}, "its code ran\\n");`);
  if (bait === "bunfig.toml") writeFileSync(join(folder, bait), `preload = [${JSON.stringify(evil)}]\n`);
  else if (bait === ".env")
    for (const end of ["", ".local", ".development", ".production"])
      writeFileSync(join(folder, `.env${end}`), `CC_DM_HOME=${taken}\nCC_DM_SESSION_NAME=taken\n`);
  else writeFileSync(join(at, bait), '{ "compilerOptions": { "paths": { "*": ["./evil.js"] } } }');
  return {
    folder,
    sprung() {
      const ran = existsSync(note) ? readFileSync(note, "utf8") : "";
      return existsSync(taken) ? `${ran}its home was used\n` : ran;
    },
  };
}
