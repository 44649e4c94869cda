import { beforeEach, describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { Bus } from "../../../plugin/bus/bus.ts";
import type { Path } from "../../../plugin/core/model.ts";
import { dueBefore, evidenceDueMs } from "../../../plugin/delivery/proof/evidence.ts";
import { fate, type Hooked, hooked, records, transcript } from "../../fakes/hooked.ts";
import { type House, house, type Seat, seat } from "../../fakes/house.ts";
import { place } from "../../fakes/people.ts";
import { scratch } from "../../fakes/scratch.ts";

let home: House;
let lead: Seat;
let api: Seat;
let client: Hooked;
beforeEach(async () => {
  home = await house();
  lead = await seat(home, "lead");
  api = await seat(home, "api");
  await heard(api);
  client = hooked(home, api);
});

/** A hook of this client was heard, perhaps with the transcript of its session. */
async function heard(by: Seat, path: string | null = null): Promise<void> {
  await home.bus.sight({ client: by.session().client, sessionId: null, transcript: path }, place);
  const row = await home.bus.session(by.keys.id);
  if (row !== null) by.desk.become(row);
}

/** Hands one message over. */
async function give(path: Path = "wake", by = client) {
  const { message_id } = await lead.desk.dm("api", { content: "x" });
  const [offer] = await by.take(path, 100);
  by.evidence.expect();
  return { id: message_id, token: offer?.token ?? "" };
}
const stateOf = async (id: string) => (await fate(home, lead, id))[0];
const turn = () => client.doing.note({ kind: "turn" });
const end = () => client.doing.note({ kind: "end", agent: "" });
const look = (by = client) => by.evidence.look();

describe("what was handed over may count as not read", () => {
  const due = () => {
    const before = dueBefore(client.doing, home.clock.now());
    return before === null ? null : home.clock.now() - before;
  };

  test("ten seconds later, if nothing tells what the client is doing", () => {
    expect(due()).toBe(evidenceDueMs);
  });

  test("ten seconds later, once the client has been idle for as long", async () => {
    end();
    await home.clock.pass(evidenceDueMs - 1);
    expect(due()).toBeNull();
    await home.clock.pass(1);
    expect(due()).toBe(evidenceDueMs);
  });

  test("never while it is in its first turn or waits for its person, however long", async () => {
    turn();
    client.doing.note({ kind: "tool", tool: "Bash", agent: "" });
    await home.clock.pass(100 * evidenceDueMs);
    expect(due()).toBeNull();
    client.doing.note({ kind: "dialog", about: "Bash", agent: "" });
    await home.clock.pass(100 * evidenceDueMs);
    expect(due()).toBeNull();
  });

  test("after a whole turn that began ten seconds later than the hand-over, however busy it is", async () => {
    turn();
    await home.clock.pass(1000);
    end();
    turn();
    expect(due()).toBe(evidenceDueMs + 1000);
    await home.clock.pass(20_000);
    expect(due()).toBe(evidenceDueMs + 21_000);
    end();
    expect(due()).toBe(evidenceDueMs + 20_000);
  });
});

describe("mail without evidence", () => {
  for (const path of ["wake", "turn", "pull"] as const) {
    test(`is offered again once it is due, and that is noted (${path})`, async () => {
      const { id } = await give(path);
      await home.clock.pass(evidenceDueMs);
      await look();
      expect(await stateOf(id)).toBe("handed");
      await home.clock.pass(1);
      await look();
      expect(await stateOf(id)).toBe("queued");
      expect(home.logged).toEqual([{ event: "no_evidence", fields: { path, returned: 1 } }]);
    });
  }

  test("makes the loop look, and is a repeat", async () => {
    await give();
    await home.clock.pass(evidenceDueMs + 1);
    await look();
    expect(client.again()).toBe(1);
    const [offer] = await client.take("wake");
    expect(offer?.offers).toBe(2);
  });

  test("pushed by the channel is the channel's matter", async () => {
    const { id } = await give("channel");
    await home.clock.pass(10 * evidenceDueMs);
    await look();
    expect(await stateOf(id)).toBe("handed");
  });

  test("of a program without hooks is not offered again: its answered pings tell", async () => {
    const plain = await seat(home, "plain");
    const program = hooked(home, plain);
    await lead.desk.dm("plain", { content: "x" });
    await program.take("pull");
    program.evidence.expect();
    await home.clock.pass(10 * evidenceDueMs);
    await look(program);
    expect(await home.bus.unread(plain.session())).toBe(0);
  });

  test("is looked for until there is none, and then no more", async () => {
    expect(client.evidence.expecting()).toBe(false);
    const { token } = await give();
    await look();
    expect(client.evidence.expecting()).toBe(true);
    await client.evidence.found([token], "prompt");
    await look();
    expect(client.evidence.expecting()).toBe(false);
  });

  test("of others with the same mailbox before is none of one's own", async () => {
    await give();
    await home.bus.close([api.keys.id]);
    api = await seat(home, "api");
    client = hooked(home, api);
    client.evidence.expect();
    await look();
    expect(client.evidence.expecting()).toBe(false);
  });

  test("counts as one hand-over without a sign, and any sign begins the count anew", async () => {
    const miss = async () => {
      await give();
      await home.clock.pass(evidenceDueMs + 1);
      await look();
    };
    await miss();
    await miss();
    expect(client.evidence.misses()).toBe(2);
    await client.evidence.found(["000000000000"], "prompt");
    expect(client.evidence.misses()).toBe(2);
    const { token } = await give();
    await client.evidence.found([token], "prompt");
    expect(client.evidence.misses()).toBe(0);
    await miss();
    await give("turn");
    await client.evidence.wentOn();
    expect(client.evidence.misses()).toBe(0);
  });
});

describe("a transcript", () => {
  test("shows what was read, as it grows", async () => {
    const file = transcript();
    client.evidence.transcript(file.path);
    const { id, token } = await give();
    file.add(records.wake(token));
    await look();
    expect(await stateOf(id)).toBe("handed");
    file.add(records.answer());
    await look();
    expect(await fate(home, lead, id)).toEqual(["seen", "wake", "transcript"]);
  });

  test("is believed before anything is called missing", async () => {
    const file = transcript();
    client.evidence.transcript(file.path);
    const { id, token } = await give();
    file.add(records.wake(token));
    file.add(records.answer());
    await home.clock.pass(100 * evidenceDueMs);
    await Promise.all([look(), look()]);
    expect([await stateOf(id), client.again()]).toEqual(["seen", 0]);
  });

  test("is another one after /clear, and the one before still counts up to there", async () => {
    const [before, after] = [transcript(), transcript(join(scratch(), "next.jsonl"))];
    client.evidence.transcript(before.path);
    const [first, second] = [await give(), await give()];
    before.add(records.wake(first.token));
    before.add(records.answer());
    await look();
    client.evidence.transcript(after.path);
    after.add(records.wake(second.token));
    after.add(records.answer());
    await look();
    expect([await stateOf(first.id), await stateOf(second.id)]).toEqual(["seen", "seen"]);
  });

  test("proves nothing that another session was handed", async () => {
    const file = transcript();
    client.evidence.transcript(file.path);
    const web = await seat(home, "web");
    const { message_id } = await lead.desk.dm("web", { content: "x" });
    const [offer] = await home.bus.claim({ session: web.session(), path: "wake", limit: 1 });
    file.add(records.wake(offer?.token ?? ""));
    file.add(records.answer());
    client.evidence.expect();
    await look();
    expect(await stateOf(message_id)).toBe("handed");
  });

  test("of which nothing can be read proves nothing, and nothing breaks", async () => {
    const { id } = await give();
    for (const path of ["/nowhere/x.jsonl", scratch()]) {
      client.evidence.transcript(path);
      await look();
    }
    expect(await stateOf(id)).toBe("handed");
  });

  test("is not read while the client is idle and nothing is known to lack evidence", async () => {
    const file = transcript();
    client.evidence.transcript(file.path);
    end();
    const { message_id } = await lead.desk.dm("api", { content: "x" });
    const [offer] = await client.take("wake");
    file.add(records.wake(offer?.token ?? ""));
    file.add(records.answer());
    await look();
    expect(await stateOf(message_id)).toBe("handed");
    client.evidence.expect();
    await look();
    expect(await stateOf(message_id)).toBe("seen");
  });

  test("tells that the person broke the turn off, and is a sign of life", async () => {
    const file = transcript();
    client.evidence.transcript(file.path);
    turn();
    await home.clock.pass(9 * 60_000);
    file.add(records.answer());
    await look();
    await home.clock.pass(9 * 60_000);
    expect(client.doing.activity()?.state).toBe("busy");
    file.add(records.broken(new Date(home.clock.now()).toISOString()));
    await look();
    expect(client.doing.activity()?.state).toBe("idle");
  });

  test("read while the bus is locked is not forgotten", async () => {
    let locked = true;
    const bus: Bus = {
      ...home.bus,
      seen: (...args) => (locked ? Promise.reject(new Error("bus_busy")) : home.bus.seen(...args)),
    };
    client = hooked(home, api, bus);
    const file = transcript();
    client.evidence.transcript(file.path);
    const [first, second] = [await give(), await give()];
    file.add(records.wake(first.token));
    file.add(records.answer());
    await look().catch(() => {});
    file.add(records.wake(second.token));
    file.add(records.answer());
    await home.clock.pass(10 * evidenceDueMs);
    await look().catch(() => {});
    expect([await stateOf(first.id), await stateOf(second.id)]).toEqual(["handed", "handed"]);
    locked = false;
    await look();
    expect([await stateOf(first.id), await stateOf(second.id)]).toEqual(["seen", "seen"]);
  });
});
