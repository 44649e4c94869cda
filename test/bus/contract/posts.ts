import { expect } from "bun:test";
import type { Session } from "../../../plugin/core/model.ts";
import { failure } from "../../fakes/failure.ts";
import { join, letter, posting, sealed, send } from "../../fakes/people.ts";
import type { Case } from "../contract.ts";

/** What goes in: one message for one or many, or nothing. */
export function posts(it: Case): void {
  it("hands out exactly what was posted", async ({ a, b }) => {
    const lead = await join(a, "lead", { project: "shop" });
    const api = await join(b, "api", { project: "shop" });
    const sent = letter(lead.session, [api.session], {
      body: "Grüße 👩‍👩‍👧 मेरा \u202e\0 and the rest\n",
      priority: "urgent",
      type: "task",
      threadId: "T-1",
      inReplyTo: "01ARZ3NDEKTSV4RRFFQ69G5FAV",
      hops: 3,
      ttlMs: 60_000,
    });
    const { signature } = sealed(lead, sent);
    const posted = await a.post(sealed(lead, sent));
    if (!posted.ok) throw new Error(posted.why);
    const offers = await b.claim({ session: api.session, path: "pull", limit: 10 });
    expect(offers).toEqual([
      {
        message: { ...sent, seq: posted.seq, publicKey: lead.keys.publicKey, signature },
        addressed: api.session.mailbox,
        token: expect.stringMatching(/^[0-9a-z]{12}$/),
        offers: 1,
      },
    ]);
  });

  it("keeps what a sender left out empty", async ({ a, b }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    await send(a, lead, [api.session]);
    const [offer] = await b.claim({ session: api.session, path: "pull", limit: 1 });
    expect(offer?.message).toMatchObject({
      priority: null,
      type: null,
      threadId: null,
      inReplyTo: null,
      fromProject: null,
    });
  });

  it("posts one message to many, each of whom gets it once", async ({ a, b }) => {
    const lead = await join(a, "lead");
    const others = [await join(b, "one"), await join(b, "two"), await join(a, "three")];
    const id = await send(
      a,
      lead,
      others.map((other) => other.session),
    );
    for (const { session } of others) {
      const offers = await b.claim({ session, path: "pull", limit: 10 });
      expect(offers.map((offer) => [offer.message.id, offer.addressed])).toEqual([[id, session.mailbox]]);
      expect(offers[0]?.message.recipients).toHaveLength(3);
    }
  });

  it("writes nothing at all when one of many mailboxes is full", async ({ a, b }) => {
    const lead = await join(a, "lead");
    const [free, full] = [await join(b, "free"), await join(b, "full")];
    await send(a, lead, [full.session]);
    await send(a, lead, [full.session]);
    const broadcast = { ...posting(lead, [free.session, full.session]), mailboxLimit: 2 };
    expect(await a.post(broadcast)).toEqual({ ok: false, why: "mailbox_full", name: "full" });
    expect(await b.unread(free.session)).toBe(0);
    expect(await b.unread(full.session)).toBe(2);
    expect(await a.wrote(broadcast.letter.id, lead.session.mailbox)).toBe(false);
  });

  it("follows a mailbox that was merged into another, and says so of one that is nobody's", async ({
    a,
    b,
  }) => {
    const [lead, free] = [await join(a, "lead"), await join(b, "free")];
    const moved = await join(b, "moved", { cwd: "/code/here" });
    const before = await join(b, "before", { cwd: "/code/here" });
    await b.close([before.session.id]);
    const looked = moved.session; // the sender looks now, and writes after the rename
    await b.rename({ id: moved.session.id, name: "before", role: "worker", project: null });
    const late = posting(lead, [free.session, looked]);
    expect(await a.post(late)).toMatchObject({ ok: true });
    expect(await b.unread(free.session)).toBe(1);
    expect(await b.unread((await b.session(moved.session.id)) ?? looked)).toBe(1);

    const old = await join(b, "old");
    await b.close([old.session.id]);
    await join(b, "old", { startName: null, cwd: "/elsewhere" }); // takes the address, not the mailbox
    const archived = posting(lead, [old.session]);
    expect(await a.post(archived)).toEqual({ ok: false, why: "mailbox_gone", name: "old" });
  });

  it("writes nothing for a sender that is not on the roster, whom nobody could believe", async ({ a, b }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    await b.close([lead.session.id]);
    const refused = { ok: false, why: "not_joined", name: "lead" } as const;
    expect(await a.post(posting(lead, [api.session]))).toEqual(refused);
    expect(await b.unread(api.session)).toBe(0);
  });

  it("writes no answer to what was deleted meanwhile, whose receiver could not believe it", async ({
    a,
    b,
  }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    const asked = await send(a, lead, [api.session]);
    const answer = posting(api, [lead.session], { inReplyTo: asked, rule: "reply" });
    await a.erase({ olderThanMs: null, unread: true });
    expect(await b.post(answer)).toEqual({ ok: false, why: "unknown_message", name: "api" });
    expect(await a.unread(lead.session)).toBe(0);
    const plain = posting(api, [lead.session], { inReplyTo: asked });
    expect(await b.post(plain)).toMatchObject({ ok: true }); // rests on something else
  });

  it("counts unread mail only against the limit", async ({ a, b }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    const tight = () => ({ ...posting(lead, [api.session]), mailboxLimit: 1 });
    expect(await a.post(tight())).toMatchObject({ ok: true });
    const [offer] = await b.claim({ session: api.session, path: "wake", limit: 1 });
    expect(await a.post(tight())).toMatchObject({ ok: false }); // handed is not read
    await b.seen(api.session.id, [offer?.token ?? ""], "test");
    expect(await a.post(tight())).toMatchObject({ ok: true });
  });

  it("counts exactly, however much passed between others meanwhile", async ({ a, b }) => {
    const [lead, api, other] = [await join(a, "lead"), await join(b, "api"), await join(b, "other")];
    const tight = () => ({ ...posting(lead, [api.session]), mailboxLimit: 3 });
    for (let n = 0; n < 3; n++) {
      for (let more = 0; more < 5; more++) await send(a, lead, [other.session]);
      expect(await a.post(tight())).toMatchObject({ ok: true });
    }
    expect(await a.post(tight())).toMatchObject({ ok: false });
    const offers = await b.claim({ session: api.session, path: "pull", limit: 3 });
    await b.seen(api.session.id, [offers[1]?.token ?? ""], "test"); // one in the middle makes room too
    expect(await a.post(tight())).toMatchObject({ ok: true });
    expect(await a.post(tight())).toMatchObject({ ok: false });
  });

  it("lets no write that fails take others along that were asked for with it", async ({ a, b }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    const once = posting(lead, [api.session], { body: "once" });
    await a.post(once);
    const outcomes = await Promise.allSettled([
      send(a, lead, [api.session], { body: "before" }),
      a.post(once),
      a.rename({ id: "nobody", name: "x", role: "worker", project: null }),
      a.post({ ...posting(lead, [api.session]), mailboxLimit: 0 }),
      send(a, lead, [api.session], { body: "after" }),
    ]);
    expect(outcomes.map((one) => one.status)).toEqual([
      "fulfilled",
      "rejected",
      "rejected",
      "fulfilled",
      "fulfilled",
    ]);
    const offers = await b.claim({ session: api.session, path: "pull", limit: 10 });
    expect(offers.map((offer) => offer.message.body)).toEqual(["once", "before", "after"]);
  });

  it("loses nothing by its housekeeping", async ({ a, b }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    for (let n = 0; n < 600; n++) await send(a, lead, [api.session]);
    a.tidy();
    b.tidy();
    expect(await b.unread(api.session)).toBe(600);
    await send(a, lead, [api.session]);
    expect(await b.unread(api.session)).toBe(601);
  });

  it("refuses a second message of the same id", async ({ a, b }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    const once = posting(lead, [api.session]);
    await a.post(once);
    await failure(b.post(once));
    expect(await b.unread(api.session)).toBe(1);
  });

  it("finds a received message for its receiver only", async ({ a, b }) => {
    const [lead, api, third] = [await join(a, "lead"), await join(b, "api"), await join(b, "third")];
    const id = await send(a, lead, [api.session], { body: "for api" });
    const found = await b.received(api.session.mailbox, id);
    expect(found).toMatchObject({ message: { id, body: "for api" }, fromMailbox: lead.session.mailbox });
    expect(await b.received(third.session.mailbox, id)).toBeNull();
    expect(await b.received(lead.session.mailbox, id)).toBeNull();
    expect(await b.received(api.session.mailbox, "01ARZ3NDEKTSV4RRFFQ69G5FAV")).toBeNull();
  });

  it("knows who wrote a message, and to whom", async ({ a, b }) => {
    const [lead, api, third] = [await join(a, "lead"), await join(b, "api"), await join(b, "third")];
    const id = await send(a, lead, [api.session]);
    const box = (session: Session) => session.mailbox;
    expect(await b.wrote(id, box(lead.session))).toBe(true);
    expect(await b.wrote(id, box(lead.session), api.session)).toBe(true);
    expect(await b.wrote(id, box(lead.session), third.session)).toBe(false);
    expect(await b.wrote(id, box(api.session))).toBe(false);
    expect(await b.wrote("01ARZ3NDEKTSV4RRFFQ69G5FAV", box(lead.session))).toBe(false);
    // Who was handed it has another mailbox by now: its successor took the old one while it was still there.
    await b.claim({ session: api.session, path: "pull", limit: 1 });
    const elsewhere = { ...api.session, mailbox: box(third.session) };
    expect(await b.wrote(id, box(lead.session), elsewhere)).toBe(true);
    expect(await b.wrote(id, box(third.session), elsewhere)).toBe(false);
  });

  it("tells how long a chain the newest message shown has behind it, and when it was shown", async ({
    a,
    b,
    clock,
  }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    expect(await b.lastShown(api.session.id)).toBeNull();
    await send(a, lead, [api.session], { hops: 9 });
    await send(a, lead, [api.session], { hops: 4 });
    expect(await b.lastShown(api.session.id)).toBeNull(); // waiting is not shown
    await clock.pass(1000);
    const shown = { hops: 4, at: clock.now() };
    const offers = await b.claim({ session: api.session, path: "wake", limit: 10 });
    expect(await b.lastShown(api.session.id)).toEqual(shown);
    await clock.pass(1000);
    await b.seen(
      api.session.id,
      offers.map((offer) => offer.token),
      "prompt",
    );
    expect(await a.lastShown(api.session.id)).toEqual(shown);
    expect(await b.lastShown(lead.session.id)).toBeNull();
  });
}
