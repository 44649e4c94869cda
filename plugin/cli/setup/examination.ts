import { examine } from "../../bus/sqlite/examine.ts";
import type { Finding } from "../../core/finding.ts";
import { gather } from "../../doctor/gather.ts";
import { diagnose } from "../../doctor/index.ts";
import { realPath } from "../../host/programs.ts";
import type { Terminal } from "../command.ts";
import { profileFindings } from "../run/findings.ts";

/** What the doctor finds in this shell. */
export async function findingsHere({
  env,
  cwd,
  clock,
  version,
  pid,
  program,
}: Terminal): Promise<readonly Finding[]> {
  const facts = await gather({
    env,
    cwd,
    clock,
    version,
    pid,
    session: null,
    config: null,
    programs: [realPath(program)],
    examine: (path) => examine(path, clock),
  });
  return [...diagnose(facts), ...profileFindings({ env, cwd })];
}
