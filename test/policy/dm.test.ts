import { beforeEach, describe, expect, test } from "bun:test";
import { failure } from "../fakes/failure.ts";
import { connection, type House, type Seat, seat } from "../fakes/house.ts";
import { bodies, codeOf, got, hi, office } from "./office.ts";

let home: House;
let lead: Seat;
let api: Seat;
beforeEach(async () => {
  ({ home, lead, api } = await office());
});

describe("dm", () => {
  test("writes one signed message with everything that was said, and rings", async () => {
    const draft = {
      content: "hello",
      priority: "urgent",
      message_type: "task",
      thread_id: "T-1",
      ttl_s: 60,
    } as const;
    const sent = await lead.desk.dm("api", draft);
    expect(sent).toEqual({ message_id: expect.any(String), recipients: [{ name: "api", presence: "live" }] });
    expect(home.rung).toEqual([{ name: "api", presence: "live" }]);
    expect(home.expiries).toEqual([home.clock.now() + 60_000]);
    expect(await got(api)).toEqual([
      expect.objectContaining({
        id: sent.message_id,
        kind: "dm",
        fromId: lead.keys.id,
        fromName: "lead",
        fromRole: "planner",
        fromProject: "shop",
        body: "hello",
        priority: "urgent",
        type: "task",
        threadId: "T-1",
        inReplyTo: null,
        rule: "same-project",
        sentAt: home.clock.now(),
        ttlMs: 60_000,
      }),
    ]);
  });

  test("gives unread mail the usual time, if none is said", async () => {
    await lead.desk.dm("api", hi);
    expect((await got(api))[0]?.ttlMs).toBe(86_400_000);
  });

  test("to a closed name waits, and says so", async () => {
    await home.bus.close([api.session().id]);
    const sent = await lead.desk.dm("api", hi);
    expect(sent.recipients).toEqual([{ name: "api", presence: "closed" }]);
    expect(sent.note).toContain("api is not running; the message waits");
    expect(home.rung).toEqual([]);
    const successor = await seat(home, "api", { project: "shop" });
    expect(await bodies(successor)).toEqual(["hi"]);
  });

  test("to another project is refused; without a project one may write to all", async () => {
    const other = await seat(home, "other", { project: "else" });
    const free = await seat(home, "free");
    expect(await codeOf(lead.desk.dm("other", hi))).toBe("out_of_scope");
    expect(await codeOf(lead.desk.dm("free", hi))).toBe("out_of_scope");
    await free.desk.dm("other", hi);
    expect((await got(other)).map((message) => message.rule)).toEqual(["no-project"]);
  });

  test("heeds the sender's lists, by the name that was found", async () => {
    const { id } = api.session();
    const picky = await seat(home, "picky", { lists: { dmBlock: ["api"] } });
    expect(await codeOf(picky.desk.dm("api", hi))).toBe("not_allowed");
    expect(await codeOf(picky.desk.dm(id.slice(0, 10), hi))).toBe("not_allowed");
    await picky.desk.dm("lead", hi);
    const strict = await seat(home, "strict", { lists: { dmAllow: ["api"] } });
    expect(await codeOf(strict.desk.dm("lead", hi))).toBe("not_allowed");
    await strict.desk.dm("api", hi);
  });

  test("is refused to a blocked sender under a new name too", async () => {
    await home.bus.filter(api.session().mailbox, "block", "lead", true);
    await lead.desk.rename({ ...lead.session(), name: "somebody-else" });
    expect((await failure(lead.desk.dm("api", hi))).code).toBe("blocked");
  });

  test("tells a sender that the receiver has blocked it", async () => {
    await home.bus.filter(api.session().mailbox, "block", "lead", true);
    const error = await failure(lead.desk.dm("api", hi));
    expect([error.code, error.message]).toEqual(["blocked", '"api" takes no messages from "lead" (block).']);
    await home.bus.filter(api.session().mailbox, "block", "lead", false);
    await home.bus.filter(api.session().mailbox, "mute", "lead", true);
    await lead.desk.dm("api", hi); // muted is not refused
  });

  test("goes to where the receiver is, if that changed its mailbox meanwhile", async () => {
    const other = await connection(home);
    const before = await seat(home, "before", { project: "shop", cwd: "/code/here" });
    await home.bus.close([before.session().id]);
    const moving = await seat(home, "moving", { project: "shop", cwd: "/code/here" });
    const real = home.bus.post;
    let raced = false;
    const racing = {
      ...home.bus,
      post: async (posting: Parameters<typeof real>[0]) => {
        if (!raced) {
          raced = true;
          await other.rename({ id: moving.session().id, name: "before", role: "worker", project: "shop" });
        }
        return real(posting);
      },
    };
    const sender = await seat({ ...home, bus: racing }, "sender", { project: "shop" });
    const sent = await sender.desk.dm(moving.session().id, hi);
    expect(sent.recipients).toEqual([{ name: "moving", presence: "live" }]);
    const row = await home.bus.session(moving.session().id);
    expect(row === null ? 0 : await home.bus.unread(row)).toBe(1);
  });
});

describe("messages of one session", () => {
  test("arrive in the order in which they were asked for, however they were addressed", async () => {
    const texts = Array.from({ length: 20 }, (_, n) => `${n}`);
    const addresses = ["api", api.session().id, "API", "/code/api"];
    await Promise.all(texts.map((content, n) => lead.desk.dm(addresses[n % 4] ?? "", { content })));
    expect(await bodies(api)).toEqual(texts);
  });

  test("carry the name of their moment, when a rename is asked for in between", async () => {
    const first = lead.desk.dm("api", { content: "1" });
    const renamed = lead.desk.rename({ name: "boss", role: "planner", project: "shop" });
    const second = lead.desk.dm("api", { content: "2" });
    await Promise.all([first, renamed, second]);
    expect((await got(api)).map((message) => [message.body, message.fromName])).toEqual([
      ["1", "lead"],
      ["2", "boss"],
    ]);
    expect(lead.session().name).toBe("boss");
  });

  test("are not held up by one that fails", async () => {
    const outcomes = await Promise.allSettled([lead.desk.dm("nobody", hi), lead.desk.dm("api", hi)]);
    expect(outcomes.map((one) => one.status)).toEqual(["rejected", "fulfilled"]);
  });
});
