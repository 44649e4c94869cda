import { expect } from "bun:test";
import { failure } from "../../fakes/failure.ts";
import { join, send } from "../../fakes/people.ts";
import type { Case } from "../contract.ts";

/** A session changes name, role or project, and its mailbox comes along. */
export function renaming(it: Case): void {
  it("changes name, role and project together", async ({ a, b }) => {
    const { session } = await join(a, "api");
    const renamed = await a.rename({ id: session.id, name: "backend", role: "tests", project: "shop" });
    const expected = { ...session, name: "backend", role: "tests", project: "shop" };
    expect(renamed).toEqual({ ok: true, session: expected });
    expect(await b.session(session.id)).toEqual(expected);
    expect(await b.named("api")).toBeNull();
    expect(await b.mailbox(session.mailbox)).toMatchObject({ name: "backend", project: "shop" });
  });

  it("takes waiting and sent mail along to a name that is free", async ({ a, b }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    const sent = await send(b, api, [lead.session]);
    const waiting = await send(a, lead, [api.session]);
    const renamed = await b.rename({ id: api.session.id, name: "backend", role: "worker", project: "shop" });
    if (!renamed.ok) throw new Error(renamed.why);
    const offers = await b.claim({ session: renamed.session, path: "pull", limit: 10 });
    expect(offers.map((offer) => offer.message.id)).toEqual([waiting]);
    const passed = await b.history({ mailbox: renamed.session.mailbox, limit: 10 });
    expect(passed.map((one) => one.message.id)).toEqual([waiting, sent]);
    // Nothing stays behind under the old address.
    expect((await a.closedMailboxes()).map((box) => box.name)).toEqual([]);
  });

  it("refuses a name that a live session has, and changes nothing", async ({ a, b }) => {
    const { session: lead } = await join(a, "lead");
    const { session: api } = await join(b, "api");
    const renamed = await b.rename({ id: api.id, name: "lead", role: "boss", project: "shop" });
    expect(renamed).toEqual({ ok: false, why: "name_taken", holder: lead });
    expect(await a.session(api.id)).toEqual(api);
  });

  it("keeps its own name while role and project change", async ({ a }) => {
    const { session } = await join(a, "api", { project: "shop" });
    const renamed = await a.rename({ id: session.id, name: "api", role: "tests", project: null });
    expect(renamed).toEqual({ ok: true, session: { ...session, role: "tests", project: null } });
  });

  it("lists a session that was unlisted before it got a name", async ({ a, b }) => {
    const { session } = await join(a, "headless", { listed: false });
    await a.rename({ id: session.id, name: "ci", role: "worker", project: null });
    expect((await b.roster()).map(({ name, listed }) => [name, listed])).toEqual([["ci", true]]);
  });

  it("takes over what waits at a closed name of its own folder, in the order it was sent", async ({
    a,
    b,
  }) => {
    const lead = await join(a, "lead");
    const old = await join(b, "api", { cwd: "/code/here" });
    const first = await send(a, lead, [old.session]);
    await b.close([old.session.id]);
    const fresh = await join(b, "here", { cwd: "/code/here" });
    const second = await send(a, lead, [fresh.session]);
    const sent = await send(b, fresh, [lead.session]);
    await b.filter(fresh.session.mailbox, "mute", "noise", true);
    await b.filter(old.session.mailbox, "mute", "noise", true);
    await b.filter(old.session.mailbox, "block", "spam", true);

    const renamed = await b.rename({ id: fresh.session.id, name: "api", role: "worker", project: null });
    if (!renamed.ok) throw new Error(renamed.why);
    const offers = await b.claim({ session: renamed.session, path: "pull", limit: 10 });
    expect(offers.map((offer) => offer.message.id)).toEqual([first, second]);
    expect(await a.wrote(sent, renamed.session.mailbox)).toBe(true);
    expect(await b.filters(renamed.session.mailbox)).toEqual(
      expect.arrayContaining([
        { kind: "mute", name: "noise" },
        { kind: "block", name: "spam" },
      ]),
    );
    expect(await b.filters(renamed.session.mailbox)).toHaveLength(2);
    expect(await a.closedMailboxes()).toEqual([]);
  });

  it("refuses a closed name where somebody else's mail waits, and changes nothing", async ({ a, b }) => {
    const lead = await join(a, "lead");
    const old = await join(b, "api", { cwd: "/code/there" });
    await send(a, lead, [old.session]);
    await send(a, lead, [old.session]);
    await b.close([old.session.id]);
    const { session } = await join(b, "other");
    const renamed = await b.rename({ id: session.id, name: "api", role: "worker", project: null });
    expect(renamed).toEqual({
      ok: false,
      why: "mailbox_held",
      waiting: 2,
      holder: {
        id: old.session.mailbox,
        name: "api",
        project: null,
        folder: "/code/there",
        holder: old.session.id,
      },
    });
    expect(await a.session(session.id)).toEqual(session);
  });

  it("takes a closed name where nothing waits, without what once passed there", async ({ a, b }) => {
    const lead = await join(a, "lead");
    const old = await join(b, "api", { cwd: "/code/there" });
    await send(b, old, [lead.session]);
    await b.close([old.session.id]);
    const { session } = await join(b, "other");
    const renamed = await b.rename({ id: session.id, name: "api", role: "worker", project: null });
    if (!renamed.ok) throw new Error(renamed.why);
    expect(await b.history({ mailbox: renamed.session.mailbox, limit: 10 })).toEqual([]);
    expect(renamed.session.mailbox).not.toBe(old.session.mailbox);
  });

  it("refuses to rename who is not on the roster", async ({ a, b }) => {
    const { session } = await join(a, "api");
    await b.close([session.id]);
    const change = { name: "x", role: "worker", project: null };
    await failure(a.rename({ id: session.id, ...change }));
    await failure(a.rename({ id: "nobody", ...change }));
    expect(await b.named("x")).toBeNull();
  });
}
