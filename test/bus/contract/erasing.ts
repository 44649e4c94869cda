import { expect } from "bun:test";
import type { Bus } from "../../../plugin/bus/bus.ts";
import { join, type Member, send } from "../../fakes/people.ts";
import type { Case } from "../contract.ts";
import { ask } from "./relay.ts";

const day = 86_400_000;
const all = { olderThanMs: null, unread: false } as const;

async function read(bus: Bus, by: Member): Promise<void> {
  const offers = await bus.claim({ session: by.session, path: "pull", limit: 100 });
  const tokens = offers.map((offer) => offer.token);
  await bus.seen(by.session.id, tokens, "result");
}

const bodies = async (bus: Bus, text?: string) =>
  (await bus.journal({ limit: 100, text })).map(({ message }) => message.body);

/** What a person deletes of the history by hand. */
export function erasing(it: Case): void {
  it("tells how much the store holds, without the room that is free in it", async ({ a, b }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    const empty = await a.bytes();
    for (let n = 0; n < 20; n++) await send(a, lead, [api.session], { body: "x".repeat(10_000) });
    const full = await b.bytes();
    expect(full - empty).toBeGreaterThan(200_000);
    expect(full - empty).toBeLessThan(400_000);
    await a.erase({ ...all, unread: true });
    expect((await b.bytes()) - empty).toBeLessThan(50_000);
  });

  it("deletes what is older, also from the search, and tells beforehand and afterwards how much", async ({
    a,
    b,
    clock,
  }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    await send(a, lead, [api.session], { body: "old apple", sentAt: clock.now() });
    await read(b, api);
    expect(await bodies(a, "apple")).toEqual(["old apple"]);
    await clock.pass(3 * day);
    await send(a, lead, [api.session], { body: "young apple", sentAt: clock.now() });
    await read(b, api);
    const of = { olderThanMs: 3 * day, unread: false };
    const gone = { messages: 1, unread: 0, sessions: 0, requests: 0, audits: 0 };
    expect(await a.erasable(of)).toEqual(gone);
    expect(await bodies(a)).toEqual(["old apple", "young apple"]);
    expect(await a.erase(of)).toEqual(gone);
    expect(await bodies(b, "apple")).toEqual(["young apple"]);
    expect(await b.erasable(of)).toEqual({ ...gone, messages: 0 });
  });

  it("keeps unread mail and what an unread answer rests on, unless they are asked for", async ({
    a,
    b,
    clock,
  }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    const question = { body: "question", sentAt: clock.now() };
    const asked = await send(a, lead, [api.session], question);
    await read(b, api);
    await send(b, api, [lead.session], {
      body: "answer",
      inReplyTo: asked,
      rule: "reply",
      sentAt: clock.now(),
    });
    await send(b, api, [lead.session], { body: "handed", sentAt: clock.now() });
    await a.claim({ session: lead.session, path: "wake", limit: 1 });
    await clock.pass(1);
    expect(await a.erase(all)).toMatchObject({ messages: 0, unread: 0 });
    expect(await bodies(a)).toEqual(["question", "answer", "handed"]);
    expect(await a.unread(lead.session)).toBe(1);
    expect(await a.erasable({ ...all, unread: true })).toMatchObject({ messages: 3, unread: 2 });
    expect(await a.erase({ ...all, unread: true })).toMatchObject({ messages: 3, unread: 2 });
    expect(await bodies(b)).toEqual([]);
    expect(await b.unread(lead.session)).toBe(0);
    expect(await b.outstanding(api.session.mailbox)).toEqual(new Map());
  });

  it("keeps what a younger unread answer rests on, also where older unread mail is deleted", async ({
    a,
    b,
    clock,
  }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    const asked = await send(a, lead, [api.session], { body: "question", sentAt: clock.now() });
    await send(a, lead, [api.session], { body: "old", sentAt: clock.now() });
    await clock.pass(3 * day);
    const rule = "reply";
    await send(b, api, [lead.session], { body: "answer", inReplyTo: asked, rule, sentAt: clock.now() });
    const of = { olderThanMs: 3 * day, unread: true };
    expect(await a.erasable(of)).toMatchObject({ messages: 1, unread: 1 });
    expect(await a.erase(of)).toMatchObject({ messages: 1, unread: 1 });
    expect(await bodies(b)).toEqual(["question", "answer"]);
    await clock.pass(3 * day);
    expect(await a.erase(of)).toMatchObject({ messages: 2, unread: 1 });
  });

  it("takes any number, and leaves no session in the way", async ({ a, b, clock }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    for (let n = 0; n < 1_100; n++) await send(a, lead, [api.session], { sentAt: clock.now() });
    const erasing = a.erase({ ...all, unread: true });
    const meanwhile = b.beat(api.session.id, null);
    expect(await meanwhile).toBe(true);
    expect(await erasing).toMatchObject({ messages: 1_100, unread: 1_100 });
    await send(a, lead, [api.session], { body: "new", sentAt: clock.now() });
    expect((await b.claim({ session: api.session, path: "pull", limit: 9 })).length).toBe(1);
  });

  it("forgets closed sessions of which nothing is kept, with mailboxes nobody needs; never live ones", async ({
    a,
    b,
    clock,
  }) => {
    const [lead, old] = [await join(a, "lead"), await join(b, "old")];
    const wrote = await join(b, "wrote");
    await send(b, wrote, [lead.session], { sentAt: clock.now() });
    await b.close([old.session.id, wrote.session.id]);
    expect(await a.erasable(all)).toMatchObject({ messages: 0, sessions: 1 });
    expect(await a.erase(all)).toMatchObject({ messages: 0, sessions: 1 });
    expect(await a.session(old.session.id)).toBeNull();
    expect(await a.mailbox(old.session.mailbox)).toBeNull();
    expect(await a.bore(wrote.session.id, "wrote")).toBe(true); // its mail waits
    await read(a, lead);
    expect(await a.erasable(all)).toMatchObject({ messages: 1, sessions: 1 });
    expect(await a.erase(all)).toMatchObject({ messages: 1, sessions: 1 });
    expect((await a.roster()).map(({ name }) => name)).toEqual(["lead"]);
    expect(await a.mailbox(lead.session.mailbox)).not.toBeNull();
  });

  it("deletes the record of who answered, but not of what is open", async ({ a, b, clock }) => {
    const api = await join(a, "api");
    const [open, over] = [ask(api, ["user"]), ask(api, ["user"])];
    for (const request of [open, over]) {
      await a.openRequest(request);
      await a.audit({ at: clock.now(), request: request.id, kind: "asked", who: "api", detail: "" });
    }
    await a.settle(over.id, { state: "local", by: null, behavior: null, reason: null, at: clock.now() });
    const days = { olderThanMs: day, unread: false };
    expect(await b.erase(days)).toMatchObject({ requests: 0, audits: 0 });
    await clock.pass(day + 1_000);
    expect(await b.erasable(days)).toMatchObject({ requests: 1, audits: 1 });
    expect(await b.erase(days)).toMatchObject({ requests: 1, audits: 1 });
    expect((await a.audits({ limit: 9 })).map(({ request }) => request)).toEqual([open.id]);
    expect((await a.requests("all")).map(({ id }) => id)).toEqual([open.id]);
    expect(await a.session(api.session.id)).not.toBeNull();
  });

  it("neither needs the sweeping lease nor takes it", async ({ a, b, clock }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    const late = { sentAt: clock.now(), ttlMs: 1_000 };
    await send(a, lead, [api.session], { ...late, body: "late" });
    await clock.pass(1_000);
    const [overdue] = await a.overdue(lead.session.id);
    expect(await b.erase({ ...all, unread: true })).toMatchObject({ messages: 1, unread: 1 });
    // Whoever sweeps goes on with what it found, and nothing comes of it.
    if (overdue === undefined) throw new Error("nothing was overdue");
    await a.expire(overdue, null);
    expect(await bodies(a)).toEqual([]);
    expect(await b.overdue(api.session.id)).toEqual([]);
    await send(a, lead, [api.session], { ...late, sentAt: clock.now() });
    await clock.pass(1_000);
    expect(await a.overdue(lead.session.id)).toHaveLength(1); // the lease is still its own
  });

  it("deletes nothing by age because the clock was set ahead", async ({ a, b, clock }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    await send(a, lead, [api.session], { body: "kept", sentAt: clock.now() });
    await read(b, api);
    clock.setWall(30 * day);
    expect(await a.erase({ olderThanMs: day, unread: false })).toMatchObject({ messages: 0 });
    expect(await a.erase(all)).toMatchObject({ messages: 1 });
  });

  it("compacts while others have it open, and nothing is lost", async ({ a, b, clock }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    const body = "x".repeat(10_000);
    for (let n = 0; n < 50; n++) await send(a, lead, [api.session], { body, sentAt: clock.now() });
    await read(b, api);
    await send(b, api, [lead.session], { body: "apple", sentAt: clock.now() });
    expect(await a.compact(false)).toBe(false); // nothing is empty
    await a.erase(all);
    expect(await a.compact(false)).toBe(true);
    expect(await bodies(b, "apple")).toEqual(["apple"]);
    expect(await b.unread(lead.session)).toBe(1);
    await send(b, api, [lead.session], { body: "pear", sentAt: clock.now() });
    expect(await bodies(a, "pear")).toEqual(["pear"]);
  });
}
