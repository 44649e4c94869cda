/** What a session needs from the system, taken away: sockets, file descriptors, a client that reads. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../../support/processes.ts";
import { type Outcome, type Scene, sum } from "../fault.ts";
import { stage } from "../stage.ts";

const root = join(import.meta.dir, "..", "..", "..");

const sockets: Scene = {
  name: "no sockets",
  what: "the folder of bells is a file; a home too deep for a socket: the poll serves",
  async run({ rounds }): Promise<Outcome> {
    const wrong: string[] = [];
    const far = mkdtempSync(join(tmpdir(), "dmd-"));
    await using deep = stage(join(far, "d".repeat(90)));
    const bob = await deep.start("bob", { channel: true });
    const alice = await deep.start("alice");
    for (let n = 0; n < Math.max(5, rounds); n++) await alice.send("bob");
    await until("all came", () => deep.showings() >= Math.max(5, rounds), 20_000).catch(
      () => void wrong.push("mail did not come by the poll alone"),
    );
    await deep.drain();
    const before = deep.account();
    for (const one of [alice, bob]) await one.server.close();
    rmSync(far, { recursive: true });

    await using on = stage();
    const [carl, dora] = [await on.start("carl", { channel: true }), await on.start("dora")];
    rmSync(join(on.home, "bells"), { recursive: true }); // under them, and for those who come
    writeFileSync(join(on.home, "bells"), "");
    for (let n = 0; n < 5; n++) await dora.send("carl");
    await on.drain();
    void carl;
    return { ...sum([before, on.account()]), times: 2, wrong, notes: [] };
  },
};

const descriptors: Scene = {
  slow: true,
  name: "no file descriptors left",
  what: "ulimit -n of a few more than it has; told, and it recovers",
  async run(): Promise<Outcome> {
    await using on = stage();
    const wrong: string[] = [];
    const notes: string[] = [];
    const bob = await on.start("bob", { channel: true });
    const carl = await on.start("carl");
    for (const limit of [8, 10, 12, 14, 16, 20]) {
      const name = `n${limit}`;
      // The limit is taken away from a server that runs: what it had goes on, what it opens anew fails.
      const poor = await on.start(name);
      Bun.spawnSync(["prlimit", "--pid", String(poor.server.pid), `--nofile=${limit}:1024`]);
      const sent = await Promise.all(Array.from({ length: 5 }, () => poor.send("bob")));
      await carl.send(name);
      const got = await poor.inbox().catch(() => -1);
      notes.push(`${limit}: ${sent.filter((id) => id !== null).length} of 5 sent, inbox ${got}`);
      Bun.spawnSync(["prlimit", "--pid", String(poor.server.pid), "--nofile=1024:1024"]);
      if ((await poor.send("bob")) === null) wrong.push(`${name}: does not send when there are some again`);
      await until("its mail is there", async () => (await poor.inbox()) >= 0, 8_000).catch(
        () => void wrong.push(`${name}: cannot read`),
      );
      await on.drain([], 5_000);
    }
    void bob;
    return { ...on.account(), times: 6, wrong, notes: [notes.join("; ")] };
  },
};

const rss = (pid: number) =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;

const pipe: Scene = {
  name: "a client that does not read",
  what: "its pipe fills; memory stays bounded, and when it reads again all is there",
  impossible: () => (process.platform === "linux" ? null : "memory is read from /proc"),
  async run({ rounds }): Promise<Outcome> {
    await using on = stage();
    const wrong: string[] = [];
    // A reader in between that stops when its file is there.
    const gate = join(on.folder, "gate");
    const script = `"$@" | while IFS= read -r line; do while [ -e ${gate} ]; do sleep 0.1; done; printf '%s\\n' "$line"; done`;
    const bob = await on.start("bob", { channel: true, through: ["sh", "-c", script, "sh"] });
    const alice = await on.start("alice");
    await alice.send("bob");
    await on.drain();
    const pid = Number(/"server_pid":(\d+)/.exec(await bob.ask("who"))?.[1] ?? serverBelow(bob.server.pid));
    writeFileSync(gate, "");
    const before = rss(pid);
    const count = Math.max(100, rounds * 40);
    let peak = before;
    for (let n = 0; n < count; n++) {
      await alice.send("bob", "x".repeat(9_000));
      if (n % 20 === 0) peak = Math.max(peak, rss(pid));
    }
    await Bun.sleep(1_000);
    peak = Math.max(peak, rss(pid));
    rmSync(gate);
    await until("all came", () => on.showings() > count, 60_000).catch(
      () => void wrong.push(`only ${on.showings() - 1} of ${count} came when it read again`),
    );
    await on.drain();
    const grown = peak - before;
    if (grown > 150) wrong.push(`its memory grew by ${grown.toFixed(0)} MB`);
    const sizes = `${((count * 9_000) / 1e6).toFixed(0)} MB of mail unread in the pipe: memory grew by ${grown.toFixed(0)} MB`;
    return { ...on.account(), times: 1, wrong, notes: [sizes] };
  },
};

/** Reads until a text comes. @returns whether it came before the end. */
async function says(from: ReadableStream<Uint8Array>, wanted: string): Promise<boolean> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of from) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes(wanted)) return true;
  }
  return false;
}

