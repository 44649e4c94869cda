import { beforeEach, describe, expect, test } from "bun:test";
import type { Joining } from "../../plugin/bus/bus.ts";
import type { Session } from "../../plugin/core/model.ts";
import { type Arrival, arrive, rename, type Wish } from "../../plugin/policy/join.ts";
import { failure } from "../fakes/failure.ts";
import { type House, house } from "../fakes/house.ts";
import { joining, join as joins, place, send } from "../fakes/people.ts";

let home: House;
beforeEach(async () => {
  home = await house();
});

const nothing: Wish = { name: null, role: null, project: null };
const come = (wish: Partial<Wish>, more: Partial<Joining> = {}): Promise<Arrival> => {
  const { name: _, role: __, project: ___, startName: ____, startRole: _____, ...base } = joining("x", more);
  return arrive({ bus: home.bus, standing: home.standing }, base, { ...nothing, ...wish });
};
const short = ({ session, instead }: Arrival) => ({
  name: session.name,
  role: session.role,
  project: session.project,
  instead,
});

/** A message that waits unread for a session that closes then. */
async function leaveMailFor(name: string, more: Partial<Joining>): Promise<Session> {
  const [from, to] = [await joins(home.bus, "writer"), await joins(home.bus, name, more)];
  await send(home.bus, from, [to.session]);
  await home.bus.close([from.session.id, to.session.id]);
  return to.session;
}

describe("a session comes", () => {
  test("under the name, role and project it was given", async () => {
    expect(short(await come({ name: "api", role: "backend", project: "shop" }))).toEqual({
      name: "api",
      role: "backend",
      project: "shop",
      instead: null,
    });
  });

  test("without a name, under that of its folder, as a worker of no project", async () => {
    const { session, instead } = await come({}, { cwd: "/home/me/My Shop" });
    expect(short({ session, instead })).toEqual({
      name: "my-shop",
      role: "worker",
      project: null,
      instead: null,
    });
    expect(session.startName).toBeNull();
  });

  test("under a variant, if the name is taken, and is told so", async () => {
    await come({ name: "api" });
    await come({ name: "api" });
    const third = await come({ name: "api" });
    expect(short(third)).toMatchObject({ name: "api-3", instead: { wanted: "api", why: "name_taken" } });
    expect(third.session.startName).toBeNull();
  });

  test("under a variant of 64 characters, if a name that long is taken", async () => {
    const long = "é".repeat(64);
    await come({ name: long });
    expect((await come({ name: long })).session.name).toBe(`${"é".repeat(62)}-2`);
  });

  test("under its name, if the holder's process is gone or its server has died", async () => {
    for (const standing of ["gone", "deaf"] as const) {
      const { session: old } = await come({ name: standing });
      home.standings.set(old.id, standing);
      expect(short(await come({ name: standing }))).toMatchObject({ name: standing, instead: null });
      expect((await home.bus.session(old.id))?.closedAt).not.toBeNull();
    }
    const { session: asleep } = await come({ name: "asleep" });
    home.standings.set(asleep.id, "away");
    expect((await come({ name: "asleep" })).session.name).toBe("asleep-2");
  });

  test("under a variant, if somebody else's mail waits at the name, and is told so", async () => {
    await leaveMailFor("shop", { cwd: "/elsewhere/shop", startName: null });
    const arrival = await come({}, { cwd: "/home/me/shop" });
    expect(short(arrival)).toMatchObject({
      name: "shop-2",
      instead: { wanted: "shop", why: "mailbox_held" },
    });
    expect(await home.bus.unread(arrival.session)).toBe(0);
  });

  test("with the mail that waits, if it was given the name or is in the same folder", async () => {
    await leaveMailFor("api", { cwd: "/code/api" });
    const given = await come({ name: "api" }, { cwd: "/anywhere" });
    expect(await home.bus.unread(given.session)).toBe(1);
    await leaveMailFor("web", { cwd: "/code/web" });
    const automatic = await come({}, { cwd: "/code/web" });
    expect(await home.bus.unread(automatic.session)).toBe(1);
  });

  test("two at once under one name: one has it, the other a variant", async () => {
    const both = await Promise.all([come({ name: "api" }), come({ name: "api" })]);
    expect(both.map((arrival) => arrival.session.name).sort()).toEqual(["api", "api-2"]);
  });
});

