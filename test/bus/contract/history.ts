import { expect } from "bun:test";
import type { HistoryQuery } from "../../../plugin/bus/bus.ts";
import { join, type Member, posting, send } from "../../fakes/people.ts";
import type { Case, World } from "../contract.ts";

async function threeOf({ a, b }: World): Promise<readonly [Member, Member, Member]> {
  return [await join(a, "lead"), await join(b, "api"), await join(b, "web")];
}

async function bodies(
  { b }: World,
  of: Member,
  more: Partial<Omit<HistoryQuery, "mailbox">> = {},
): Promise<string[]> {
  const passed = await b.history({ mailbox: of.session.mailbox, limit: 100, ...more });
  return passed.map((one) => one.message.body);
}

async function read({ b }: World, ...members: readonly Member[]): Promise<void> {
  for (const { session } of members) await b.claim({ session, path: "pull", limit: 100 });
}

/** What passed through a mailbox. */
export function history(it: Case): void {
  it("tells what was sent and received, newest first, and which was which", async (world) => {
    const [lead, api] = await threeOf(world);
    await send(world.a, lead, [api.session], { body: "question" });
    await send(world.b, api, [lead.session], { body: "answer" });
    await read(world, lead, api);
    const passed = await world.a.history({ mailbox: lead.session.mailbox, limit: 10 });
    expect(passed.map((one) => [one.message.body, one.sent])).toEqual([
      ["answer", false],
      ["question", true],
    ]);
    expect(await bodies(world, api)).toEqual(["answer", "question"]);
  });

  it("shows to nobody what passed between others", async (world) => {
    const [lead, api, web] = await threeOf(world);
    await send(world.a, lead, [api.session], { body: "secret" });
    await read(world, api);
    expect(await bodies(world, web)).toEqual([]);
    expect(await bodies(world, web, { query: "secret" })).toEqual([]);
  });

  it("does not show to a receiver what it has not been handed", async (world) => {
    const [lead, api] = await threeOf(world);
    await send(world.a, lead, [api.session], { body: "waiting" });
    expect(await bodies(world, api)).toEqual([]);
    expect(await bodies(world, lead)).toEqual(["waiting"]);
    await read(world, api);
    expect(await bodies(world, api)).toEqual(["waiting"]);
  });

  it("gives a broadcast's receipts to its sender, and to a receiver only its own", async (world) => {
    const [lead, api, web] = await threeOf(world);
    await send(world.a, lead, [api.session, web.session]);
    await read(world, api);
    const receipts = async (of: Member) =>
      (await world.a.history({ mailbox: of.session.mailbox, limit: 1 }))[0]?.receipts.map((one) => [
        one.name,
        one.state,
      ]);
    expect(await receipts(lead)).toEqual([
      ["api", "handed"],
      ["web", "queued"],
    ]);
    expect(await receipts(api)).toEqual([["api", "handed"]]);
  });

  it("shows no more than asked for, and the newest of them", async (world) => {
    const [lead, api] = await threeOf(world);
    for (let n = 0; n < 4; n++) {
      await send(world.a, lead, [api.session], { body: `to ${n}` });
      await send(world.b, api, [lead.session], { body: `from ${n}` });
    }
    await read(world, lead);
    expect(await bodies(world, lead, { limit: 3 })).toEqual(["from 3", "to 3", "from 2"]);
  });

  it("can be narrowed to one other session, both ways", async (world) => {
    const [lead, api, web] = await threeOf(world);
    await send(world.a, lead, [api.session], { body: "to api" });
    await send(world.a, lead, [web.session], { body: "to web" });
    await send(world.b, api, [lead.session], { body: "from api" });
    await send(world.b, web, [lead.session], { body: "from web" });
    await send(world.a, lead, [api.session, web.session], { body: "to both" });
    await read(world, lead, api, web);
    expect(await bodies(world, lead, { with: "api" })).toEqual(["to both", "from api", "to api"]);
    expect(await bodies(world, lead, { with: "nobody" })).toEqual([]);
  });

  it("can be narrowed to one thread", async (world) => {
    const [lead, api] = await threeOf(world);
    await send(world.a, lead, [api.session], { body: "one", threadId: "T-1" });
    await send(world.a, lead, [api.session], { body: "two", threadId: "T-2" });
    await send(world.a, lead, [api.session], { body: "three", threadId: "T-1" });
    await send(world.a, lead, [api.session], { body: "none" });
    await read(world, api);
    expect(await bodies(world, lead, { threadId: "T-1" })).toEqual(["three", "one"]);
    expect(await bodies(world, api, { threadId: "T-1", query: "one" })).toEqual(["one"]);
    expect(await bodies(world, api, { threadId: "t-1" })).toEqual([]);
  });

  it("finds words in any order, by their beginning, in any case and without accents", async (world) => {
    const [lead, api] = await threeOf(world);
    await send(world.a, lead, [api.session], { body: "Please review the Überweisung migration" });
    await send(world.a, lead, [api.session], { body: "nothing of that kind" });
    for (const query of ["migration", "MIGR", "uberweisung review", "Über", "please  the"]) {
      expect(await bodies(world, lead, { query })).toEqual(["Please review the Überweisung migration"]);
    }
    for (const query of ["igration", "migration absent"]) {
      expect(await bodies(world, lead, { query })).toEqual([]);
    }
  });

  it("finds what was sent after the last search too", async (world) => {
    const [lead, api] = await threeOf(world);
    await send(world.a, lead, [api.session], { body: "first apple" });
    expect(await bodies(world, lead, { query: "apple" })).toEqual(["first apple"]);
    await send(world.b, api, [lead.session], { body: "second apple" });
    await read(world, lead);
    expect(await bodies(world, lead, { query: "apple" })).toEqual(["second apple", "first apple"]);
  });

  it("finds text in scripts without blanks between words wherever it stands", async (world) => {
    const [lead, api, web] = await threeOf(world);
    await send(world.a, lead, [api.session], { body: "今日は移行をします release" });
    await send(world.a, lead, [web.session], { body: "移行 elsewhere" });
    await read(world, api);
    expect(await bodies(world, api, { query: "移行" })).toEqual(["今日は移行をします release"]);
    expect(await bodies(world, api, { query: "移行 rel" })).toEqual(["今日は移行をします release"]);
    expect(await bodies(world, api, { query: "移動" })).toEqual([]);
  });

  it("takes an engine's search operators for words, and nonsense for nothing found", async (world) => {
    const [lead, api] = await threeOf(world);
    await send(world.a, lead, [api.session], { body: "use AND or OR, not NEAR" });
    await send(world.a, lead, [api.session], { body: "the body column" });
    expect(await bodies(world, lead, { query: "AND OR" })).toEqual(["use AND or OR, not NEAR"]);
    expect(await bodies(world, lead, { query: "NOT" })).toEqual(["use AND or OR, not NEAR"]);
    expect(await bodies(world, lead, { query: "body:use" })).toEqual([]);
    const hostile = [
      '"',
      "'",
      "(",
      ")",
      "*",
      "^the",
      "-the",
      "a\u0000b",
      "\ud800",
      "%",
      "_",
      "';--",
      "{",
      "\\",
    ];
    for (const query of hostile) {
      const found = await bodies(world, lead, { query });
      expect(["the body column", undefined]).toContain(found[0]);
    }
  });

  it("shows a notice to whom it was sent, and not to whoever wrote it for cc-dm", async ({ a, b }) => {
    const [lead, other] = [await join(a, "lead"), await join(b, "other")];
    const notice = { kind: "notice", rule: "notice", fromName: "cc-dm", fromRole: "notice" } as const;
    await b.post(posting(other, [lead.session], { ...notice, body: "what lead wrote to api expired" }));
    await a.post(posting(lead, [lead.session], { ...notice, body: "of its own" }));
    for (const { session } of [lead, other]) await a.claim({ session, path: "pull", limit: 10 });
    const passed = async (of: Member) =>
      (await a.history({ mailbox: of.session.mailbox, limit: 10 })).map(({ message, sent }) => [
        message.body,
        sent,
      ]);
    expect(await passed(other)).toEqual([]);
    expect(await passed(lead)).toEqual([
      ["of its own", false],
      ["what lead wrote to api expired", false],
    ]);
  });
}
