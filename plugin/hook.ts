/**
 * What the client runs as command hooks: `session-start` and `wake`. Started for every wake, so it
 * loads neither the MCP SDK nor zod, and writes past `process.stdout` and `stderr`, which take 12 ms of
 * processor to be made. Fails open: whatever goes wrong, the client goes on.
 */
import { dirname } from "node:path";
import type { Bus } from "./bus/bus.ts";
import { openSqliteBus } from "./bus/sqlite/index.ts";
import { systemClock as clock } from "./core/clock.ts";
import { type Around, handover } from "./core/frame.ts";
import { homeFrom, setting } from "./core/home.ts";
import { stderrLog } from "./core/log.ts";
import type { Session } from "./core/model.ts";
import { defaultReplyLimit } from "./core/model.ts";
import { settle } from "./delivery/proof/evidence.ts";
import { identityLine } from "./delivery/words/identity.ts";
import { privateFolder } from "./host/folder.ts";
import { thisPlace } from "./host/place.ts";
import { isRunning, markOf } from "./host/process.ts";
import { personCheck } from "./host/userkey.ts";
import { wakeFile } from "./host/wake.ts";
import { newsFor } from "./policy/news.ts";
import { receive } from "./policy/receive.ts";

const env = process.env;
const log = stderrLog(clock.now);
const patienceMs = 500;
// Rewake text is not capped by the client (60 kB arrived whole); a context window is.
const wakeChars = 60_000;
const contextChars = 9_000;
const startMs = 2_500;
const stepMs = 50;
const connectMs = 200;

interface Input {
  readonly session_id?: string;
  readonly transcript_path?: string;
  readonly source?: string;
}

const isPerson = personCheck(() => homeFrom(env).folder);
const place = thisPlace();
// The client starts hooks in exec form itself; 2.1.197 sets no CLAUDE_PID.
const client = markOf(process.ppid);

async function sessionStart(input: Input): Promise<void> {
  const home = homeFrom(env);
  const file = wakeFile(home.clients, client, place);
  const output: Record<string, unknown> = { hookEventName: "SessionStart", watchPaths: [file] };
  try {
    privateFolder(home.folder);
    privateFolder(home.clients);
    privateFolder(dirname(file)); // what is to be watched must be there
    const bus = await openSqliteBus({ path: home.bus, clock, boot: place.boot, patienceMs });
    await bus.sight(
      { client, sessionId: input.session_id ?? null, transcript: input.transcript_path ?? null },
      place,
    );
    const session = await served(bus, input);
    if (session !== null) output.additionalContext = await welcome(bus, session, input);
  } finally {
    await Bun.write(Bun.stdout, JSON.stringify({ hookSpecificOutput: output }));
  }
}

/**
 * At a start the server comes a moment later. A prompt given meanwhile waits for this hook, and without
 * the server its whole turn would show the person failing hooks. Typing does not wait.
 */
async function served(bus: Bus, { session_id, source }: Input): Promise<Session | null> {
  const starting = source === "startup" || source === "resume";
  const off = ["off", "0", "false", "no"].includes((setting(env, "CC_DM") ?? "on").toLowerCase());
  const tries = starting && !off ? startMs / stepMs : 1;
  for (let left = tries; left > 0; left--) {
    const session = await bus.servedBy(client, session_id ?? null, place);
    if (session !== null && (!starting || session.condition !== null)) {
      if (left < tries) await clock.sleep(connectMs); // it has told its tools a moment before the client knows them
      return session;
    }
    if (left > 1) await clock.sleep(stepMs);
  }
  return null;
}

/** Who it is, after `/clear` and compaction too; and the mail that no wake would bring. */
async function welcome(bus: Bus, session: Session, { session_id, source }: Input): Promise<string> {
  if (session_id !== undefined) await bus.follow(session.id, session_id);
  const lines = [identityLine(session)];
  // Elsewhere the client is idle now, and the server's wake starts a turn for what waits.
  if (source === "compact" || /^sdk/.test(env.CLAUDE_CODE_ENTRYPOINT ?? "")) {
    const offers = await receive(
      { bus, session, isPerson, clock, log, patienceMs },
      { path: "turn", limit: 20, strict: true, maxChars: contextChars },
    );
    if (offers.length > 0) lines.push(handover(offers, await around(bus, session)));
  }
  return lines.join("\n\n");
}

async function wake(input: Input): Promise<number> {
  const bus = await openSqliteBus({ path: homeFrom(env).bus, clock, boot: place.boot, patienceMs });
  const session = await bus.servedBy(client, input.session_id ?? null, place);
  if (session === null) return 0;
  // A server that died cannot look; what was read before must not come twice.
  if (!isRunning(session.server)) await settle(bus, session.mailbox);
  const offers = await receive(
    { bus, session, isPerson, clock, log, patienceMs },
    { path: "wake", limit: 50, maxChars: wakeChars },
  );
  if (offers.length === 0) return 0;
  await Bun.write(Bun.stderr, handover(offers, await around(bus, session)));
  return 2; // with asyncRewake: starts a turn with what stands on stderr
}

async function around(bus: Bus, session: Session): Promise<Around> {
  const limit = Number.parseInt(setting(env, "CC_DM_REPLY_LIMIT") ?? "", 10);
  return {
    replyLimit: Number.isNaN(limit) ? defaultReplyLimit : limit,
    news: await newsFor(bus, session.id),
  };
}

async function main(verb: string | undefined): Promise<number> {
  const input = JSON.parse((await Bun.stdin.text()) || "{}") as Input;
  if (verb === "wake") return wake(input);
  if (verb !== "session-start") throw new Error(`unknown hook ${verb}`);
  await sessionStart(input);
  return 0;
}

main(process.argv[2]).then(
  (code) => process.exit(code),
  (error: unknown) => {
    log("hook_failed", { hook: process.argv[2], error: String(error) });
    process.exit(0);
  },
);
