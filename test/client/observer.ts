import { mkdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { cleanEnv, connect, serverCommand, type TestSession } from "../support/session.ts";
import type { World } from "./world.ts";

/** A session as `who` lists it. */
export interface Entry {
  readonly id: string;
  readonly name: string;
  readonly presence: string;
  readonly since: string;
  readonly on?: string;
  readonly reach?: string;
  readonly unread: number;
}

/** How far a message has come, as `history` tells its sender. */
export interface Receipt {
  readonly name: string;
  readonly state: string;
  readonly path?: string;
  readonly offers?: number;
  readonly seen_at?: string;
  readonly evidence?: string;
}

/** Another session on the world's bus: the plugin's server without a client, asked in milliseconds. */
export interface Observer {
  readonly session: TestSession;
  /** Sends a message. Resolves to its id. */
  dm(to: string, content: string, more?: Readonly<Record<string, unknown>>): Promise<string>;
  /** What `who` says of a session now, those that closed included. */
  who(name: string): Promise<Entry>;
  /**
   * Waits until `who` says so.
   *
   * @returns the milliseconds it took, from `since` on (`performance.now()`; by default from now).
   */
  sees(
    name: string,
    wanted: Partial<Entry>,
    options?: { timeoutMs?: number; since?: number },
  ): Promise<number>;
  receipt(messageId: string): Promise<Receipt>;
  /** Waits until the message has come this far. */
  told(messageId: string, wanted: Partial<Receipt>, timeoutMs?: number): Promise<Receipt>;
  stop(): Promise<void>;
}

export interface Watch {
  /** Of a copy of the plugin; as in the work tree by default. */
  readonly plugin?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Gets its notices as channel events, which a program is believed to show. */
export async function openObserver(world: World, name: string, watch: Watch = {}): Promise<Observer> {
  const home = join(await realpath(world.folder), "homes", name);
  await mkdir(home, { recursive: true });
  const words = serverCommand();
  const script = watch.plugin === undefined ? words.at(-1) : join(watch.plugin, "dist/server.js");
  const session = await connect({
    // Sessions are told apart by the process that started them; this one starts several.
    command: ["sh", "-c", '"$@"; exit', "sh", ...words.slice(0, -1), script ?? ""],
    env: cleanEnv(home, {
      CC_DM_HOME: world.bus,
      CC_DM_SESSION_NAME: name,
      CC_DM_CHANNEL: "on",
      ...watch.env,
    }),
    cwd: home,
  });

  const observer: Observer = {
    session,
    async dm(to, content, more = {}) {
      const { message_id } = await session.ok("dm", { to, content, ...more });
      return message_id;
    },
    async who(wanted) {
      const { sessions } = await session.ok("who", { closed: true });
      // A name that closed may be somebody's again: those that are there stand first.
      const found = (sessions as unknown as Entry[]).find((one) => one.name === wanted);
      if (found === undefined) throw new Error(`who does not list ${wanted}: ${JSON.stringify(sessions)}`);
      return found;
    },
    async sees(who, wanted, { timeoutMs = 20_000, since = performance.now() } = {}) {
      await waitFor(() => observer.who(who), wanted, timeoutMs, `who about ${who}`);
      return performance.now() - since;
    },
    async receipt(messageId) {
      const { messages } = await session.ok("history", { limit: 100 });
      const [receipt] = messages.find((one) => one.message_id === messageId)?.receipts ?? [];
      if (receipt === undefined) throw new Error(`history does not list ${messageId}`);
      return receipt as Receipt;
    },
    // Below the ten seconds after which mail without evidence is offered again, and that may be seen instead.
    told: (messageId, wanted, timeoutMs = 8_000) =>
      waitFor(() => observer.receipt(messageId), wanted, timeoutMs, `the receipt of ${messageId}`),
    stop: () => session.stop(),
  };
  return observer;
}

async function waitFor<T extends object>(
  look: () => Promise<T>,
  wanted: Partial<T>,
  timeoutMs: number,
  what: string,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (Object.entries(wanted).every(([key, value]) => found[key as keyof T] === value)) return found;
    if (performance.now() > deadline) {
      throw new Error(
        `${what} was not ${JSON.stringify(wanted)} within ${timeoutMs} ms, but ${JSON.stringify(found)}`,
      );
    }
    await Bun.sleep(20);
  }
}
