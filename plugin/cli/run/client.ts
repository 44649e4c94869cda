import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { DmError } from "../../core/errors.ts";
import { setting } from "../../core/home.ts";
import { judgeVersion } from "../../doctor/client.ts";
import { installed } from "../../host/installed.ts";
import { clientVersion, onPath, realPath } from "../../host/programs.ts";
import type { Terminal } from "../command.ts";

type Here = Pick<Terminal, "env" | "cwd" | "program">;

/**
 * The client's program: as named, by a path or as it is found on the PATH, else `claude`, also where its
 * installers put it and only a shell alias leads to.
 *
 * @throws DmError `no_client`.
 */
export function findClient({ env, cwd, program }: Here, named: string | undefined): string {
  const wanted = named ?? setting(env, "CC_DM_CLIENT") ?? "claude";
  const home = setting(env, "HOME");
  const usual =
    home === undefined ? [] : [join(home, ".local/bin/claude"), join(home, ".claude/local/claude")];
  const paths = /[/\\]/.test(wanted)
    ? [resolve(cwd, wanted.replace(/^~(?=\/)/, home ?? "~"))]
    : [...onPath(wanted, env.PATH ?? ""), ...(wanted === "claude" ? usual : [])];
  const found = paths.find(isProgram);
  if (found === undefined) {
    const from =
      named !== undefined ? "--client" : setting(env, "CC_DM_CLIENT") !== undefined ? "CC_DM_CLIENT" : null;
    throw new DmError(
      "no_client",
      isAbsolute(paths[0] ?? "") && /[/\\]/.test(wanted)
        ? `There is no program at ${paths[0]} (${from}).`
        : `There is no "${wanted}" on the PATH${from === null ? "" : ` (${from})`}. Install Claude Code (https://code.claude.com), or name its program: --client PATH, or CC_DM_CLIENT=PATH.`,
    );
  }
  if (realPath(found) === realPath(program))
    throw new DmError("no_client", `${found} is cc-dm itself. Name the client's own program: --client PATH.`);
  return found;
}

function isProgram(path: string): boolean {
  return (
    onPath(path.slice(path.lastIndexOf("/") + 1), path.slice(0, path.lastIndexOf("/")) || "/").length > 0
  );
}

/** What a person should know before the client has the screen. */
export function cautions(client: string, words: readonly string[], { env, cwd }: Here): readonly string[] {
  const version = clientVersion(client);
  const finding = version === null ? null : judgeVersion(version, `${client} is Claude Code ${version}`);
  const old = finding === null || finding.severity === "ok" ? [] : [finding.found, finding.mend ?? ""];
  const config = setting(env, "CLAUDE_CONFIG_DIR") ?? join(setting(env, "HOME") ?? homedir(), ".claude");
  const { installs } = installed({ name: "cc-dm", config, cwd });
  const brought = words.some((word) => /^--plugin-(?:dir|url)(?:=|$)/.test(word));
  const absent =
    version !== null && installs.length === 0 && !brought
      ? [
          "The cc-dm plugin is not installed for this user: this session takes no part.",
          "cc-dm doctor tells how to install it.",
        ]
      : [];
  return [old, absent].filter((one) => one.length > 0).map((one) => one.filter(Boolean).join(" → "));
}
