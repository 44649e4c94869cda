import { join } from "node:path";
import { cleanEnv } from "../support/session.ts";
import type { Client } from "./client.ts";
import type { World } from "./world.ts";

/** A permission request as the person's own command lists it. */
export interface Asked {
  readonly request_id: string;
  readonly letters: string;
  readonly from: string;
  readonly tool: string;
  readonly input: string;
  readonly asked: readonly string[];
  readonly state: string;
  readonly by: string | null;
  readonly verdict: string | null;
  readonly reason: string | null;
}

/** One line of the record. */
export interface Recorded {
  readonly kind: string;
  readonly who: string;
  readonly detail: string;
}

export interface Requests {
  /** All there were, oldest first. */
  all(): Promise<readonly Asked[]>;
  /** Waits until a request whose input holds this text is as wanted; by default open. */
  about(text: string, wanted?: Partial<Asked>, timeoutMs?: number): Promise<Asked>;
  /** What is on record of it, oldest first. */
  record(request: Asked): Promise<readonly Recorded[]>;
}

/** What the person's own commands tell of the world's requests, open ones and others. */
export function requests(world: World, plugin: string): Requests {
  const cli = join(plugin, "dist/cli.js");
  const env = cleanEnv(world.folder, { CC_DM_HOME: world.bus });

  async function ask<T>(...args: readonly string[]): Promise<T> {
    const command = [process.execPath, cli, ...args, "--json"];
    const run = Bun.spawn(command, { env, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
    const [out, problem] = await Promise.all([run.stdout.text(), run.stderr.text()]);
    if ((await run.exited) !== 0) throw new Error(`cc-dm ${args.join(" ")}: ${problem}`);
    return JSON.parse(out) as T;
  }

  const all = async () => (await ask<{ requests: Asked[] }>("approvals", "--all")).requests;

  return {
    all,
    async about(text, wanted = { state: "open" }, timeoutMs = 30_000) {
      for (const deadline = performance.now() + timeoutMs; ; await Bun.sleep(50)) {
        const requests = await all();
        const found = requests.findLast(({ input }) => input.includes(text));
        const fits = Object.entries(wanted).every(([key, value]) => found?.[key as keyof Asked] === value);
        if (found !== undefined && fits) return found;
        if (performance.now() > deadline) {
          const { state, by, verdict, reason } = found ?? {};
          const shown = JSON.stringify({ state, by, verdict, reason, others: requests.length });
          throw new Error(`no request about ${text} was ${JSON.stringify(wanted)}, but ${shown}`);
        }
      }
    },
    async record({ request_id }) {
      return (await ask<{ entries: Recorded[] }>("audit", "--request", request_id)).entries;
    },
  };
}

// A dialog that has just opened takes no keys: what was typed before must not answer it.
const graceMs = 600;

/** Waits until the client asks its person, and takes keys for an answer. */
export async function dialog(client: Client): Promise<void> {
  await client.shows(/Do you want to (proceed|allow|use|create|make)/);
  await Bun.sleep(graceMs);
}

/** The key of the answer No; its number differs. */
export async function pressNo(client: Client): Promise<void> {
  const number = /(\d)\. No/.exec(await client.screen())?.[1];
  if (number === undefined) throw new Error(`No is not on offer:\n${await client.screen()}`);
  await client.press(number);
}
