import { expect } from "bun:test";
import type { Bus, Posting } from "../../../plugin/bus/bus.ts";
import { join, type Member, posting, send } from "../../fakes/people.ts";
import type { Case } from "../contract.ts";

/** Sends one message of which the sender wants to hear. @returns its id. */
async function watched(
  bus: Bus,
  from: Member,
  to: Member,
  notify: "seen" | "idle" = "seen",
): Promise<string> {
  const sending = { ...posting(from, [to.session]), notify };
  const posted = await bus.post(sending);
  if (!posted.ok) throw new Error(posted.why);
  return sending.letter.id;
}

function notice(about: string, to: Member, body = "news"): Posting {
  const more = {
    kind: "notice",
    rule: "notice",
    fromName: "cc-dm",
    fromRole: "notice",
    inReplyTo: about,
  } as const;
  return posting(to, [to.session], { ...more, fromProject: null, body });
}

const bodies = async (bus: Bus, of: Member) =>
  (await bus.claim({ session: of.session, path: "pull", limit: 100 })).map((offer) => offer.message.body);

/** Senders that want to hear, once, how a message fared. */
export function watching(it: Case): void {
  it("tells of a watched message how it stands and who holds its mailbox now", async ({ a, b }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    const id = await watched(a, lead, api, "idle");
    await send(a, lead, [api.session]); // of this one nobody wants to hear
    const [watch, ...more] = await b.watches(lead.session.mailbox);
    expect(more).toEqual([]);
    expect(watch).toMatchObject({
      kind: "idle",
      addressed: api.session.mailbox,
      message: { id },
      receipt: { name: "api", state: "queued" },
      receiver: { id: api.session.id, condition: null },
    });
    await b.tell(api.session.id, {
      activity: { state: "idle", since: 5, on: null },
      reach: "wake",
      quietUntil: null,
    });
    expect((await a.watches(lead.session.mailbox))[0]?.receiver?.condition?.activity?.since).toBe(5);
    await b.claim({ session: api.session, path: "wake", limit: 1 });
    expect((await a.watches(lead.session.mailbox))[0]?.receipt).toMatchObject({
      state: "handed",
      path: "wake",
    });
    await b.close([api.session.id]);
    expect((await a.watches(lead.session.mailbox))[0]?.receiver).toBeNull();
    expect(await a.watches(api.session.mailbox)).toEqual([]);
  });

  it("watches each recipient of a broadcast by itself", async ({ a, b }) => {
    const [lead, api, web] = [await join(a, "lead"), await join(b, "api"), await join(b, "web")];
    const sending = { ...posting(lead, [api.session, web.session]), notify: "seen" as const };
    await a.post(sending);
    const [first, second] = await a.watches(lead.session.mailbox);
    expect([first?.receipt.name, second?.receipt.name]).toEqual(["api", "web"]);
    if (first === undefined) throw new Error("nothing is watched");
    await a.report(first, notice(sending.letter.id, lead));
    expect((await a.watches(lead.session.mailbox)).map((watch) => watch.receipt.name)).toEqual(["web"]);
  });

  it("tells once, however many connections notice it", async ({ a, b }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    const id = await watched(a, lead, api);
    const [one, two] = [await a.watches(lead.session.mailbox), await b.watches(lead.session.mailbox)];
    const [first, second] = [one[0], two[0]];
    if (first === undefined || second === undefined) throw new Error("nothing is watched");
    await Promise.all([a.report(first, notice(id, lead, "a")), b.report(second, notice(id, lead, "b"))]);
    expect(await bodies(a, lead)).toHaveLength(1);
    expect(await b.watches(lead.session.mailbox)).toEqual([]);
    expect((await a.news(lead.session.id))?.watching).toBe(false);
  });

  it("goes on for the sender's successor, and for a sender that took another name", async ({ a, b }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    const id = await watched(a, lead, api);
    await a.close([lead.session.id]);
    const back = await join(a, "lead");
    expect(await a.watches(back.session.mailbox)).toHaveLength(1);
    const old = await join(b, "old", { cwd: "/code/lead" });
    await b.close([old.session.id]);
    const renamed = await a.rename({ id: back.session.id, name: "old", role: "worker", project: null });
    if (!renamed.ok) throw new Error(renamed.why);
    expect(renamed.session.mailbox).not.toBe(back.session.mailbox); // merged into another
    const watches = await b.watches(renamed.session.mailbox);
    expect(watches.map((watch) => watch.message.id)).toEqual([id]);
    expect((await b.news(back.session.id))?.watching).toBe(true);
  });

  it("follows a receiver that took another name", async ({ a, b }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    await watched(a, lead, api);
    const old = await join(b, "old", { cwd: "/code/api" });
    await b.close([old.session.id]);
    await b.rename({ id: api.session.id, name: "old", role: "worker", project: null });
    expect((await a.watches(lead.session.mailbox))[0]?.receiver?.name).toBe("old");
  });

  it("ends when the message expired or was refused, which is told by itself", async ({ a, b, clock }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    const more = { ttlMs: 1000, sentAt: clock.now() };
    await a.post({ ...posting(lead, [api.session], more), notify: "seen" });
    await clock.pass(2000);
    for (const late of await b.overdue(api.session.id)) await b.expire(late, null);
    expect(await a.watches(lead.session.mailbox)).toEqual([]);

    for (const end of ["refuse", "quarantine"] as const) {
      await watched(a, lead, api);
      const [waiting] = await b.waitingFrom(api.session.id, "lead");
      if (waiting === undefined) throw new Error("nothing waits");
      if (end === "refuse") await b.refuse(waiting, "blocked", null);
      else await b.quarantine(waiting, "forged");
      expect(await a.watches(lead.session.mailbox)).toEqual([]);
      expect((await a.news(lead.session.id))?.watching).toBe(false);
    }
  });

  it("watches nothing if the message was not sent", async ({ a, b }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    await a.post({ ...posting(lead, [api.session]), notify: "seen", mailboxLimit: 0 });
    expect((await b.news(lead.session.id))?.watching).toBe(false);
    expect(await b.watches(lead.session.mailbox)).toEqual([]);
  });

  it("counts what of one's own still waits, or lacks evidence, in each mailbox", async ({ a, b }) => {
    const [lead, api, web] = [await join(a, "lead"), await join(b, "api"), await join(b, "web")];
    for (let n = 0; n < 3; n++) await send(a, lead, [api.session, web.session]);
    await send(b, web, [api.session]);
    await a.post(notice("01ARZ3NDEKTSV4RRFFQ69G5FAV", lead));
    const [first] = await b.claim({ session: api.session, path: "wake", limit: 2 });
    await b.seen(api.session.id, [first?.token ?? ""], "prompt");
    expect(await b.outstanding(lead.session.mailbox)).toEqual(
      new Map([
        [api.session.mailbox, 2],
        [web.session.mailbox, 3],
      ]),
    );
    expect(await b.outstanding(api.session.mailbox)).toEqual(new Map());
  });
}
