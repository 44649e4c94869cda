import type { Message } from "../../plugin/core/model.ts";
import type { Draft } from "../../plugin/policy/post.ts";
import { receive } from "../../plugin/policy/receive.ts";
import { failure } from "../fakes/failure.ts";
import { type House, house, type Seat, seat } from "../fakes/house.ts";

/** A house in which a planner and a backend of one project sit. */
export interface Office {
  readonly home: House;
  readonly lead: Seat;
  readonly api: Seat;
}

export async function office(): Promise<Office> {
  const home = await house();
  const lead = await seat(home, "lead", { role: "planner", project: "shop" });
  return { home, lead, api: await seat(home, "api", { project: "shop" }) };
}

export const hi: Draft = { content: "hi" };

/** Takes what waits for somebody. */
export async function got(of: Seat): Promise<readonly Message[]> {
  return (await receive(of.receiving(), { path: "pull", limit: 100 })).map((offer) => offer.message);
}

export async function bodies(of: Seat): Promise<readonly string[]> {
  return (await got(of)).map((message) => message.body);
}

export async function codeOf(run: Promise<unknown>): Promise<string | undefined> {
  return (await failure(run)).code;
}