function serverBelow(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number);
  const isServer = (one: number) => readFileSync(`/proc/${one}/cmdline`, "utf8").includes("server.js");
  return children.find(isServer) ?? pid;
}

const garbage: Scene = {
  name: "garbage on stdin",
  what: "bytes of every kind, half JSON, deep nesting, lines of megabytes; others unharmed",
  async run({ rounds }): Promise<Outcome> {
    await using on = stage();
    const wrong: string[] = [];
    const bob = await on.start("bob", { channel: true });
    const alice = await on.start("alice");
    const noise = (n: number) => crypto.getRandomValues(new Uint8Array(n));
    const dirt: readonly (readonly [string, () => string | Uint8Array])[] = [
      ["noise", () => noise(60_000)],
      ["half a call", () => '{"jsonrpc":"2.0","id":1,"method":"tools/ca\n'],
      ["not an object", () => '1\n"x"\nnull\n[]\n[[1]]\n'],
      ["no method", () => '{"jsonrpc":"2.0","id":7}\n{"id":null}\n{}\n'],
      ["wrong kinds", () => '{"jsonrpc":"2.0","id":{},"method":[],"params":3}\n'],
      ["deep", () => `${"[".repeat(200_000)}${"]".repeat(200_000)}\n`],
      ["deep object", () => `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}\n`],
      ["a long line", () => `${"x".repeat(4_000_000)}\n`],
      ["nothing but line ends", () => "\n\r\n\0\n".repeat(10_000)],
      ["broken UTF-8", () => new Uint8Array([0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0, 0x80, 0x0a])],
      ["a line without an end", () => "y".repeat(17 * 1024 * 1024)],
    ];
    const times = Math.max(1, Math.round(rounds / 10));
    for (let n = 0; n < times; n++) {
      for (const [what, make] of dirt) {
        const child = Bun.spawn([process.execPath, join(root, "dist", "server.js")], {
          env: on.env({ CC_DM_SESSION_NAME: "dirty" }),
          stdin: "pipe",
          stdout: "pipe",
          stderr: "ignore",
        });
        const slow = setTimeout(() => child.kill("SIGKILL"), 15_000);
        child.stdin.write(make());
        // Only a line that never ends closes the wire.
        if (what !== "a line without an end") {
          child.stdin.write('\n{"jsonrpc":"2.0","id":99,"method":"ping"}\n');
          if (!(await says(child.stdout, '"id":99'))) wrong.push(`${what}: it is deaf after it`);
        }
        await Promise.resolve(child.stdin.end()).catch(() => {});
        await child.exited;
        clearTimeout(slow);
        if (child.signalCode !== null) wrong.push(`${what}: it did not leave with its client`);
        await alice.send("bob");
      }
    }
    void bob;
    await on.drain();
    return { ...on.account(), times: times * dirt.length, wrong, notes: [] };
  },
};

export const starved: readonly Scene[] = [sockets, descriptors, pipe, garbage];
