import { expect } from "bun:test";
import type { Bus, Posting } from "../../../plugin/bus/bus.ts";
import type { Session } from "../../../plugin/core/model.ts";
import { failure } from "../../fakes/failure.ts";
import { join, letter, type Member, posting, sealed, send } from "../../fakes/people.ts";
import type { Case } from "../contract.ts";

const minute = 60_000;

function notice(from: Member, to: Session, about: string): Posting {
  return sealed(from, letter(from.session, [to], { kind: "notice", rule: "notice", inReplyTo: about }));
}

async function names(bus: Bus, holder: Member): Promise<string[]> {
  return (await bus.overdue(holder.session.id)).flatMap((late) => late.to.map((one) => one.name));
}

/** Mail whose time has run out unread. */
export function expiry(it: Case): void {
  it("is due when a message's time has run out unread, not before", async ({ a, b, clock }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    await send(a, lead, [api.session], { ttlMs: minute });
    await clock.pass(minute - 1);
    expect(await b.due()).toBe(false);
    expect(await names(b, api)).toEqual([]);
    await clock.pass(1);
    expect(await b.due()).toBe(true);
    expect(await names(b, api)).toEqual(["api"]);
  });

  it("counts each message's own time", async ({ a, b, clock }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    const long = await send(a, lead, [api.session], { ttlMs: 10 * minute });
    const short = await send(a, lead, [api.session], { ttlMs: minute });
    await clock.pass(minute);
    expect((await b.overdue(api.session.id)).map((late) => late.message.id)).toEqual([short]);
    await clock.pass(9 * minute);
    expect((await b.overdue(api.session.id)).map((late) => late.message.id)).toEqual([long, short]);
  });

  it("concerns only those who have not read it, and says who was handed it", async ({ a, b, clock }) => {
    const lead = await join(a, "lead", { project: "shop" });
    const [reader, silent, absent] = [
      await join(b, "reader"),
      await join(b, "silent"),
      await join(b, "absent"),
    ];
    const id = await send(a, lead, [reader.session, silent.session, absent.session], { ttlMs: minute });
    const [offer] = await b.claim({ session: reader.session, path: "pull", limit: 1 });
    await b.seen(reader.session.id, [offer?.token ?? ""], "result");
    await b.claim({ session: silent.session, path: "wake", limit: 1 });
    await clock.pass(minute);
    const [late, ...more] = await b.overdue(reader.session.id);
    expect(more).toEqual([]);
    expect(late?.message.id).toBe(id);
    expect(late?.fromMailbox).toMatchObject({ id: lead.session.mailbox, name: "lead", project: "shop" });
    expect(late?.to).toEqual([
      { addressed: silent.session.mailbox, name: "silent", handed: true },
      { addressed: absent.session.mailbox, name: "absent", handed: false },
    ]);
  });

  it("expires nothing when the clock is set ahead, and nothing is early when it is set back", async ({
    a,
    b,
    clock,
  }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    await send(a, lead, [api.session], { ttlMs: 30 * minute });
    clock.setWall(60 * minute);
    expect(await b.due()).toBe(false);
    expect(await names(b, api)).toEqual([]);
    clock.setWall(-90 * minute);
    await clock.pass(minute);
    expect(await b.due()).toBe(false);
    clock.setWall(30 * minute);
    await clock.pass(29 * minute);
    expect(await b.due()).toBe(true);
  });

  it("goes by the wall clock after the machine was started anew", async ({ a, b, clock, connect }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    await send(a, lead, [api.session], { ttlMs: 30 * minute });
    clock.reboot();
    clock.setWall(30 * minute - 1);
    const after = await connect("boot-2");
    expect(await after.due()).toBe(false);
    clock.setWall(1);
    expect(await after.due()).toBe(true);
    expect(await names(after, api)).toEqual(["api"]);
  });

  it("marks it expired and tells the sender, together", async ({ a, b, clock }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    const id = await send(a, lead, [api.session], { ttlMs: minute });
    await clock.pass(minute);
    const [late] = await b.overdue(api.session.id);
    if (late === undefined) throw new Error("nothing overdue");
    await b.expire(late, notice(api, lead.session, id));
    expect(await b.due()).toBe(false);
    expect(await b.claim({ session: api.session, path: "pull", limit: 10 })).toEqual([]);
    const [told, ...more] = await a.claim({ session: lead.session, path: "pull", limit: 10 });
    expect(more).toEqual([]);
    expect(told?.message).toMatchObject({ kind: "notice", inReplyTo: id });
    const passed = await a.history({ mailbox: lead.session.mailbox, limit: 10 });
    expect(passed.at(-1)?.receipts.map((one) => one.state)).toEqual(["expired"]);
  });

  it("leaves it open if the sender cannot be told", async ({ a, b, clock }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    const id = await send(a, lead, [api.session], { ttlMs: minute });
    await clock.pass(minute);
    const [late] = await b.overdue(api.session.id);
    if (late === undefined) throw new Error("nothing overdue");
    const impossible = notice(api, lead.session, id);
    const twice = { ...impossible, letter: { ...impossible.letter, id } }; // that id is in use
    await failure(b.expire(late, twice));
    expect(await a.due()).toBe(true);
    expect(await a.unread(api.session)).toBe(1);
  });

  it("leaves it open if who sweeps was taken off the roster meanwhile", async ({ a, b, clock }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    const id = await send(a, lead, [api.session], { ttlMs: minute });
    await clock.pass(minute);
    const [late] = await b.overdue(api.session.id);
    if (late === undefined) throw new Error("nothing overdue");
    await a.close([api.session.id]);
    await failure(b.expire(late, notice(api, lead.session, id)));
    expect(await a.due()).toBe(true);
    expect(await a.unread(lead.session)).toBe(0);
  });

  it("tells nobody of what was read in the last moment", async ({ a, b, clock }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    const id = await send(a, lead, [api.session], { ttlMs: minute });
    await clock.pass(minute);
    const [late] = await b.overdue(api.session.id);
    if (late === undefined) throw new Error("nothing overdue");
    const [offer] = await a.claim({ session: api.session, path: "pull", limit: 1 });
    await a.seen(api.session.id, [offer?.token ?? ""], "result");
    await b.expire(late, notice(api, lead.session, id));
    expect(await a.unread(lead.session)).toBe(0);
    expect((await a.history({ mailbox: lead.session.mailbox, limit: 1 }))[0]?.receipts[0]?.state).toBe(
      "seen",
    );
  });

  it("expires in silence where there is nobody to tell", async ({ a, b, clock }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    await send(a, lead, [api.session], { ttlMs: minute });
    await clock.pass(minute);
    const [late] = await b.overdue(api.session.id);
    if (late === undefined) throw new Error("nothing overdue");
    await b.expire(late, null);
    expect(await b.due()).toBe(false);
    expect(await a.unread(lead.session)).toBe(0);
  });

  it("is one session's duty at a time, and another's when that one falls silent", async ({ a, b, clock }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    await send(a, lead, [api.session], { ttlMs: minute });
    await clock.pass(minute);
    expect(await names(a, lead)).toEqual(["api"]);
    expect(await names(b, api)).toEqual([]);
    expect(await names(a, lead)).toEqual(["api"]);
    clock.setWall(60 * minute); // the duty is not lost by a clock set ahead
    expect(await names(b, api)).toEqual([]);
    clock.setWall(-60 * minute);
    await clock.pass(10 * minute);
    expect(await names(b, api)).toEqual(["api"]);
    expect(await names(a, lead)).toEqual([]);
  });

  it("gives the duty to one of two that ask at once", async ({ a, b, clock }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    await a.post(posting(lead, [api.session], { ttlMs: minute }));
    await clock.pass(minute);
    const got = await Promise.all([names(a, lead), names(b, api)]);
    expect(got.map((list) => list.length).sort()).toEqual([0, 1]);
  });
}
