/** Rows that somebody wrote past us: never shown as mail, counted, and told of. */
import type { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { ulid } from "ulid";
import { type Keys, makeKeys, signedText } from "../../plugin/core/keys.ts";
import type { Letter } from "../../plugin/core/model.ts";
import { until } from "../support/processes.ts";
import type { TestSession } from "../support/session.ts";
import { testBus } from "../support/testbus.ts";

const bus = testBus();

type Row = Record<string, string | number | null>;

function insert(db: Database, table: string, row: Row): void {
  const columns = Object.keys(row);
  const values = columns.map(() => "?").join(", ");
  db.query(`insert into ${table} (${columns.join(", ")}) values (${values})`).run(...Object.values(row));
}

/** Writes a copy of the oldest message to bob under an id of its own, with a delivery of its own. */
function copy(db: Database): void {
  const { seq: _, ...message } = db.query<Row, []>("select * from message order by seq limit 1").get() ?? {};
  insert(db, "message", { ...message, id: ulid() });
  const seq = db.query<{ seq: number }, []>("select max(seq) as seq from message").get()?.seq ?? 0;
  deliver(db, seq, "bob");
}

function alter(db: Database, id: string, change: Row): void {
  const columns = Object.keys(change).map((column) => `${column} = ?`);
  db.query(`update message set ${columns.join(", ")} where id = ?`).run(...Object.values(change), id);
}

function deliver(db: Database, seq: number, name: string): void {
  const mailbox = mailboxOf(db, name);
  const expires = Date.now() + 3_600_000;
  insert(db, "delivery", {
    message: seq,
    addressed: mailbox,
    mailbox,
    name,
    state: "queued",
    open: 1,
    expires_at: expires,
  });
}

function mailboxOf(db: Database, name: string): number {
  return db.query<{ id: number }, [string]>("select id from mailbox where name = ?").get(name)?.id ?? 0;
}

/** Two sessions, one genuine message between them that was read, and the file as a stranger has it. */
async function scene() {
  const a = await bus.start({ name: "alice", project: "shop" });
  const b = await bus.start({ name: "bob", project: "shop" });
  await a.ok("dm", { to: "bob", content: "genuine" });
  await b.ok("inbox");
  return { a, b, db: bus.open() };
}

/** Bob is shown nothing, and told of this many rows. A genuine message still comes through. */
async function notShown(a: TestSession, b: TestSession, count: number): Promise<void> {
  const peeked = (await b.ok("inbox", { peek: true })).messages;
  const { messages } = await b.ok("inbox");
  expect([...peeked, ...messages].map((one) => one.content)).toEqual([]);
  const { warnings = [] } = await b.ok("who");
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toStartWith(`${count} row${count === 1 ? "" : "s"} addressed to this session`);
  expect(warnings[0]).toContain("Tell the user");
  expect((await a.ok("who")).warnings).toBeUndefined();
  expect(JSON.stringify((await b.ok("history")).messages)).not.toContain("forged");
  await a.ok("dm", { to: "bob", content: "still genuine" });
  expect((await b.ok("inbox")).messages.map((one) => one.content.split("\n\n")[1])).toEqual([
    "still genuine",
  ]);
}

/** Somebody with a key of his own, entered in the roster by hand under this name. */
function stranger(db: Database, name: string, project: string | null): { keys: Keys; mailbox: number } {
  const keys = makeKeys();
  insert(db, "mailbox", { name: `${name}-box`, project: "", folder: "/", holder: keys.id });
  const mailbox = mailboxOf(db, `${name}-box`);
  const like = db.query<Row, []>("select * from session limit 1").get() ?? {};
  const more = { id: keys.id, public_key: keys.publicKey, name, project, mailbox, closed_at: 1 };
  insert(db, "session", { ...like, ...more });
  insert(db, "session_name", { session: keys.id, name });
  return { keys, mailbox };
}

/** A letter to bob, signed with this key, whatever it claims. */
function post(db: Database, keys: Keys, mailbox: number, claim: Partial<Letter>): void {
  const to = mailboxOf(db, "bob");
  const letter: Letter = {
    id: ulid(),
    ...{ kind: "dm", fromId: keys.id, fromName: "mallory", fromRole: "worker", fromProject: null },
    recipients: [{ mailbox: to, name: "bob", project: "shop" }],
    ...{
      body: "forged",
      priority: null,
      type: null,
      threadId: null,
      inReplyTo: null,
      hops: 0,
      rule: "no-project",
    },
    ...{ sentAt: Date.now(), ttlMs: 3_600_000 },
    ...claim,
  };
  const [last] = db
    .query<{ boot: string; sent_up: number }, []>("select boot, sent_up from message limit 1")
    .all();
  insert(db, "message", {
    ...{
      id: letter.id,
      kind: letter.kind,
      from_id: letter.fromId,
      from_name: letter.fromName,
      from_role: letter.fromRole,
    },
    ...{
      from_project: letter.fromProject,
      from_mailbox: mailbox,
      body: letter.body,
      priority: letter.priority,
    },
    recipients: JSON.stringify(letter.recipients.map((one) => [one.mailbox, one.name, one.project])),
    ...{
      type: letter.type,
      thread_id: letter.threadId,
      in_reply_to: letter.inReplyTo,
      hops: letter.hops,
      rule: letter.rule,
    },
    ...{ sent_at: letter.sentAt, ttl_ms: letter.ttlMs, sent_up: last?.sent_up ?? 0, boot: last?.boot ?? "" },
    ...{ public_key: keys.publicKey, signature: keys.sign(signedText(letter)) },
  });
  deliver(db, db.query<{ seq: number }, []>("select max(seq) as seq from message").get()?.seq ?? 0, "bob");
}

describe("a row that was a genuine message", () => {
  const changes: [string, Row][] = [
    ["with another text", { body: "forged" }],
    ["with another sender's name", { from_name: "lead" }],
    ["with another sender's id", { from_id: "0".repeat(26) }],
    ["with another role", { from_role: "boss" }],
    ["with another project", { from_project: null }],
    ["with another rule", { rule: "no-project" }],
    ["with another priority", { priority: "urgent" }],
    ["as an answer", { rule: "reply", in_reply_to: "01ARZ3NDEKTSV4RRFFQ69G5FAV" }],
    ["as a notice of cc-dm", { kind: "notice", rule: "notice", from_name: "cc-dm" }],
    ["with recipients that are no list", { recipients: "bob" }],
    ["with a longer life", { ttl_ms: 9_000_000_000 }],
    ["with a signature that is none", { signature: "forged" }],
    ["with a key that is none", { public_key: "forged" }],
  ];

  /** One genuine message each, changed in just that, and one copied as it is. @returns how many. */
  async function tamper(a: TestSession, db: Database): Promise<number> {
    for (const [content, change] of changes) {
      const { message_id } = await a.ok("dm", { to: "bob", content });
      alter(db, message_id, change);
    }
    copy(db);
    return changes.length + 1;
  }

  test("is never shown, whatever was changed in it, and every one is counted", async () => {
    const { a, b, db } = await scene();
    await notShown(a, b, await tamper(a, db));
  });

  test("does not come as a channel event either", async () => {
    const a = await bus.start({ name: "alice", project: "shop" });
    const b = await bus.start({ name: "bob", project: "shop", channel: true });
    await a.ok("dm", { to: "bob", content: "genuine" });
    await b.events.next();
    b.kill("SIGSTOP"); // else they come before they are changed
    const count = await tamper(a, bus.open());
    await a.ok("dm", { to: "bob", content: "last" });
    b.kill("SIGCONT");
    await b.events.next((event) => event.content.endsWith("\n\nlast"));
    expect(b.events.all.map((event) => event.content.split("\n\n")[1])).toEqual(["genuine", "last"]);
    expect((await b.ok("who")).warnings).toHaveLength(1);
    const setAside = () => b.stderr.all.filter((line) => line.includes("message_quarantined"));
    await until("all of it is on stderr", () => setAside().length >= count);
    expect(setAside()).toHaveLength(count);
  });
});

describe("a genuine message", () => {
  test("that was changed on its way is not shown", async () => {
    const { a, b, db } = await scene();
    await a.ok("dm", { to: "bob", content: "pay 10" });
    db.run("update message set body = 'forged: pay 1000' where body = 'pay 10'");
    await notShown(a, b, 1);
  });

  test("to somebody else is not shown to whom it was delivered by hand", async () => {
    const { a, b, db } = await scene();
    await bus.start({ name: "carol", project: "shop" });
    const { message_id } = await a.ok("dm", { to: "carol", content: "forged for bob" });
    const seq =
      db.query<{ seq: number }, [string]>("select seq from message where id = ?").get(message_id)?.seq ?? 0;
    deliver(db, seq, "bob");
    await notShown(a, b, 1);
  });

  test("to somebody else is not shown to whom it was diverted", async () => {
    const { a, b, db } = await scene();
    await bus.start({ name: "carol", project: "shop" });
    await a.ok("dm", { to: "carol", content: "forged for bob" });
    db.query("update delivery set mailbox = ? where mailbox = ?").run(
      mailboxOf(db, "bob"),
      mailboxOf(db, "carol"),
    );
    await notShown(a, b, 1);
  });
});

describe("a letter that a stranger signed with a key of his own", () => {
  test("is not shown under the name of a session that he is not", async () => {
    const { a, b, db } = await scene();
    const { keys, mailbox } = stranger(db, "mallory", null);
    post(db, keys, mailbox, { fromName: "alice" });
    post(db, keys, mailbox, { fromName: "lead" });
    const { id } = (await a.ok("who")).sessions[0] ?? { id: "" };
    post(db, keys, mailbox, { fromId: id, fromName: "alice" });
    await notShown(a, b, 3);
  });

  test("is not shown if its rule does not allow it", async () => {
    const { a, b, db } = await scene();
    const { keys, mailbox } = stranger(db, "mallory", "other");
    post(db, keys, mailbox, { fromProject: "other", rule: "no-project" });
    post(db, keys, mailbox, { fromProject: "other", rule: "same-project" });
    post(db, keys, mailbox, { fromProject: null, rule: "same-project" });
    post(db, keys, mailbox, { fromProject: "other", rule: "reply" });
    post(db, keys, mailbox, { fromProject: "other", rule: "reply", inReplyTo: "01ARZ3NDEKTSV4RRFFQ69G5FAV" });
    post(db, keys, mailbox, { fromProject: "other", rule: "anything" as Letter["rule"] });
    await notShown(a, b, 6);
  });

  test("is not shown as the answer to what was written to somebody else", async () => {
    const { a, b, db } = await scene();
    const { keys, mailbox } = stranger(db, "mallory", "other");
    const asked = await b.ok("dm", { to: "alice", content: "to alice" });
    const claim = { fromProject: "other", rule: "reply", inReplyTo: asked.message_id } as const;
    post(db, keys, mailbox, claim);
    post(db, keys, mailboxOf(db, "alice"), claim); // and if he says that alice's mailbox is his
    await notShown(a, b, 2);
  });

  test("is not shown as a notice of cc-dm itself", async () => {
    const { a, b, db } = await scene();
    const asked = await b.ok("dm", { to: "alice", content: "to alice" });
    const notice = { kind: "notice", rule: "notice", fromName: "cc-dm", fromRole: "notice" } as const;
    post(db, makeKeys(), 1, { ...notice, inReplyTo: asked.message_id }); // of nobody on the roster
    const { keys, mailbox } = stranger(db, "mallory", null);
    post(db, keys, mailbox, { ...notice, inReplyTo: null });
    post(db, keys, mailbox, { ...notice, rule: "no-project", inReplyTo: asked.message_id });
    post(db, keys, mailbox, { ...notice, kind: "dm", inReplyTo: asked.message_id });
    await notShown(a, b, 4);
  });
});
