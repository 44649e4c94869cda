import { beforeEach, describe, expect, test } from "bun:test";
import { failure } from "../fakes/failure.ts";
import { type House, type Seat, seat } from "../fakes/house.ts";
import { codeOf, got, hi, office } from "./office.ts";

let home: House;
let lead: Seat;
let api: Seat;
beforeEach(async () => {
  ({ home, lead, api } = await office());
});

describe("broadcast", () => {
  test("goes once to each live, listed session in reach, and not to oneself", async () => {
    const tests = await seat(home, "tests", { project: "shop", role: "tests" });
    const closed = await seat(home, "closed", { project: "shop" });
    const dead = await seat(home, "dead", { project: "shop" });
    const hidden = await seat(home, "hidden", { project: "shop", listed: false });
    const others = [await seat(home, "other", { project: "else" }), await seat(home, "free")];
    await home.bus.close([closed.session().id]);
    home.standings.set(dead.session().id, "gone");
    home.standings.set(tests.session().id, "away");
    const sent = await lead.desk.broadcast(hi);
    expect(sent).toEqual({
      message_id: expect.any(String),
      recipients: [
        { name: "api", presence: "live" },
        { name: "tests", presence: "away" },
      ],
    });
    expect(home.rung.map((one) => one.name)).toEqual(["api", "tests"]);
    for (const { session } of [lead, closed, dead, hidden, ...others])
      expect(await home.bus.unread(session())).toBe(0);
    expect((await got(api)).map(({ id, kind, rule }) => [id, kind, rule])).toEqual([
      [sent.message_id, "broadcast", "same-project"],
    ]);
    expect((await got(tests)).map((message) => message.id)).toEqual([sent.message_id]);
  });

  test("of a session without a project goes to all, unless one role is meant", async () => {
    const free = await seat(home, "free");
    await seat(home, "tests", { project: "else", role: "tests" });
    const names = async (role?: string) =>
      (await free.desk.broadcast(hi, { role })).recipients.map((to) => to.name);
    expect(await names()).toEqual(["lead", "api", "tests"]);
    expect(await names("tests")).toEqual(["tests"]);
  });

  test("leaves out who blocked the sender between the look and the write, and reaches the others", async () => {
    const tests = await seat(home, "tests", { project: "shop" });
    const real = home.bus.post;
    let raced = false;
    const racing = {
      ...home.bus,
      async post(posting: Parameters<typeof real>[0]) {
        if (!raced) await home.bus.filter(api.session().mailbox, "block", "sender", true);
        raced = true;
        return real(posting);
      },
    };
    const sender = await seat({ ...home, bus: racing }, "sender", { project: "shop" });
    const sent = await sender.desk.broadcast(hi);
    expect(sent.recipients.map((to) => to.name)).toEqual(["lead", "tests"]);
    expect(sent.skipped).toEqual([{ name: "api", why: "blocked" }]);
    expect(await home.bus.unread(tests.session())).toBe(1);
    expect(await home.bus.unread(api.session())).toBe(0);
  });

  test("leaves out who blocked the sender, and says so", async () => {
    await seat(home, "tests", { project: "shop" });
    await home.bus.filter(api.session().mailbox, "block", "lead", true);
    const sent = await lead.desk.broadcast(hi);
    expect(sent.recipients.map((to) => to.name)).toEqual(["tests"]);
    expect(sent.skipped).toEqual([{ name: "api", why: "blocked" }]);
  });

  test("goes to who only mutes the sender, or blocks somebody else", async () => {
    await home.bus.filter(api.session().mailbox, "mute", "lead", true);
    await home.bus.filter(api.session().mailbox, "block", "tests", true);
    const sent = await lead.desk.broadcast(hi);
    expect([sent.recipients.map((to) => to.name), sent.skipped]).toEqual([["api"], undefined]);
  });

  test("to nobody is an error that says why", async () => {
    const lonely = await seat(home, "lonely", { project: "empty" });
    const error = await failure(lonely.desk.broadcast(hi));
    expect([error.code, error.message]).toEqual([
      "no_recipients",
      expect.stringContaining('in project "empty"'),
    ]);
    expect((await failure(lead.desk.broadcast(hi, { role: "tests" }))).message).toContain(
      'with role "tests"',
    );
    await home.bus.filter(api.session().mailbox, "block", "lead", true);
    expect((await failure(lead.desk.broadcast(hi))).message).toContain("1 blocked this session");
  });

  test("is for the roles that the settings name, by the role at start", async () => {
    const lists = { broadcastRoles: ["lead"] };
    const worker = await seat(home, "worker", { project: "shop", lists });
    await worker.desk.rename({ name: "worker", role: "lead", project: "shop" });
    expect(await codeOf(worker.desk.broadcast(hi))).toBe("not_allowed");
    const chief = await seat(home, "chief", { project: "shop", role: "lead", startRole: "lead", lists });
    await chief.desk.rename({ name: "chief", role: "worker", project: "shop" });
    await chief.desk.broadcast(hi);
  });
});
