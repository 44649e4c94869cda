import { expect } from "bun:test";
import type { Bus } from "../../../plugin/bus/bus.ts";
import { join, type Member, place, send } from "../../fakes/people.ts";
import type { Case } from "../contract.ts";

const day = 86_400_000;

async function read(bus: Bus, by: Member): Promise<void> {
  const offers = await bus.claim({ session: by.session, path: "pull", limit: 100 });
  await bus.seen(
    by.session.id,
    offers.map((offer) => offer.token),
    "result",
  );
}

async function bodies(bus: Bus, of: Member, query?: string): Promise<string[]> {
  const passed = await bus.history({ mailbox: of.session.mailbox, limit: 100, query });
  return passed.map((one) => one.message.body);
}

/** Deleting what is past its days. */
export function pruning(it: Case): void {
  it("deletes messages past their days, also from the search, and keeps younger ones", async ({
    a,
    b,
    clock,
  }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    await send(a, lead, [api.session], { body: "old apple", sentAt: clock.now() });
    expect(await bodies(a, lead, "apple")).toEqual(["old apple"]);
    await clock.pass(day);
    await send(a, lead, [api.session], { body: "young apple", sentAt: clock.now() });
    await read(b, api);
    await clock.pass(6 * day - 1);
    await b.prune(api.session.id, 7);
    expect(await bodies(a, lead)).toEqual(["young apple", "old apple"]);
    await clock.pass(1);
    await b.prune(api.session.id, 7);
    expect(await bodies(a, lead)).toEqual(["young apple"]);
    expect(await bodies(b, api, "apple")).toEqual(["young apple"]);
    await clock.pass(day);
    await b.prune(api.session.id, 7);
    expect(await bodies(a, lead, "apple")).toEqual([]);
    await send(a, lead, [api.session], { body: "new apple", sentAt: clock.now() });
    expect(await bodies(a, lead, "apple")).toEqual(["new apple"]);
  });

  it("keeps unread mail, however old", async ({ a, b, clock }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    await send(a, lead, [api.session], { body: "patient", sentAt: clock.now(), ttlMs: 90 * day });
    await clock.pass(30 * day);
    await b.prune(api.session.id, 7);
    expect(await b.unread(api.session)).toBe(1);
  });

  it("keeps what a waiting answer rests on", async ({ a, b, clock }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    const asked = await send(a, lead, [api.session], { body: "question", sentAt: clock.now() });
    await read(b, api);
    await clock.pass(6 * day);
    await send(b, api, [lead.session], {
      inReplyTo: asked,
      rule: "reply",
      sentAt: clock.now(),
      ttlMs: 30 * day,
    });
    await clock.pass(6 * day);
    await a.prune(lead.session.id, 7);
    expect(await a.wrote(asked, lead.session.mailbox)).toBe(true);
    await read(a, lead);
    await clock.pass(6 * day);
    await a.prune(lead.session.id, 7);
    expect(await a.wrote(asked, lead.session.mailbox)).toBe(false);
  });

  it("deletes nothing because the clock was set ahead", async ({ a, b, clock }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    await send(a, lead, [api.session], { body: "kept", sentAt: clock.now() });
    await read(b, api);
    await a.close([lead.session.id]);
    clock.setWall(30 * day);
    await b.prune(api.session.id, 7);
    expect(await bodies(b, api)).toEqual(["kept"]);
    expect(await b.session(lead.session.id)).not.toBeNull();
  });

  it("forgets closed sessions past their days, with mailboxes and filters nobody needs", async ({
    a,
    b,
    clock,
  }) => {
    const [api, old] = [await join(b, "api"), await join(a, "old", { project: "shop" })];
    await a.filter(old.session.mailbox, "mute", "api", true);
    await a.sight({ client: old.session.client, sessionId: null, transcript: null }, place);
    await a.close([old.session.id]);
    await clock.pass(6 * day);
    await b.prune(api.session.id, 7);
    expect(await b.session(old.session.id)).not.toBeNull();
    await clock.pass(day);
    await b.prune(api.session.id, 7);
    expect(await b.session(old.session.id)).toBeNull();
    expect(await b.bore(old.session.id, "old")).toBe(false);
    expect(await b.mailbox(old.session.mailbox)).toBeNull();
    expect(await b.filters(old.session.mailbox)).toEqual([]);
    expect(await b.projects()).toEqual([]);
    expect((await b.roster()).map((session) => session.name)).toEqual(["api"]);
  });

  it("keeps a closed session for as long as something it wrote is kept", async ({ a, b, clock }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    await send(a, lead, [api.session], { sentAt: clock.now(), ttlMs: 90 * day });
    await a.close([lead.session.id]);
    await clock.pass(30 * day);
    await b.prune(api.session.id, 7);
    expect(await b.bore(lead.session.id, "lead")).toBe(true);
    expect(await b.mailbox(lead.session.mailbox)).toMatchObject({ name: "lead" });
  });

  it("leaves everything to the session whose duty it is", async ({ a, b, clock }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    await send(a, lead, [api.session], { body: "old", sentAt: clock.now() });
    await read(b, api);
    await clock.pass(30 * day);
    await a.overdue(lead.session.id);
    await b.prune(api.session.id, 7);
    expect(await bodies(b, api)).toEqual(["old"]);
    await a.prune(lead.session.id, 7);
    expect(await bodies(b, api)).toEqual([]);
  });
}
