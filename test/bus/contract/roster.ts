import { expect } from "bun:test";
import { makeKeys } from "../../../plugin/core/keys.ts";
import { join, joining, place, send } from "../../fakes/people.ts";
import type { Case } from "../contract.ts";

/** Who is there: join, beat, close, leave, roster, predecessor. */
export function roster(it: Case): void {
  it("shows to every connection what a session brought when it joined", async ({ a, b, clock }) => {
    const brought = joining("api", {
      role: "backend",
      project: "shop",
      startName: null,
      startRole: "worker",
      clientSession: "c-1",
      cwd: "/home/me/räksmörgås",
      repo: "shop",
      branch: "main",
      listed: false,
      bell: "/run/bell",
    });
    const joined = await a.join(brought);
    if (!joined.ok) throw new Error(joined.why);
    const expected = {
      ...brought,
      mailbox: joined.session.mailbox,
      startedAt: clock.now(),
      beatAt: clock.now(),
      beatUp: clock.up(),
      closedAt: null,
      hooksAt: null,
      condition: null,
    };
    expect(joined.session).toEqual(expected);
    expect(await b.session(brought.id)).toEqual(expected);
    expect(await b.named("api")).toEqual(expected);
    expect(await b.roster()).toEqual([{ ...expected, unread: 0 }]);
  });

  it("knows no session that never joined", async ({ a }) => {
    expect(await a.session("nobody")).toBeNull();
    expect(await a.named("nobody")).toBeNull();
    expect(await a.roster()).toEqual([]);
  });

  it("refuses a name that a live session has, in any project, and names the holder", async ({ a, b }) => {
    const { session } = await join(a, "api", { project: "shop" });
    const joined = await b.join(joining("api", { project: "other" }));
    expect(joined).toEqual({ ok: false, why: "name_taken", holder: session });
    expect((await a.roster()).map((one) => one.id)).toEqual([session.id]);
  });

  it("gives a name that two claim at once to exactly one of them", async ({ a, b }) => {
    for (let round = 0; round < 20; round++) {
      const both = await Promise.all([a.join(joining(`x${round}`)), b.join(joining(`x${round}`))]);
      expect(both.map((joined) => joined.ok).sort()).toEqual([false, true]);
    }
    expect(await a.roster()).toHaveLength(20);
  });

  it("gives a closed session's name away", async ({ a, b, clock }) => {
    const { session: old } = await join(a, "api");
    await clock.pass(1000);
    await a.close([old.id]);
    expect(await b.named("api")).toBeNull();
    expect((await b.session(old.id))?.closedAt).toBe(clock.now());
    const { session } = await join(b, "api");
    expect((await a.named("api"))?.id).toBe(session.id);
  });

  it("closes many at once and leaves the others and those closed before alone", async ({ a, b, clock }) => {
    const [one, two, three] = [await join(a, "one"), await join(a, "two"), await join(a, "three")];
    await b.close([one.session.id]);
    const before = await a.session(one.session.id);
    await clock.pass(5000);
    await b.close([one.session.id, two.session.id, "nobody"]);
    expect(await a.session(one.session.id)).toEqual(before);
    expect((await a.roster()).map((session) => session.id)).toEqual([three.session.id]);
  });

  it("takes a session off the roster by its last word, without waiting", async ({ a, b, clock }) => {
    const { session } = await join(a, "api");
    a.leave(session.id);
    expect(await b.roster()).toEqual([]);
    expect((await b.session(session.id))?.closedAt).toBe(clock.now());
  });

  it("notes a heartbeat and the branch", async ({ a, b, clock }) => {
    const { session } = await join(a, "api", { branch: "main" });
    await clock.pass(30_000);
    expect(await a.beat(session.id, "feature")).toBe(true);
    expect(await b.session(session.id)).toEqual({
      ...session,
      branch: "feature",
      beatAt: session.beatAt + 30_000,
      beatUp: session.beatUp + 30_000,
    });
  });

  it("tells a heartbeat that its row is gone, and lets it join again under its id", async ({ a, b }) => {
    const keys = makeKeys();
    const brought = joining("api", { project: "shop" }, keys);
    await a.join(brought);
    expect(await a.beat("nobody", null)).toBe(false);
    await b.close([keys.id]);
    expect(await a.beat(keys.id, null)).toBe(false);
    expect((await b.session(keys.id))?.closedAt).not.toBeNull();
    const again = await a.join(brought);
    expect(again).toMatchObject({ ok: true, session: { id: keys.id, name: "api", closedAt: null } });
    expect((await b.roster()).map((session) => session.id)).toEqual([keys.id]);
  });

  it("lists open sessions, oldest first, unlisted ones too", async ({ a, b, clock }) => {
    for (const name of ["first", "second", "third"]) {
      await join(a, name, { listed: name !== "second" });
      await clock.pass(10);
    }
    expect((await b.roster()).map(({ name, listed }) => [name, listed])).toEqual([
      ["first", true],
      ["second", false],
      ["third", true],
    ]);
  });

  it("counts as unread what a session was not handed yet", async ({ a, b }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    for (let n = 0; n < 3; n++) await send(a, lead, [api.session]);
    const unread = async () => (await a.roster()).map((session) => [session.name, session.unread]);
    expect(await unread()).toEqual([
      ["lead", 0],
      ["api", 3],
    ]);
    await b.claim({ session: api.session, path: "wake", limit: 2 });
    expect(await unread()).toContainEqual(["api", 1]);
  });

  it("remembers every name that a session has had", async ({ a, b }) => {
    const { session } = await join(a, "api");
    await a.rename({ id: session.id, name: "backend", role: "worker", project: null });
    for (const name of ["api", "backend"]) expect(await b.bore(session.id, name)).toBe(true);
    expect(await b.bore(session.id, "lead")).toBe(false);
    expect(await b.bore("nobody", "api")).toBe(false);
  });

  it("finds the last session of a client, by its session id or its process", async ({ a, b, clock }) => {
    const client = { pid: 77, start: "5" };
    const first = await join(a, "first", { clientSession: "c-1" });
    await clock.pass(10);
    const second = await join(a, "second", { clientSession: "c-1", client });
    await clock.pass(10);
    await join(a, "third", { clientSession: "c-3", client: { pid: 77, start: "6" } });
    await a.close([second.session.id]);

    const find = async (clientSession: string | null, of: typeof client | null, where = place) =>
      (await b.predecessor({ clientSession, client: of, place: where }))?.name ?? null;
    expect(await find("c-1", null)).toBe("second");
    expect(await find(null, client)).toBe("second");
    expect(await find(null, first.session.client)).toBe("first");
    // A resumed session is the same one after a restart of the machine; a pid is not.
    const rebooted = { ...place, boot: "boot-2" };
    expect(await find("c-1", null, rebooted)).toBe("second");
    expect(await find(null, client, rebooted)).toBeNull();
    expect(await find(null, client, { ...place, pidSpace: "pid:[2]" })).toBeNull();
    expect(await find("c-2", null)).toBeNull();
    expect(await find(null, null)).toBeNull();
  });

  it("knows who has mail and has said nothing for a while, whatever somebody does to the clock", async ({
    a,
    b,
    clock,
  }) => {
    const [lead, api, web] = [await join(a, "lead"), await join(b, "api"), await join(b, "web")];
    await send(a, lead, [api.session, web.session]);
    const [offer] = await b.claim({ session: web.session, path: "wake", limit: 1 });
    await clock.pass(1000);
    const silent = async () => (await a.silentWithMail(1000)).map((one) => one.name).toSorted();
    expect(await silent()).toEqual(["api", "web"]); // handed over without evidence is mail, too
    await b.beat(api.session.id, null);
    expect(await silent()).toEqual(["web"]);
    await b.seen(web.session.id, [offer?.token ?? ""], "prompt");
    clock.setWall(60_000);
    expect(await silent()).toEqual([]); // uptime knows that no time went by
    await clock.pass(1000);
    expect(await silent()).toEqual(["api"]);
    await b.close([api.session.id]);
    expect(await silent()).toEqual([]);
  });
}
