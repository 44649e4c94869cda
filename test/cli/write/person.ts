import type { Ended, Window } from "../window.ts";

/** The command line of a person: typed into a window of theirs, which no client is above. */
export function personAt(window: Window, file: () => string, home: () => string) {
  return (line: string, { before = "", after = "" } = {}): Promise<Ended> =>
    window.run(`${before} '${process.execPath}' '${file()}' ${line} ${after}`, { CC_DM_HOME: home() });
}
