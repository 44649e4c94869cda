import { isDmError } from "../../core/errors.ts";
import { type Finding, ok, warning } from "../../core/finding.ts";
import { setting } from "../../core/home.ts";
import type { Terminal } from "../command.ts";
import { line } from "../terminal/plain.ts";
import { findFile } from "./find.ts";
import { readProfiles } from "./profiles.ts";

const id = "project.profiles";

/** What the doctor says of the profiles here: nothing where there are none. */
export function profileFindings({ cwd, env }: Pick<Terminal, "cwd" | "env">): readonly Finding[] {
  try {
    const found = findFile(cwd, setting(env, "HOME"));
    if (found === null) return [];
    const { file, profiles, unfit } = readProfiles(found);
    const keys = profiles.map(({ key }) => key);
    return [
      ...(keys.length === 0 ? [] : [ok(id, `${line(file)} can start ${keys.join(", ")}`)]),
      ...[...unfit].map(([key, { message }]) =>
        warning(
          id,
          message,
          `cc-dm run ${key} starts nothing until that is mended; other profiles do start.`,
        ),
      ),
    ];
  } catch (error) {
    if (!isDmError(error)) throw error;
    return [warning(id, error.message, "No profile of that file can be started until it is mended.")];
  }
}
