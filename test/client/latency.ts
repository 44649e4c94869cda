import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Client } from "./client.ts";
import { call } from "./script.ts";
import type { World } from "./world.ts";

/** One message from a model's tool call to the other model's request, in milliseconds. */
export interface Lap {
  /** From the sender's model naming the tool to the touch of the receiver's wake file. */
  readonly toRingMs: number;
  /** From that touch to the receiver's request: the client's debounce, our hook, the client again. */
  readonly fromRingMs: number;
}

/**
 * Sends to an idle session, one message at a time.
 *
 * @throws Error if the receiver was not woken by its wake file.
 */
export async function measureLatency(
  world: World,
  { from, to, times }: { from: Client; to: Client; times: number },
): Promise<Lap[]> {
  const laps: Lap[] = [];
  for (let lap = 1; lap <= times; lap++) {
    await Promise.all([to.idle(), from.idle()]); // a turn that still runs would bring it
    const content = `Lap ${lap} of ${times}, run ${performance.now()}.`;
    await from.type(call("dm", { to: to.name, content }));
    // The directive is in the sender's own prompt: the stand-in answers with the call at once.
    const called = await from.saw((heard) => heard.text.includes(content));
    const read = await to.saw(content);
    const rung = await newestTouch(world);
    if (rung < called.at || rung > read.at) throw new Error(`${to.name} was not woken by its wake file`);
    laps.push({ toRingMs: rung - called.at, fromRingMs: read.at - rung });
  }
  return laps;
}

export function report(title: string, laps: readonly Lap[]): string {
  const column = (pick: (lap: Lap) => number) => laps.map((lap) => pick(lap).toFixed(0).padStart(5)).join("");
  return [
    `${title}, a dm to an idle session, ms:`,
    `  tool call to ring       ${column((lap) => lap.toRingMs)}`,
    `  ring to model's request ${column((lap) => lap.fromRingMs)}`,
    `  together                ${column((lap) => lap.toRingMs + lap.fromRingMs)}`,
  ].join("\n");
}

async function newestTouch(world: World): Promise<number> {
  const clients = join(world.bus, "clients");
  const touches = (await readdir(clients)).map(async (client) => {
    const file = await stat(join(clients, client, "cc-dm.wake")).catch(() => undefined);
    return file?.mtimeMs ?? 0;
  });
  return Math.max(0, ...(await Promise.all(touches)));
}