describe("a session that comes back without being given a name", () => {
  const client = { pid: 900, start: "1" };

  test("is who its client's session was before, in every respect", async () => {
    const first = await come({ name: "api", role: "backend", project: "shop" }, { clientSession: "c-1" });
    await home.bus.close([first.session.id]);
    const again = await come({}, { clientSession: "c-1", cwd: "/other" });
    expect(short(again)).toEqual({ name: "api", role: "backend", project: "shop", instead: null });
    expect(again.session.startName).toBe("api");
  });

  test("does not inherit the role that lets it broadcast", async () => {
    const first = await come({ name: "api", role: "lead" }, { clientSession: "c-1" });
    expect(first.session.startRole).toBe("lead");
    await home.bus.close([first.session.id]);
    const again = await come({}, { clientSession: "c-1" });
    expect([again.session.role, again.session.startRole]).toEqual(["lead", "worker"]);
  });

  test("is who its client's process was before, once a hook of that client was heard", async () => {
    const first = await come({ name: "api" }, { client });
    await home.bus.close([first.session.id]);
    expect((await come({}, { client, cwd: "/code/other" })).session.name).toBe("other"); // perhaps a test host
    await home.bus.sight({ client, sessionId: null, transcript: null }, place);
    const second = await come({ name: "web" }, { client });
    await home.bus.close([second.session.id]);
    await home.clock.pass(1);
    expect((await come({}, { client })).session.name).toBe("web");
  });

  test("takes its name back from its own dead server, and not from a live one", async () => {
    const first = await come({ name: "api" }, { clientSession: "c-1" });
    expect((await come({}, { clientSession: "c-1", cwd: "/code/two" })).session.name).toBe("two");
    const other = await come({ name: "web" }, { clientSession: "c-2" });
    home.standings.set(other.session.id, "deaf");
    expect((await come({}, { clientSession: "c-2" })).session.name).toBe("web");
    expect((await home.bus.named("api"))?.id).toBe(first.session.id);
  });

  test("is what it is given now, where it is given something", async () => {
    const first = await come({ name: "api", role: "backend", project: "shop" }, { clientSession: "c-1" });
    await home.bus.close([first.session.id]);
    const again = await come({ name: "web", role: "tests" }, { clientSession: "c-1" });
    expect(short(again)).toMatchObject({ name: "web", role: "tests", project: null });
  });

  test("finds its name taken by somebody else meanwhile", async () => {
    const first = await come({ name: "api" }, { clientSession: "c-1" });
    await home.bus.close([first.session.id]);
    await come({ name: "api" });
    expect(short(await come({}, { clientSession: "c-1" }))).toMatchObject({
      name: "api-2",
      instead: { wanted: "api", why: "name_taken" },
    });
  });
});

describe("a session takes another name", () => {
  const change = (session: Session, name: string) =>
    rename({ bus: home.bus, standing: home.standing }, session, { name, role: "worker", project: null });

  test("from a holder whose process is gone", async () => {
    const [old, me] = [await come({ name: "api" }), await come({ name: "me2" })];
    home.standings.set(old.session.id, "gone");
    expect((await change(me.session, "api")).name).toBe("api");
  });

  test("from a live holder it is refused, and told who that is", async () => {
    const holder = await come({ name: "api", project: "shop" }, { cwd: "/code/\u001b[31mapi" });
    const me = await come({ name: "me2" });
    const error = await failure(change(me.session, "api"));
    expect(error.code).toBe("name_taken");
    expect(error.message).toContain(`pid ${holder.session.server.pid}, project "shop", in /code/api`);
    expect((await home.bus.session(me.session.id))?.name).toBe("me2");
  });

  test("where somebody else's mail waits it is refused, and told where to get it", async () => {
    await leaveMailFor("api", { cwd: "/code/there" });
    const me = await come({ name: "me2" });
    const error = await failure(change(me.session, "api"));
    expect(error.code).toBe("mailbox_held");
    expect(error.message).toMatch(
      /1 unread message for a session that ran in \/code\/there.*CC_DM_SESSION_NAME=api/,
    );
  });
});
