import { beforeEach, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { settle } from "../../plugin/delivery/proof/evidence.ts";
import { fate, records, transcript } from "../fakes/hooked.ts";
import { type House, house, type Seat, seat } from "../fakes/house.ts";
import { place } from "../fakes/people.ts";
import { scratch } from "../fakes/scratch.ts";

let home: House;
let lead: Seat;
let api: Seat;
beforeEach(async () => {
  home = await house();
  lead = await seat(home, "lead");
  api = await seat(home, "api");
});

/** The hook at its client's start told where it writes. */
const heard = (by: Seat, path: string) =>
  home.bus.sight({ client: by.session().client, sessionId: null, transcript: path }, place);

/** Hands one message over. */
async function give() {
  const { message_id } = await lead.desk.dm("api", { content: "x" });
  const [offer] = await home.bus.claim({ session: api.session(), path: "wake", limit: 100 });
  return { id: message_id, token: offer?.token ?? "" };
}
const stateOf = async (id: string) => (await fate(home, lead, id))[0];

describe("for whoever cannot look any more", () => {
  test("its transcript is read by others, and what it shows counts as seen", async () => {
    const file = transcript();
    await heard(api, file.path);
    const [read, unread] = [await give(), await give()];
    file.add(records.wake(read.token));
    file.add(records.answer());
    file.add(records.wake(unread.token));
    await home.bus.close([api.keys.id]);
    const successor = await seat(home, "api");
    await settle(home.bus, successor.session().mailbox, successor.session());
    expect(await fate(home, lead, read.id)).toEqual(["seen", "wake", "transcript"]);
    expect(await stateOf(unread.id)).toBe("handed");
    const again = await home.bus.claim({ session: successor.session(), path: "wake", limit: 10 });
    expect(again.map((offer) => offer.message.id)).toEqual([unread.id]);
  });

  test("a session leaves its own to itself", async () => {
    const file = transcript();
    await heard(api, file.path);
    const { id, token } = await give();
    file.add(records.wake(token));
    file.add(records.answer());
    await settle(home.bus, api.session().mailbox, api.session());
    expect(await stateOf(id)).toBe("handed");
    await settle(home.bus, api.session().mailbox);
    expect(await stateOf(id)).toBe("seen");
  });

  test("nothing happens if no transcript was told of, or it is gone", async () => {
    const { id } = await give();
    await settle(home.bus, api.session().mailbox);
    await heard(api, join(scratch(), "gone.jsonl"));
    await settle(home.bus, api.session().mailbox);
    const odd = join(scratch(), "odd.jsonl");
    writeFileSync(odd, "no JSON\n\u0000\n");
    await heard(api, odd);
    await settle(home.bus, api.session().mailbox);
    expect(await stateOf(id)).toBe("handed");
  });
});
