import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Model, startModel } from "./model.ts";
import { openTerminal, type Terminal } from "./terminal.ts";
import { absent, unshare } from "./versions.ts";

/** One temporary folder and all that lives in it: the stand-in, the windows, every client's home. */
export interface World {
  readonly folder: string;
  /** `CC_DM_HOME` of every client. */
  readonly bus: string;
  readonly model: Model;
  readonly terminal: Terminal;
  /** The base URL under which the stand-in knows this client. */
  url(client: string): string;
  /** Pid of a process inside the network namespace, for commands that must join it. */
  readonly pid: number;
  close(): Promise<void>;
}

// Loopback is down in a new namespace.
const loopbackUp = "ip link set lo up || ifconfig lo up || busybox ip link set lo up";

/** @throws Error if this version cannot run here, with the reason. */
export async function openWorld(version: string): Promise<World> {
  const reason = absent(version);
  if (reason !== undefined) throw new Error(reason);
  // Short: a Unix socket's path has at most about 100 bytes.
  const folder = mkdtempSync(join(tmpdir(), "cc-dm-client-"));
  const model = startModel(join(folder, "model.sock"));
  const inside = Bun.spawn(
    [
      ...unshare,
      "sh",
      "-c",
      `${loopbackUp} && exec "$@"`,
      "sh",
      process.execPath,
      join(import.meta.dir, "inside.ts"),
      folder,
    ],
    { stdin: "pipe", stdout: "pipe", stderr: "inherit" },
  );
  const said = inside.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const port = Number((await said.read()).value);
  if (!port) throw new Error("the network namespace did not come up");

  return {
    folder,
    bus: join(folder, "bus"),
    model,
    terminal: openTerminal(join(folder, "tmux.sock")),
    url: (client) => `http://127.0.0.1:${port}/c/${client}`,
    pid: inside.pid,
    async close() {
      await inside.stdin.end();
      const left = (await said.read()).value;
      await inside.exited;
      await model.stop();
      await rm(folder, { recursive: true, force: true });
      if (left !== undefined) throw new Error(`still running after the end of its client:\n${left}`);
    },
  };
}
