import { mkdtempSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
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
  const folder = mkdtempSync(join(tmpdir(), "cc-dm-"));
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
  const reader = inside.stdout.getReader();
  const port = Number(new TextDecoder().decode((await reader.read()).value));
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
      await inside.exited;
      const left = await leftovers(folder);
      for (const { pid } of left) process.kill(pid, "SIGKILL");
      await model.stop();
      await rm(folder, { recursive: true, force: true });
      if (left.length > 0) throw new Error(`left running: ${left.map((one) => one.command).join("; ")}`);
    },
  };
}

/** What still runs with our folder in its environment, once the clients had their time to clean up. */
async function leftovers(folder: string) {
  const deadline = performance.now() + 4000;
  for (;;) {
    const left = await running(folder);
    if (left.length === 0 || performance.now() > deadline) return left;
    await Bun.sleep(100);
  }
}

/** The processes of the clients and of what they started, by the `CC_DM_HOME` they got. */
export async function running(folder: string): Promise<{ pid: number; command: string }[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const all = await Promise.all(
    pids.map(async (pid) => {
      // A process may end, or be somebody else's, between the listing and the look.
      const environ = await readFile(`/proc/${pid}/environ`, "latin1").catch(() => "");
      const command = await readFile(`/proc/${pid}/cmdline`, "latin1").catch(() => "");
      return { pid, environ, command: command.replaceAll("\0", " ").trim() };
    }),
  );
  return all.filter(({ pid, environ }) => pid !== process.pid && environ.includes(`CC_DM_HOME=${folder}/`));
}
