/** `ok`: looked at and good; `note`: worth knowing; `warning`: something works less well; `error`: broken. */
export const severities = ["ok", "note", "warning", "error"] as const;
export type Severity = (typeof severities)[number];

/** One thing that doctor found about this machine or a session. */
export interface Finding {
  /** `place.matter`, the same from run to run: what a script may look for. */
  readonly id: string;
  readonly severity: Severity;
  readonly found: string;
  /** How to mend it; null where there is nothing to mend. */
  readonly mend: string | null;
}

export const ok = (id: string, found: string): Finding => ({ id, severity: "ok", found, mend: null });
export const note = (id: string, found: string, mend: string | null = null): Finding => ({
  id,
  severity: "note",
  found,
  mend,
});
export const warning = (id: string, found: string, mend: string): Finding => ({
  id,
  severity: "warning",
  found,
  mend,
});
export const fault = (id: string, found: string, mend: string): Finding => ({
  id,
  severity: "error",
  found,
  mend,
});

export function worst(findings: readonly Finding[]): Severity {
  return severities.findLast((severity) => findings.some((one) => one.severity === severity)) ?? "ok";
}
