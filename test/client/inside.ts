/**
 * Runs inside the network namespace, in which there is only loopback. Holds what must live there:
 * a bridge from a loopback port to the stand-in's Unix socket (files are shared between network
 * namespaces, ports are not), and the tmux server whose children the clients are.
 *
 * Goes when its stdin ends, and takes all of it along: a test run that is killed leaves nothing behind.
 *
 * Usage: bun inside.ts FOLDER, in which `model.sock` already listens. Prints the port when ready, and at
 * the end the commands that would not leave.
 */
import { existsSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { running } from "./processes.ts";

const folder = process.argv[2];
if (!folder) throw new Error("usage: bun inside.ts FOLDER");

const { promise: told, resolve: leave } = Promise.withResolvers<void>();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => leave());

const bridge = createServer((from) => {
  const to = connect(join(folder, "model.sock"));
  from.pipe(to).pipe(from);
  from.on("error", () => to.destroy());
  to.on("error", () => from.destroy());
});
await new Promise<void>((resolve) => bridge.listen(0, "127.0.0.1", resolve));

// -D: in the foreground, and it stays without sessions. -f: no settings of the person at this machine,
// and the last words of a client that died stay on its screen.
const settings = join(folder, "tmux.conf");
await Bun.write(settings, "set-option -g remain-on-exit on\n");
const socket = join(folder, "tmux.sock");
// A test that times out has its processes killed, this one too: tmux must not outlive it.
const mortal = ["setpriv", "--pdeathsig", "TERM"];
const tmux = Bun.spawn([...mortal, "tmux", "-S", socket, "-f", settings, "-D"], {
  stdio: ["ignore", "ignore", "inherit"],
});
while (!existsSync(socket) && tmux.exitCode === null) await Bun.sleep(5);

const address = bridge.address();
if (!address || typeof address === "string") throw new Error("the bridge has no port");
process.stdout.write(`${address.port}\n`);

await Promise.race([told, tmux.exited, new Response(Bun.stdin.stream()).text()]);
// Its end hangs the clients up. They write to their homes while they leave, so wait for them.
tmux.kill();
await tmux.exited;
const deadline = performance.now() + 8000;
while (running(folder).length > 0 && performance.now() < deadline) await Bun.sleep(50);
for (const { pid, command } of running(folder)) {
  process.stdout.write(`${command}\n`);
  process.kill(pid, "SIGKILL");
}
rmSync(folder, { recursive: true, force: true });
process.exit(0);
