import { type Finding, fault } from "../core/finding.ts";
import { neutraliseLine } from "../core/neutral.ts";
import { busChecks } from "./bus.ts";
import { client } from "./client.ts";
import type { Check, Facts } from "./facts.ts";
import { folders } from "./folder.ts";
import { linkChecks } from "./link.ts";
import { machine } from "./machine.ts";
import { mail } from "./mail.ts";
import { relayChecks } from "./relay.ts";
import { sessionChecks } from "./sessions.ts";
import { settings } from "./settings.ts";

/** All that doctor looks for, in the order in which a person reads it. */
export const checks: readonly Check[] = [
  ...machine,
  ...client,
  ...linkChecks,
  ...folders,
  ...busChecks,
  ...sessionChecks,
  ...mail,
  ...relayChecks,
  ...settings,
];

export function diagnose(facts: Facts): readonly Finding[] {
  return checks.flatMap((check) => attempt(check, facts)).map(harmless);
}

/** A check that fails must not hide what the others found. */
function attempt(check: Check, facts: Facts): readonly Finding[] {
  try {
    return check(facts);
  } catch (error) {
    return [
      fault("doctor", `A check failed: ${String(error)}`, "This is a defect of cc-dm; please report it."),
    ];
  }
}

/** Paths, names and file contents are foreign text: to a terminal, and to a model. */
function harmless({ id, severity, found, mend }: Finding): Finding {
  return { id, severity, found: neutraliseLine(found), mend: mend === null ? null : neutraliseLine(mend) };
}
