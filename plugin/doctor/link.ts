import { ok, warning } from "../core/finding.ts";
import { isNewer } from "../core/version.ts";
import type { Check } from "./facts.ts";

/** What `cc-dm install` made: the command on the PATH and the status line go by this link. */
const link: Check = ({ link: made, version }) => {
  const id = "client.link";
  if (made === null) return [];
  const { path, target } = made;
  if (made.version === null)
    return [
      warning(
        id,
        `${path} leads to ${target}, where there is no cc-dm: the command on the PATH and the status line do not work`,
        "Start a session of the installed plugin, which turns the link; or run cc-dm install (sh install.sh) from a clone.",
      ),
    ];
  if (isNewer(version, made.version))
    return [
      warning(
        id,
        `${path} leads to cc-dm ${made.version} (${target}), and this is ${version}`,
        "Start a session of the newer one, which turns the link; or run its cc-dm install.",
      ),
    ];
  return [ok(id, `${path} leads to cc-dm ${made.version}`)];
};

export const linkChecks: readonly Check[] = [link];
