import { beforeEach, describe, expect, test } from "bun:test";
import { openDesk } from "../../plugin/policy/desk.ts";
import type { Draft } from "../../plugin/policy/post.ts";
import { failure } from "../fakes/failure.ts";
import { type House, type Seat, seat } from "../fakes/house.ts";
import { joining } from "../fakes/people.ts";
import { bodies, codeOf, got, hi, office } from "./office.ts";

let home: House;
let lead: Seat;
let api: Seat;
beforeEach(async () => {
  ({ home, lead, api } = await office());
});

describe("reply", () => {
  const ask = async (draft: Partial<Draft> = {}) => {
    const sent = await lead.desk.dm("api", { ...hi, ...draft });
    await got(api);
    return sent.message_id;
  };

  test("goes to the sender, keeps the thread, and says what it answers", async () => {
    const id = await ask({ thread_id: "T-1" });
    const sent = await api.desk.reply(` ${id.toLowerCase()} `, { content: "yes", thread_id: "T-2" });
    expect(sent.recipients).toEqual([{ name: "lead", presence: "live" }]);
    expect((await got(lead))[0]).toMatchObject({
      body: "yes",
      inReplyTo: id,
      threadId: "T-1",
      rule: "reply",
    });
    const [passed] = await home.bus.history({
      mailbox: lead.session().mailbox,
      with: "api",
      query: "hi",
      limit: 1,
    });
    expect(passed?.receipts[0]?.state).toBe("replied");
  });

  test("to a message that is deleted between look and write is refused, and nothing is set aside", async () => {
    const id = await ask();
    const { bus } = home;
    const parts = { ...api.desk.parts, bus: { ...bus, received: late } };
    async function late(...asked: Parameters<typeof bus.received>) {
      const found = await bus.received(...asked);
      await bus.erase({ olderThanMs: null, unread: true });
      return found;
    }
    const error = await failure(openDesk(parts, api.session()).reply(id, hi));
    expect(error).toMatchObject({ code: "unknown_message", message: expect.stringContaining("use dm") });
    expect(await home.bus.unread(lead.session())).toBe(0);
  });

  test("may begin a thread", async () => {
    await api.desk.reply(await ask(), { content: "yes", thread_id: "T-2" });
    expect((await got(lead))[0]?.threadId).toBe("T-2");
  });

  test("leaves the project where a new message could not", async () => {
    const free = await seat(home, "free");
    const { message_id } = await free.desk.dm("api", hi);
    await got(api);
    expect(await codeOf(api.desk.dm("free", hi))).toBe("out_of_scope");
    await api.desk.reply(message_id, { content: "yes" });
    expect(await bodies(free)).toEqual(["yes"]);
  });

  test("finds a sender that has another name now, and one that is closed", async () => {
    const id = await ask();
    await lead.desk.rename({ name: "boss", role: "planner", project: "other" });
    expect((await api.desk.reply(id, hi)).recipients).toEqual([{ name: "boss", presence: "live" }]);
    await home.bus.close([lead.session().id]);
    const sent = await api.desk.reply(id, hi);
    expect(sent.recipients).toEqual([{ name: "boss", presence: "closed" }]);
    const back = await seat(home, "boss", { project: "other" });
    expect(await bodies(back)).toEqual(["hi", "hi"]);
  });

  test("heeds the sender's lists and the receiver's block", async () => {
    const silent = await seat(home, "silent", { project: "shop", lists: { dmAllow: ["api"] } });
    const { message_id } = await lead.desk.dm("silent", hi);
    await got(silent);
    expect(await codeOf(silent.desk.reply(message_id, hi))).toBe("not_allowed");
    const id = await ask();
    await home.bus.filter(lead.session().mailbox, "block", "api", true);
    expect(await codeOf(api.desk.reply(id, hi))).toBe("blocked");
  });

  test("needs a message that this session received", async () => {
    const id = await ask();
    const other = await seat(home, "other", { project: "shop" });
    for (const run of [
      other.desk.reply(id, hi),
      lead.desk.reply(id, hi),
      api.desk.reply("x".repeat(999), hi),
    ]) {
      const error = await failure(run);
      expect(error.code).toBe("unknown_message");
      expect(error.message.length).toBeLessThan(300);
    }
  });

  test("to a notice goes nowhere", async () => {
    const id = await ask();
    await home.bus.post({
      letter: {
        id: home.newId(1),
        kind: "notice",
        fromId: api.keys.id,
        fromName: "cc-dm",
        fromRole: "notice",
        fromProject: null,
        recipients: [{ mailbox: lead.session().mailbox, name: "lead", project: "shop" }],
        body: "expired",
        priority: null,
        type: null,
        threadId: null,
        inReplyTo: id,
        hops: 0,
        rule: "notice",
        sentAt: 1,
        ttlMs: 1,
      },
      publicKey: api.keys.publicKey,
      signature: "",
      fromMailbox: api.session().mailbox,
      mailboxLimit: 10,
    });
    const [notice] = await home.bus.peek(lead.session(), 1);
    expect(await codeOf(lead.desk.reply(notice?.message.id ?? "", hi))).toBe("unknown_message");
  });
});

describe("answers in quick succession", () => {
  const heard = { client: { pid: 5, start: "5" } };

  async function chain(length: number, gapMs: number) {
    const [one, two] = [await seat(home, "one", heard), await seat(home, "two", heard)];
    await home.bus.sight({ ...heard, sessionId: null, transcript: null }, joining("x").place);
    for (const { desk } of [one, two]) {
      const row = await home.bus.session(desk.self().id);
      if (row !== null) desk.become(row);
    }
    let [from, to] = [one, two];
    let sent = await from.desk.dm(to.session().name, hi);
    for (let n = 0; n < length; n++) {
      [from, to] = [to, from];
      const [message] = await got(from);
      await home.clock.pass(gapMs);
      sent = await from.desk.reply(message?.id ?? "", hi);
    }
    const [last] = await got(to);
    return { sent, hops: last?.hops };
  }

  test("are counted, and from the seventeenth on the writer is told that it will be read later", async () => {
    expect(await chain(16, 100)).toMatchObject({
      hops: 16,
      sent: expect.not.objectContaining({ note: expect.anything() }),
    });
  });

  test("the seventeenth", async () => {
    const { sent, hops } = await chain(17, 100);
    expect(hops).toBe(17);
    expect(sent.note).toMatch(/17 answers in a row without work between them.*after 2 s/);
  });

  test("are a new chain where work lies between them", async () => {
    expect((await chain(3, 10_001)).hops).toBe(0);
  });

  test("of programs, whose hooks nobody hears, are never held back", async () => {
    for (let n = 0; n < 20; n++) {
      const { message_id } = await lead.desk.dm("api", hi);
      await got(api);
      await api.desk.reply(message_id, hi);
      expect((await got(lead))[0]?.hops).toBe(0);
    }
  });
});
