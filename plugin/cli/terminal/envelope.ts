import { iso } from "../../core/clock.ts";
import type { Terminal } from "../command.ts";
import { json } from "./plain.ts";

/** What every `--json` puts out: one object, which says what made it and when. */
export function envelope({ version, clock }: Pick<Terminal, "version" | "clock">, body: object): string {
  return `${json({ cc_dm: version, at: iso(clock.now()), ...body })}\n`;
}
