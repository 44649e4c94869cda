import { expect } from "bun:test";
import { makeKeys } from "../../../plugin/core/keys.ts";
import { boot, join, posting } from "../../fakes/people.ts";
import type { Case } from "../contract.ts";

const folder = "/home/me/.cc-dm";
const dayMs = 86_400_000;

/** The person of the machine: writes and reads, and is nobody's session. */
export function person(it: Case): void {
  it("is the same member for everybody, entered once", async ({ a, b }) => {
    const keys = makeKeys();
    const [one, other] = await Promise.all([a.person(keys, folder), b.person(keys, folder)]);
    expect(one).toEqual(other);
    expect(one).toMatchObject({ id: keys.id, name: "user", project: null, listed: false });
  });

  it("is on no roster, and its mailbox is that of no closed session", async ({ a, b, clock }) => {
    const keys = makeKeys();
    await a.person(keys, folder);
    expect(await b.roster()).toEqual([]);
    expect(await b.named("user")).toBeNull();
    expect(await b.closedMailboxes()).toEqual([]);
    expect(await b.closedSince(clock.now() - dayMs)).toEqual([]);
    const { session } = await join(a, "api");
    await clock.pass(1000);
    await join(a, "lead");
    expect((await a.movements(session.id)).joined.map(({ name }) => name)).toEqual(["lead"]);
  });

  it("writes to a session, and reads the answer once", async ({ a, b }) => {
    const keys = makeKeys();
    const me = { keys, session: await a.person(keys, folder) };
    const api = await join(b, "api");
    const asked = posting(me, [api.session], { body: "done?" });
    expect(await a.post(asked)).toMatchObject({ ok: true });
    expect(await b.claim({ session: api.session, path: "turn", limit: 9 })).toHaveLength(1);
    const reply = posting(api, [me.session], { rule: "reply", inReplyTo: asked.letter.id, body: "yes" });
    expect(await b.post(reply)).toMatchObject({ ok: true });
    expect(await a.unread(me.session)).toBe(1);
    const offers = await a.claim({ session: me.session, path: "pull", limit: 9 });
    expect(offers.map(({ message }) => message.body)).toEqual(["yes"]);
    const tokens = offers.map(({ token }) => token);
    expect(await a.seen(me.session.id, tokens, "read")).toBe(1);
    expect(await b.claim({ session: me.session, path: "pull", limit: 9 })).toEqual([]);
  });

  it("has mail that anybody can count, until it was seen", async ({ a, b }) => {
    expect(await b.forPerson()).toBe(0);
    const keys = makeKeys();
    const me = await a.person(keys, folder);
    const [api, lead] = [await join(b, "api"), await join(b, "lead")];
    await b.post(posting(api, [me], { rule: "user" }));
    await b.post(posting(api, [lead.session]));
    expect(await b.forPerson()).toBe(1);
    const offers = await a.claim({ session: me, path: "pull", limit: 9 });
    expect(await b.forPerson()).toBe(1); // taken, and not known to be printed
    await a.seen(
      me.id,
      offers.map(({ token }) => token),
      "read",
    );
    expect(await b.forPerson()).toBe(0);
  });

  it("waits for one answer without taking other mail", async ({ a, b }) => {
    const keys = makeKeys();
    const me = { keys, session: await a.person(keys, folder) };
    const api = await join(b, "api");
    const asked = posting(me, [api.session]);
    await a.post(asked);
    await b.post(posting(api, [me.session], { rule: "user", body: "by the way" }));
    const answering = asked.letter.id;
    const wait = () => a.claim({ session: me.session, path: "pull", limit: 1, answering });
    expect(await wait()).toEqual([]);
    await b.post(posting(api, [me.session], { rule: "reply", inReplyTo: answering, body: "yes" }));
    expect((await wait()).map(({ message }) => message.body)).toEqual(["yes"]);
    expect((await a.peek(me.session, 9)).map(({ message }) => message.body)).toEqual(["by the way"]);
  });

  it("is forgotten by no sweep", async ({ a, connect, clock }) => {
    const keys = makeKeys();
    const before = await a.person(keys, folder);
    const other = await connect(boot);
    await clock.pass(40 * dayMs);
    const { session } = await join(other, "api");
    await other.prune(session.id, 7);
    expect(await other.session(keys.id)).toEqual(before);
    expect((await other.mailbox(before.mailbox))?.name).toBe("user");
  });

  it("with another key takes over the mailbox, and the key before writes no more", async ({ a, b }) => {
    const [old, anew] = [makeKeys(), makeKeys()];
    const before = { keys: old, session: await a.person(old, folder) };
    const after = await b.person(anew, folder);
    expect(after.mailbox).toBe(before.session.mailbox);
    const api = await join(b, "api");
    expect(await a.post(posting(before, [api.session]))).toMatchObject({ ok: false, why: "not_joined" });
    expect((await a.person(old, folder)).id).toBe(old.id); // and back, should the file be
  });
}
