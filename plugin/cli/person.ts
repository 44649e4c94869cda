import type { Bus } from "../bus/bus.ts";
import type { Place } from "../core/model.ts";
import { hasTerminal } from "../host/lineage.ts";
import { startedBy, voiceOf } from "./voice.ts";

export interface Asking {
  readonly bus: Bus;
  readonly place: Place;
  /** The process that wants to speak for the person. */
  readonly pid: number;
  /** Its stdin is a terminal. */
  readonly keyboard: boolean;
}

/**
 * Why this process is not taken for the person at a terminal, or null. A session's shell must not
 * approve for its user, whatever it does to its environment: so nothing here is read from the own
 * environment, and what cannot be seen counts against it. A program that runs as this user can still
 * type into a terminal of theirs, or sign with their key (SECURITY.md).
 */
export async function doubt({ bus, place, pid, keyboard }: Asking): Promise<string | null> {
  if (!keyboard) return "its input is no terminal";
  if (!hasTerminal()) return "it has no terminal to answer to";
  const voice = await voiceOf({ bus, place, env: {}, pid });
  switch (voice.kind) {
    case "session":
      return startedBy(voice.session);
    case "nobody":
      return voice.why;
    case "person":
      return voice.typed ? null : "the program that started it has cut it loose";
  }
}
