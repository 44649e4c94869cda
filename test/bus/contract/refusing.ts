import { expect } from "bun:test";
import type { Bus } from "../../../plugin/bus/bus.ts";
import { join, type Member, posting, send } from "../../fakes/people.ts";
import type { Case } from "../contract.ts";

const waiting = async (bus: Bus, of: Member, name: string) =>
  (await bus.waitingFrom(of.session.id, name)).map(({ message }) => message.body);

/** Mail that its receiver does not want. */
export function refusing(it: Case): void {
  it("knows what waits from whoever has, or had, a name", async ({ a, b }) => {
    const [lead, web, api] = [await join(a, "lead"), await join(a, "web"), await join(b, "api")];
    for (const body of ["1", "2"]) await send(a, lead, [api.session], { body });
    await send(a, web, [api.session], { body: "of web" });
    const renamed = await a.rename({ id: lead.session.id, name: "boss", role: "worker", project: null });
    if (!renamed.ok) throw new Error(renamed.why);
    await send(a, { keys: lead.keys, session: renamed.session }, [api.session], { body: "3" });
    expect(await waiting(b, api, "lead")).toEqual(["1", "2", "3"]);
    expect(await waiting(b, api, "boss")).toEqual(["1", "2", "3"]);
    expect(await waiting(b, api, "nobody")).toEqual([]);
    expect(await waiting(b, web, "lead")).toEqual([]);
    const [first] = await b.waitingFrom(api.session.id, "web");
    expect(first).toMatchObject({ addressed: api.session.mailbox, fromMailbox: web.session.mailbox });
  });

  it("counts nothing as waiting that is on its way, or is a notice", async ({ a, b }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    await send(a, lead, [api.session], { body: "handed" });
    await b.claim({ session: api.session, path: "wake", limit: 1 });
    await send(a, lead, [api.session], {
      kind: "notice",
      rule: "notice",
      fromName: "cc-dm",
      fromRole: "notice",
      fromProject: null,
    });
    expect(await waiting(b, api, "lead")).toEqual([]);
  });

  it("counts as waiting what an earlier holder was handed and never proved to have seen", async ({
    a,
    b,
  }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    await send(a, lead, [api.session], { body: "handed" });
    await b.claim({ session: api.session, path: "wake", limit: 1 });
    await b.close([api.session.id]);
    const successor = await join(b, "api");
    expect(await waiting(a, successor, "lead")).toEqual(["handed"]);
  });

  it("keeps a message whose sender took another mailbox between look and write: it is looked for again", async ({
    a,
    b,
  }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    const id = await send(a, lead, [api.session]);
    const [offer] = await b.waitingFrom(api.session.id, "lead");
    if (offer === undefined) throw new Error("nothing waits");
    const old = await join(a, "old", { cwd: "/code/lead" });
    await a.close([old.session.id]);
    await a.rename({ id: lead.session.id, name: "old", role: "worker", project: null });
    const notice = { kind: "notice", rule: "notice", fromName: "cc-dm", fromRole: "notice" } as const;
    await b.refuse(offer, "blocked", posting(api, [lead.session], { ...notice, inReplyTo: id }));
    expect(await waiting(b, api, "lead")).toEqual(["hello"]);
  });

  it("takes a message back and tells its sender, at once and once", async ({ a, b }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    const id = await send(a, lead, [api.session]);
    const [offer] = await b.waitingFrom(api.session.id, "lead");
    if (offer === undefined) throw new Error("nothing waits");
    const notice = () =>
      posting(api, [lead.session], {
        kind: "notice",
        rule: "notice",
        fromName: "cc-dm",
        fromRole: "notice",
        fromProject: null,
        inReplyTo: id,
      });
    await Promise.all([a.refuse(offer, "blocked", notice()), b.refuse(offer, "blocked", notice())]);
    const told = await a.claim({ session: lead.session, path: "pull", limit: 10 });
    expect(told.map(({ message }) => [message.kind, message.inReplyTo])).toEqual([["notice", id]]);
    expect(await b.claim({ session: api.session, path: "pull", limit: 10 })).toEqual([]);
    const [passed] = await a
      .history({ mailbox: lead.session.mailbox, limit: 10 })
      .then((all) => all.filter((one) => one.message.id === id));
    expect(passed?.receipts[0]).toMatchObject({ state: "refused", evidence: "blocked" });
  });

  it("does not take back what was seen meanwhile, and tells nothing then", async ({ a, b }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    const id = await send(a, lead, [api.session]);
    const [offer] = await b.waitingFrom(api.session.id, "lead");
    const [taken] = await b.claim({ session: api.session, path: "wake", limit: 1 });
    await b.seen(api.session.id, [taken?.token ?? ""], "prompt");
    if (offer === undefined) throw new Error("nothing waits");
    await b.refuse(offer, "blocked", posting(api, [lead.session]));
    expect(await a.claim({ session: lead.session, path: "pull", limit: 10 })).toEqual([]);
    const [passed] = await a.history({ mailbox: lead.session.mailbox, limit: 10 });
    expect([passed?.message.id, passed?.receipts[0]?.state]).toEqual([id, "seen"]);
  });

  it("takes nothing from a sender blocked between its look and its write, under any name it had", async ({
    a,
    b,
  }) => {
    const [lead, api, web] = [await join(a, "lead"), await join(b, "api"), await join(b, "web")];
    const renamed = await a.rename({ id: lead.session.id, name: "boss", role: "worker", project: null });
    if (!renamed.ok) throw new Error(renamed.why);
    const boss = { keys: lead.keys, session: renamed.session };
    await b.filter(api.session.mailbox, "block", "lead", true);
    const to = [web.session, api.session];
    expect(await a.post(posting(boss, to))).toEqual({ ok: false, why: "blocked", name: "api" });
    for (const one of [api, web]) expect(await b.unread(one.session)).toBe(0); // all or nothing
    const notice = { kind: "notice", rule: "notice", fromName: "cc-dm", fromRole: "notice" } as const;
    expect(await a.post(posting(boss, [api.session], notice))).toMatchObject({ ok: true });
    await b.filter(api.session.mailbox, "block", "lead", false);
    await b.filter(api.session.mailbox, "mute", "lead", true);
    expect(await a.post(posting(boss, to))).toMatchObject({ ok: true });
  });
}
