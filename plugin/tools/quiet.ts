import * as z from "zod";
import { dayMs, iso, nextTimeOfDay, parseIso } from "../core/clock.ts";
import { DmError } from "../core/errors.ts";
import { tool } from "./tool.ts";

const mostMs = 7 * dayMs;

export const quiet = tool({
  name: "quiet",
  description:
    "Do not disturb: until then no message starts a turn here; what comes waits for the next turn or inbox, and senders are told. Only on the user's wish.",
  schema: z.strictObject({
    until: z.string().optional().describe("Time of day (15:30) or ISO 8601."),
    minutes: z.number().int().min(1).max(10_080).optional(),
    off: z.boolean().default(false).describe("true ends it."),
  }),
  async run({ desk, quiet: set, condition }, { until, minutes, off }) {
    const now = desk.parts.clock.now();
    if (off) set(null);
    else if (until !== undefined || minutes !== undefined) {
      set(minutes === undefined ? momentOf(until ?? "", now) : now + minutes * 60_000);
    }
    const { quietUntil } = condition();
    return { result: { quiet_until: quietUntil === null ? null : iso(quietUntil) } };
  },
});

function momentOf(text: string, now: number): number {
  const at = nextTimeOfDay(text.trim(), now) ?? parseIso(text.trim());
  if (at !== null && at > now && at - now <= mostMs) return at;
  throw new DmError(
    "invalid_arguments",
    `quiet: until ${JSON.stringify(text.slice(0, 64))} is no moment within the next 7 days. Give a time of day such as 15:30, or ISO 8601.`,
  );
}
