import * as z from "zod";
import { DmError } from "../core/errors.ts";
import { type Finding, severities, worst } from "../core/finding.ts";
import { tool } from "./tool.ts";

export const doctor = tool({
  name: "doctor",
  description:
    "Find what is wrong with cc-dm in this session and on this machine, and how to mend it: Bun, client, plugin, hooks, channel, bus, unreachable sessions, unseen mail; and where each setting came from. Changes nothing.",
  schema: z.strictObject({}),
  async run({ examine }) {
    if (examine === undefined) throw new DmError("unavailable", "There is no doctor here; run cc-dm doctor.");
    return { result: diagnosis(await examine()) };
  },
});

/** What is not in order stands first, the worst above all; the rest in a line each. */
export function diagnosis(findings: readonly Finding[]): Readonly<Record<string, unknown>> {
  const rank = ({ severity }: Finding) => severities.indexOf(severity);
  return {
    severity: worst(findings),
    findings: findings.filter(({ severity }) => severity !== "ok").toSorted((a, b) => rank(b) - rank(a)),
    in_order: findings.filter(({ severity }) => severity === "ok").map(({ id, found }) => `${id}: ${found}`),
  };
}
