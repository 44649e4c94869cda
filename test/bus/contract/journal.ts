import { expect } from "bun:test";
import type { JournalQuery } from "../../../plugin/bus/journal.ts";
import { startOfTime } from "../../fakes/clock.ts";
import { join, type Member, posting, send } from "../../fakes/people.ts";
import type { Case, World } from "../contract.ts";

const minute = 60_000;

async function threeOf({ a, b }: World): Promise<readonly [Member, Member, Member]> {
  return [
    await join(a, "lead"),
    await join(b, "api", { project: "shop" }),
    await join(b, "web", { project: "shop" }),
  ];
}

async function bodies({ b }: World, query: Partial<JournalQuery> = {}): Promise<string[]> {
  return (await b.journal({ limit: 100, ...query })).map(({ message }) => message.body);
}

/** Everything on the bus, for the person's eyes. */
export function journal(it: Case): void {
  it("shows what passes between all, waiting mail too, oldest first", async (world) => {
    const [lead, api, web] = await threeOf(world);
    await send(world.a, lead, [api.session], { body: "one" });
    await send(world.b, api, [web.session], { body: "two" });
    await world.b.close([api.session.id, web.session.id]);
    expect(await bodies(world)).toEqual(["one", "two"]);
  });

  it("tells how far every delivery has come", async (world) => {
    const [lead, api, web] = await threeOf(world);
    const id = await send(world.a, lead, [api.session, web.session], { ttlMs: minute });
    const [offer] = await world.b.claim({ session: api.session, path: "turn", limit: 1 });
    await world.b.seen(api.session.id, [offer?.token ?? ""], "prompt");
    const [entry] = await world.a.journal({ id, limit: 1 });
    expect(entry?.message.id).toBe(id);
    expect(entry?.receipts).toEqual([
      {
        name: "api",
        addressed: api.session.mailbox,
        state: "seen",
        path: "turn",
        offers: 1,
        handedAt: startOfTime,
        seenAt: startOfTime,
        evidence: "prompt",
        expiresAt: startOfTime + minute,
        session: api.session.id,
      },
      {
        name: "web",
        addressed: web.session.mailbox,
        state: "queued",
        path: null,
        offers: 0,
        handedAt: null,
        seenAt: null,
        evidence: null,
        expiresAt: startOfTime + minute,
        session: null,
      },
    ]);
  });

  it("gives the newest of many, or the oldest, always oldest first", async (world) => {
    const [lead, api, web] = await threeOf(world);
    for (let n = 0; n < 6; n++)
      await send(world.a, lead, [n % 2 ? api.session : web.session], { body: `${n}` });
    expect(await bodies(world, { limit: 2 })).toEqual(["4", "5"]);
    expect(await bodies(world, { limit: 2, pick: "oldest" })).toEqual(["0", "1"]);
    expect(await bodies(world, { limit: 2, from: "lead" })).toEqual(["4", "5"]);
    expect(await bodies(world, { limit: 2, to: "api" })).toEqual(["3", "5"]);
    expect(await bodies(world, { limit: 2, to: "api", pick: "oldest" })).toEqual(["1", "3"]);
  });

  it("goes on where a look ended, and skips nothing", async (world) => {
    const [lead, api] = await threeOf(world);
    for (let n = 0; n < 5; n++) await send(world.a, lead, [api.session], { body: `${n}` });
    const seqs = (await world.a.journal({ limit: 100 })).map(({ message }) => message.seq);
    expect(await bodies(world, { after: seqs[1], limit: 2, pick: "oldest" })).toEqual(["2", "3"]);
    expect(await bodies(world, { after: seqs[4] })).toEqual([]);
    expect(await bodies(world, { before: seqs[3], limit: 2 })).toEqual(["1", "2"]);
    expect(await bodies(world, { after: seqs[0], before: seqs[2], from: "lead", to: "api" })).toEqual(["1"]);
  });

  it("can be narrowed by sender, recipient, both, thread and type", async (world) => {
    const [lead, api, web] = await threeOf(world);
    await send(world.a, lead, [api.session], { body: "lead api", threadId: "T", type: "task" });
    await send(world.a, lead, [api.session, web.session], { body: "lead both" });
    await send(world.b, api, [web.session], { body: "api web", threadId: "T" });
    await send(world.b, web, [lead.session], { body: "web lead", type: "question" });
    expect(await bodies(world, { from: "lead" })).toEqual(["lead api", "lead both"]);
    expect(await bodies(world, { to: "web" })).toEqual(["lead both", "api web"]);
    expect(await bodies(world, { from: "lead", to: "web" })).toEqual(["lead both"]);
    expect(await bodies(world, { threadId: "T" })).toEqual(["lead api", "api web"]);
    expect(await bodies(world, { threadId: "T", from: "api" })).toEqual(["api web"]);
    expect(await bodies(world, { threadId: "T", to: "api" })).toEqual(["lead api"]);
    expect(await bodies(world, { type: "question" })).toEqual(["web lead"]);
    expect(await bodies(world, { from: "nobody" })).toEqual([]);
    expect(await bodies(world, { to: "nobody", threadId: "T" })).toEqual([]);
  });

  it("knows names as they were when it was sent, after a rename, an adoption and a restart", async (world) => {
    const [lead, api, web] = await threeOf(world);
    await send(world.a, lead, [api.session], { body: "to the first api" });
    await send(world.b, api, [web.session], { body: "from the first api" });
    await world.b.rename({ id: api.session.id, name: "backend", role: "worker", project: "shop" });
    await world.b.close([api.session.id]);
    const next = await join(world.b, "api", { project: "shop" });
    await send(world.b, next, [lead.session], { body: "from the second api" });
    await world.b.rename({ id: next.session.id, name: "backend", role: "worker", project: "shop" });
    expect(await bodies(world, { from: "api" })).toEqual(["from the first api", "from the second api"]);
    expect(await bodies(world, { to: "api" })).toEqual(["to the first api"]);
    expect(await bodies(world, { from: "backend" })).toEqual([]);
    expect(await world.a.names()).toEqual(["api", "backend", "lead", "web"]);
  });

  it("can be narrowed to a project, of the sender or of a recipient", async (world) => {
    const [lead, api, web] = await threeOf(world);
    const other = await join(world.a, "other", { project: "bank" });
    await send(world.a, lead, [api.session], { body: "into shop" });
    await send(world.a, lead, [other.session], { body: "into bank" });
    await send(world.b, api, [web.session], { body: "within shop" });
    await send(world.a, lead, [other.session, api.session], { body: "both" });
    await world.b.rename({ id: api.session.id, name: "api", role: "worker", project: "bank" });
    expect(await bodies(world, { project: "shop" })).toEqual(["into shop", "within shop", "both"]);
    expect(await bodies(world, { project: "bank" })).toEqual(["into bank", "both"]);
    expect(await bodies(world, { project: "api" })).toEqual([]);
  });

  it("can be narrowed to a time, by when it was sent", async (world) => {
    const [lead, api] = await threeOf(world);
    const at = (n: number) => startOfTime + n * minute;
    for (const n of [0, 1, 2, 3]) await send(world.a, lead, [api.session], { body: `${n}`, sentAt: at(n) });
    expect(await bodies(world, { since: at(2) })).toEqual(["2", "3"]);
    expect(await bodies(world, { until: at(2) })).toEqual(["0", "1"]);
    expect(await bodies(world, { since: at(1), until: at(3), from: "lead" })).toEqual(["1", "2"]);
    expect(await bodies(world, { since: at(1), limit: 1, pick: "oldest" })).toEqual(["1"]);
    expect(await bodies(world, { since: at(4) })).toEqual([]);
    expect(await bodies(world, { since: Number.MAX_SAFE_INTEGER })).toEqual([]);
    expect(await bodies(world, { since: -1, until: Number.MAX_SAFE_INTEGER })).toHaveLength(4);
    // The clock was set back: what came last was sent first.
    await send(world.a, lead, [api.session], { body: "back", sentAt: at(1) });
    expect(await bodies(world, { since: at(2) })).toEqual(["2", "3"]);
    expect(await bodies(world, { since: at(1) })).toEqual(["1", "2", "3", "back"]);
  });

  it("finds a message by its id, or the beginning or end of it, in any case", async (world) => {
    const [lead, api] = await threeOf(world);
    const first = await send(world.a, lead, [api.session], { body: "first" });
    const second = await send(world.a, lead, [api.session], { body: "second" });
    for (const id of [first, first.toLowerCase(), first.slice(-8)])
      expect(await bodies(world, { id })).toEqual(["first"]);
    expect(await bodies(world, { id: second.slice(-6).toLowerCase() })).toEqual(["second"]);
    expect(await bodies(world, { id: first.slice(0, 10) })).toEqual(["first", "second"]);
    for (const id of ["ZZZZZZ", "%%%%%%", "' or 1=1", "______"])
      expect(await bodies(world, { id })).toEqual([]);
  });

  it("finds words over all mail, together with everything else", async (world) => {
    const [lead, api, web] = await threeOf(world);
    await send(world.a, lead, [api.session], { body: "Please review the Überweisung migration" });
    await send(world.b, api, [web.session], { body: "the migration runs", threadId: "T" });
    expect(await bodies(world, { text: "MIGR" })).toHaveLength(2);
    expect(await bodies(world, { text: "uberweisung review" })).toHaveLength(1);
    expect(await bodies(world, { text: "migration", from: "api" })).toEqual(["the migration runs"]);
    expect(await bodies(world, { text: "migration", to: "api" })).toHaveLength(1);
    expect(await bodies(world, { text: "migration", threadId: "T" })).toEqual(["the migration runs"]);
    expect(await bodies(world, { text: "migration", limit: 1 })).toEqual(["the migration runs"]);
    await send(world.a, lead, [web.session], { body: "a later migration" });
    expect(await bodies(world, { text: "later migration" })).toEqual(["a later migration"]);
    for (const text of [
      "igration",
      "migration absent",
      "",
      '"',
      "body:the",
      "the NOT migration",
      "*",
      "(",
      "a\0b",
    ])
      expect(await bodies(world, { text })).toEqual([]);
  });

  it("finds text in scripts without blanks between words, and symbols, wherever they stand", async (world) => {
    const [lead, api] = await threeOf(world);
    await send(world.a, lead, [api.session], { body: "今日はデータベースの移行をします release" });
    await send(world.a, lead, [api.session], { body: "shipped 🚀!" });
    expect(await bodies(world, { text: "移行" })).toHaveLength(1);
    expect(await bodies(world, { text: "移行 rel" })).toHaveLength(1);
    expect(await bodies(world, { text: "移行 absent" })).toEqual([]);
    expect(await bodies(world, { text: "移動" })).toEqual([]);
    expect(await bodies(world, { text: "🚀" })).toEqual(["shipped 🚀!"]);
  });

  it("shows notices under the name of cc-dm", async (world) => {
    const [lead, api] = await threeOf(world);
    const notice = { kind: "notice", rule: "notice", fromName: "cc-dm", fromRole: "notice" } as const;
    await world.a.post(posting(lead, [api.session], { ...notice, body: "expired" }));
    await send(world.a, lead, [api.session], { body: "mail" });
    const [entry] = await world.b.journal({ from: "cc-dm", limit: 9 });
    expect(entry).toMatchObject({ message: { body: "expired" }, known: true });
    expect(await bodies(world, { from: "lead" })).toEqual(["mail"]);
  });

  it("tells which senders it knows under the name they give", async (world) => {
    const [lead, api, web] = await threeOf(world);
    await send(world.a, lead, [api.session]);
    await send(world.a, lead, [api.session], { fromName: "web" });
    await world.b.close([web.session.id]);
    await send(world.a, lead, [web.session]);
    expect((await world.b.journal({ limit: 9 })).map(({ known }) => known)).toEqual([true, false, true]);
  });

  it("tells how receipts stand now, without the texts", async (world) => {
    const [lead, api, web] = await threeOf(world);
    await send(world.a, lead, [api.session, web.session]);
    const [entry] = await world.b.journal({ limit: 1 });
    const seq = entry?.message.seq ?? 0;
    const states = async () => (await world.b.receipts([seq, 99])).get(seq)?.map(({ state }) => state);
    expect(await states()).toEqual(["queued", "queued"]);
    await world.a.claim({ session: web.session, path: "pull", limit: 1 });
    expect(await states()).toEqual(["queued", "handed"]);
    expect((await world.b.receipts([99])).get(99)).toEqual([]);
  });

  it("puts together a conversation: what is answered, what answers, and the thread", async (world) => {
    const [lead, api, web] = await threeOf(world);
    const { a, b } = world;
    const root = await send(a, lead, [api.session, web.session], { body: "root", threadId: "T" });
    const reply = { rule: "reply" } as const;
    const left = await send(b, api, [lead.session], { ...reply, body: "left", inReplyTo: root });
    await send(b, web, [lead.session], { ...reply, body: "right", inReplyTo: root, threadId: "other" });
    await send(a, lead, [api.session], { ...reply, body: "leaf", inReplyTo: left });
    await send(a, lead, [web.session], { body: "same thread", threadId: "T" });
    await send(a, lead, [web.session], { body: "elsewhere", threadId: "other" });
    await send(a, lead, [web.session], { body: "alone" });
    const of = async (query: { seq?: number; threadId?: string; limit?: number }) =>
      (await b.conversation({ limit: 100, ...query })).map(({ message }) => message.body);
    const [, , , leaf] = await a.journal({ limit: 100, pick: "oldest" });
    const whole = ["root", "left", "right", "leaf"];
    expect(await of({ seq: leaf?.message.seq ?? 0 })).toEqual(whole);
    expect(await of({ threadId: "T" })).toEqual([...whole, "same thread"]);
    expect(await of({ threadId: "nothing" })).toEqual([]);
    expect(await of({ threadId: "T", limit: 1 })).toEqual(["same thread"]);
    expect(await of({})).toEqual([]);
  });
}
