import { dirname, join } from "node:path";
import { DmError } from "../../../core/errors.ts";
import { clientFolder, type Env, type Home, homeFrom, setting } from "../../../core/home.ts";
import { pluginLink } from "../../../host/link.ts";
import { realPath } from "../../../host/programs.ts";
import type { Terminal } from "../../command.ts";

export const marketplace = "cc-dm-marketplace";
export const plugin = `cc-dm@${marketplace}`;
export const repository = "cc-dm/cc-dm";

/** Everything outside the bus that install makes or edits, by name. */
export interface Places {
  readonly home: Home;
  readonly user: string;
  /** The client's own folder. */
  readonly client: string;
  readonly settings: string;
  /** The client's settings as they were before install. */
  readonly backup: string;
  /** What install did, for uninstall. */
  readonly record: string;
  /** The status line that the person had. */
  readonly statusline: string;
  readonly link: string;
  /** The command, by its long-lived name. */
  readonly command: string;
  /** What stands on the PATH. */
  readonly entry: string;
  /** The root of the plugin of which this program is part. */
  readonly root: string;
}

/** @throws DmError `bad_setting` if no home is known. */
export function placesOf({ env, program }: Pick<Terminal, "env" | "program">): Places {
  const home = homeFrom(env);
  const user = setting(env, "HOME") ?? setting(env, "USERPROFILE");
  if (user === undefined)
    throw new DmError("bad_setting", "HOME is not set: it is not known for whom to install.");
  const client = clientFolder(env);
  const settings = join(client, "settings.json");
  const link = pluginLink(home.folder);
  return {
    home,
    user,
    client,
    settings,
    backup: `${settings}.before-cc-dm`,
    record: join(home.folder, "installed.json"),
    statusline: join(home.folder, "statusline.json"),
    link,
    command: join(link, "dist", "cli.js"),
    entry: join(user, ".local", "bin", "cc-dm"),
    root: dirname(dirname(realPath(program))),
  };
}

/** A path as a person writes it. */
export function short(path: string, { HOME }: Env): string {
  return HOME !== undefined && HOME !== "" && path.startsWith(`${HOME}/`)
    ? `~${path.slice(HOME.length)}`
    : path;
}
