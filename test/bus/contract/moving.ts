import { expect } from "bun:test";
import type { Bus } from "../../../plugin/bus/bus.ts";
import type { Condition } from "../../../plugin/core/model.ts";
import { join, type Member } from "../../fakes/people.ts";
import type { Case } from "../contract.ts";

const moved = async (bus: Bus, by: Member) => {
  const { joined, left } = await bus.movements(by.session.id);
  return { joined: joined.map((one) => one.name), left: left.map((one) => one.name) };
};

/** What sessions tell of themselves, and who came and went. */
export function moving(it: Case): void {
  it("shows to everybody what a session tells of itself, and its last word counts", async ({ a, b }) => {
    const { session } = await join(a, "api");
    const told: readonly Condition[] = [
      { activity: { state: "busy", since: 1000, on: "Bash" }, reach: "turn", quietUntil: 9000 },
      { activity: { state: "idle", since: 2000, on: null }, reach: "wake", quietUntil: null },
      { activity: null, reach: "pull", quietUntil: null },
    ];
    for (const condition of told) {
      await a.tell(session.id, condition);
      expect((await b.session(session.id))?.condition).toEqual(condition);
      expect((await b.named("api"))?.condition).toEqual(condition);
      expect((await b.roster())[0]?.condition).toEqual(condition);
    }
  });

  it("hears nothing more from a session that was closed", async ({ a, b }) => {
    const { session } = await join(a, "api");
    await b.close([session.id]);
    await a.tell(session.id, { activity: null, reach: "pull", quietUntil: null });
    expect((await b.session(session.id))?.condition).toBeNull();
    await a.tell("nobody", { activity: null, reach: "pull", quietUntil: null });
    expect(await b.session("nobody")).toBeNull();
  });

  it("tells who joined and who left since, once", async ({ a, b, clock }) => {
    const [me, old] = [await join(a, "me"), await join(b, "old")];
    await clock.pass(1000);
    expect(await moved(a, me)).toEqual({ joined: [], left: [] });
    await join(b, "web");
    await clock.pass(1);
    await join(b, "api");
    await b.close([old.session.id]);
    expect(await moved(a, me)).toEqual({ joined: ["web", "api"], left: ["old"] });
    expect(await moved(a, me)).toEqual({ joined: [], left: [] });
    await clock.pass(1000);
    await join(b, "late");
    expect(await moved(a, me)).toEqual({ joined: ["late"], left: [] });
  });

  it("misses nobody who comes or goes while it tells of others", async ({ a, b, clock }) => {
    const [me, old] = [await join(a, "me"), await join(b, "old")];
    await clock.pass(1000);
    await join(b, "web");
    await clock.pass(1000);
    const looking = moved(a, me);
    const meanwhile = Promise.all([join(b, "api"), b.close([old.session.id])]);
    const first = await looking;
    await meanwhile;
    const second = await moved(a, me);
    expect([...first.joined, ...second.joined]).toEqual(["web", "api"]);
    expect([...first.left, ...second.left]).toEqual(["old"]);
    expect(await moved(a, me)).toEqual({ joined: [], left: [] });
  });

  it("says nothing of whoever only started again, or came and went in between", async ({ a, b, clock }) => {
    const me = await join(a, "me");
    const api = await join(b, "api");
    await clock.pass(1000);
    await b.close([api.session.id]);
    await clock.pass(1000);
    await join(b, "api");
    const brief = await join(b, "brief");
    await clock.pass(1000);
    await b.close([brief.session.id]);
    expect(await moved(a, me)).toEqual({ joined: [], left: [] });
  });

  it("says nothing of whoever started again around somebody else's coming", async ({ a, b, clock }) => {
    const [me, api] = [await join(a, "me"), await join(b, "api")];
    await clock.pass(1000);
    await b.close([api.session.id]);
    await clock.pass(1000);
    await join(b, "web");
    await clock.pass(1000);
    await join(b, "api");
    await clock.pass(1000);
    expect(await moved(a, me)).toEqual({ joined: ["web"], left: [] });
    expect(await moved(a, me)).toEqual({ joined: [], left: [] });
  });

  it("says that somebody joined who had left before the last look", async ({ a, b, clock }) => {
    const me = await join(a, "me");
    const api = await join(b, "api");
    await clock.pass(1000);
    await b.close([api.session.id]);
    await clock.pass(1000);
    expect(await moved(a, me)).toEqual({ joined: [], left: ["api"] });
    await clock.pass(1000);
    await join(b, "api");
    expect(await moved(a, me)).toEqual({ joined: ["api"], left: [] });
  });

  it("tells of the own project only, to whoever has one, and of no unlisted session", async ({
    a,
    b,
    clock,
  }) => {
    const mine = await join(a, "mine", { project: "shop" });
    const free = await join(a, "free");
    await clock.pass(1000);
    for (const [name, more] of [
      ["near", { project: "shop" }],
      ["far", { project: "site" }],
      ["open", {}],
      ["hidden", { project: "shop", listed: false }],
    ] as const) {
      await join(b, name, more);
      await clock.pass(1);
    }
    expect(await moved(a, mine)).toEqual({ joined: ["near"], left: [] });
    expect(await moved(a, free)).toEqual({ joined: ["near", "far", "open"], left: [] });
  });

  it("writes nothing where there is nothing to tell", async ({ a, b, clock }) => {
    const me = await join(a, "me");
    await clock.pass(1000);
    b.changed();
    await a.movements(me.session.id);
    expect(b.changed()).toBe(false);
  });

  it("knows who was closed after a moment, of each name the last, and nobody who is back", async ({
    a,
    b,
    clock,
  }) => {
    const before = clock.now();
    const [one, two] = [await join(a, "one"), await join(a, "two")];
    const hidden = await join(a, "hidden", { listed: false });
    await clock.pass(1000);
    await b.close([one.session.id, hidden.session.id]);
    await clock.pass(1000);
    const again = await join(a, "one");
    expect(await b.closedSince(before)).toEqual([]);
    await b.close([again.session.id, two.session.id]);
    const names = async (at: number) => (await b.closedSince(at)).map(({ name, id }) => [name, id]);
    expect((await names(before)).toSorted()).toEqual([
      ["one", again.session.id],
      ["two", two.session.id],
    ]);
    expect(await names(clock.now())).toEqual([]);
  });
}
