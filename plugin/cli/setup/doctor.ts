import { type Finding, ok, type Severity, worst } from "../../core/finding.ts";
import { command } from "../command.ts";
import { envelope } from "../terminal/envelope.ts";
import { findingsHere } from "./examination.ts";
import { report } from "./report.ts";

const exits: Readonly<Record<Severity, number>> = { ok: 0, note: 0, warning: 1, error: 2 };
const broken = 3;

export const doctor = command({
  details: `Looks and changes nothing. Settings are those of this shell; for a session's own, ask it for the cc-dm doctor.
Exit code: 0 all is well (or notes only), 1 warnings, 2 errors, 3 the doctor itself could not run.`,
  operands: "",
  options: {
    json: { type: "boolean", about: "One JSON object instead of text" },
    quiet: { type: "boolean", short: "q", about: "Only what is not in order" },
  },
  examples: [
    ["cc-dm doctor", "everything, for a person"],
    ["cc-dm doctor --json | jq '.findings[] | select(.severity == \"error\")'", "for a script"],
  ],
  async run(terminal, { options }) {
    try {
      const all = await findingsHere(terminal);
      const findings = options.quiet === true ? all.filter(({ severity }) => severity !== "ok") : all;
      const severity = worst(all);
      if (options.json === true) {
        terminal.out(envelope(terminal, { severity, findings }));
      } else terminal.out(report(foldDefaults(findings), terminal));
      return exits[severity];
    } catch (error) {
      terminal.err(
        `cc-dm: the doctor could not run: ${error instanceof Error ? error.message : String(error)}\n`,
      );
      return broken;
    }
  },
});

/** For a person: what nobody has set is one line. */
function foldDefaults(findings: readonly Finding[]): readonly Finding[] {
  const isDefault = ({ id, severity, found }: Finding) =>
    id.startsWith("settings.") && severity === "ok" && found.endsWith(" (default)");
  const rest = findings.filter((one) => !isDefault(one));
  const count = findings.length - rest.length;
  if (count === 0) return findings;
  return [...rest, ok("settings.defaults", `${count} stand at their defaults; cc-dm config lists them`)];
}
