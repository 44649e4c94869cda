/** kill -9 at every step of send, claim, hand and evidence. */
import { join } from "node:path";
import { type Effort, missed, type Outcome, type Scene } from "../fault.ts";
import { type Actor, type Stage, type Start, stage } from "../stage.ts";

const dist = join(import.meta.dir, "..", "..", "..", "dist");
const points = join(import.meta.dir, "..", "beside", "points.ts");
const patienceMs = 5_000;

const stored = ["before", "after", "before commit", "amid commit", "after commit"];
const written = ["before", "amid", "after"];
const of = (step: string, moments: readonly string[]) => moments.map((moment) => `${step}:${moment}`);

/** Everywhere a message can be when its process dies. */
const sending = [...of("send", stored.slice(0, 2)), ...of("address", stored), ...of("answer", written)];
const receiving = [...of("claim", stored), ...of("hand", written), ...of("evidence", stored)];

interface Death {
  /** Brings one process to the point at which it is to die, and waits until it has gone. */
  readonly at: (point: string) => Promise<unknown>;
  /** Whoever still holds the receiver's name leaves. */
  readonly end?: () => Promise<unknown>;
}

async function goes({ server }: Actor): Promise<void> {
  const gone = await Promise.race([server.gone.then(() => true), Bun.sleep(patienceMs).then(() => false)]);
  if (!gone) await server.close(); // it has the name
}

/** Starts a server that may die before it is there. */
async function tryStart(on: Stage, name: string, how: Start): Promise<Actor | null> {
  return on.start(name, how).catch(() => null);
}

/** On a machine that is busy a hook may find the bus locked, and go without having come to the point. */
async function dies(on: Stage, death: Death, point: string): Promise<boolean> {
  const before = on.kills(point);
  for (let attempt = 0; attempt < 3 && on.kills(point) === before; attempt++) await death.at(point);
  return on.kills(point) > before;
}

/** Goes through all points so many times, in turn, on one bus. */
export function deaths(
  name: string,
  what: string,
  points: readonly string[],
  cast: (on: Stage) => Promise<Death>,
): Scene {
  async function run({ rounds }: Effort): Promise<Outcome> {
    await using on = stage();
    const death = await cast(on);
    const left = new Set(points);
    for (let round = 0; round < rounds; round++) {
      for (const point of left) if (!(await dies(on, death, point))) left.delete(point);
    }
    await death.end?.();
    // Everybody is there once more, and takes what waits.
    const last = await on.start("bob", { channel: true });
    await last.send("bob", "x");
    await on.drain(["alice"]);
    const kills = Object.fromEntries(points.map((point) => [point, on.kills(point)]));
    const times = Object.values(kills).reduce((sum, count) => sum + count, 0);
    return { ...on.account(["alice"]), times, wrong: missed(kills, rounds), notes: [], points: kills };
  }
  return { name, what, run };
}

const bySession = deaths(
  "kill -9: send by a session",
  "the sender's server, at each step up to its answer",
  sending,
  async (on) => {
    const bob = await on.start("bob", { channel: true });
    return {
      async at(point) {
        const alice = await on.start("alice", { point });
        await Promise.all([alice.send("bob"), alice.send("bob")]);
        await goes(alice);
      },
      end: bob.server.close,
    };
  },
);

const byCommand = deaths(
  "kill -9: cc-dm send",
  "the command, at each step up to its last word",
  sending,
  async (on) => {
    // With a client of its own: else the command would be taken for one that bob's client runs.
    const bob = await on.start("bob", { channel: true, through: ["sh", "-c", '"$@"; exit', "sh"] });
    let n = 0;
    const at = async (point: string) => {
      const words = [process.execPath, "--preload", points, join(dist, "cli.js"), "send", "bob"];
      const child = Bun.spawn([...words, `user 1 ${++n} x`], {
        env: on.env({ CC_DM_TEST_POINT: point }),
        stdin: "ignore",
        stdout: "pipe",
        stderr: "ignore",
      });
      const [text] = await Promise.all([child.stdout.text(), child.exited]);
      const id = /^Sent to .* · ([0-9A-Z]{26})$/m.exec(text)?.[1];
      // A line that is there whole was promised too, whatever the exit code says.
      if (id !== undefined) on.note("user", { what: "sent", n, id, to: ["bob"] });
    };
    return { at, end: bob.server.close };
  },
);

const byChannel = deaths(
  "kill -9: received by channel",
  "the receiver's server, from claim to evidence",
  receiving,
  async (on) => {
    await (await on.start("bob")).server.close();
    const alice = await on.start("alice");
    return {
      async at(point) {
        await alice.send("bob");
        const bob = await tryStart(on, "bob", { channel: true, point });
        if (bob !== null) await goes(bob);
      },
    };
  },
);

const byInbox = deaths(
  "kill -9: received by inbox",
  "the receiver's server, from claim to evidence",
  receiving,
  async (on) => {
    await (await on.start("bob")).server.close();
    const alice = await on.start("alice");
    return {
      async at(point) {
        await alice.send("bob");
        const bob = await tryStart(on, "bob", { point });
        if (bob === null) return;
        await bob.inbox().catch(() => 0);
        await goes(bob);
      },
    };
  },
);

const byWake = deaths(
  "kill -9: received by wake",
  "the client's wake hook, from claim to its last word; then the server that learns of it",
  receiving,
  async (on) => {
    const client = { CLAUDECODE: "1", CLAUDE_CODE_SESSION_ID: "s-bob" };
    let bob = await on.start("bob", { env: client });
    const alice = await on.start("alice");
    const wake = async (point: string) => {
      const hook = Bun.spawn([process.execPath, "--preload", points, join(dist, "hook.js"), "wake"], {
        env: on.env({ ...client, CC_DM_TEST_POINT: point }),
        stdin: Buffer.from(JSON.stringify({ session_id: "s-bob" })),
        stdout: "ignore",
        stderr: "pipe",
      });
      const [text, code] = await Promise.all([hook.stderr.text(), hook.exited]);
      if (code === 2) on.shown("bob", text, "wake"); // the client shows nothing of a hook that was killed
      return text;
    };
    const at = async (point: string) => {
      await alice.send("bob");
      if (!point.startsWith("evidence")) return void (await wake(point));
      // What was handed and not proved falls due in time; a new server takes it up at once.
      await bob.server.close();
      bob = await on.start("bob", { env: client, point });
      const prompt = `<task-notification>${await wake("")}`;
      await bob.ask("hook_prompt", { prompt, sid: "s-bob", transcript: "" }).catch(() => "");
      await goes(bob);
      bob = await on.start("bob", { env: client });
    };
    return { at, end: () => bob.server.close() };
  },
);

export const killed: readonly Scene[] = [bySession, byCommand, byChannel, byInbox, byWake];
