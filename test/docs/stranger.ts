/**
 * Another client, written after docs/protocol.md alone: it imports nothing of cc-dm. It joins a bus, sends,
 * and reads what is sent to it.
 */
import { Database } from "bun:sqlite";
import { createHash, createPublicKey, generateKeyPairSync, randomBytes, sign, verify } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname, uptime } from "node:os";

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

interface Row {
  readonly [column: string]: string | number | null;
}

export interface Stranger {
  readonly id: string;
  send(to: string, body: string): Promise<string>;
  /** Takes the oldest message that waits for it, if it can be believed, and notes that it was seen. */
  receive(): Row | null;
  leave(): void;
}

export function joinAs(name: string, file: string): Stranger {
  const db = new Database(file);
  for (const pragma of ["busy_timeout = 2000", "synchronous = normal", "foreign_keys = on"])
    db.run(`pragma ${pragma}`);
  const pair = generateKeyPairSync("ed25519");
  const publicKey = String(pair.publicKey.export({ format: "jwk" }).x);
  const id = idOf(publicKey);
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  const start = readFileSync("/proc/self/stat", "utf8").split(") ").at(-1)?.split(" ")[19] ?? "";
  const insert = (table: string, row: Row) =>
    db
      .query(`insert into ${table} (${Object.keys(row)}) values (${Object.keys(row).map(() => "?")})`)
      .run(...Object.values(row));

  const mailbox = db.transaction((): number => {
    const number = Number(db.query("insert into mailbox_id default values").run().lastInsertRowid);
    db.run("delete from mailbox_id");
    insert("mailbox", { id: number, name, project: "", folder: "/", holder: id, archived_at: null });
    const [place, up] = [readlinkSync("/proc/self/ns/pid"), Math.round(uptime() * 1000)];
    insert("session", {
      ...{ id, public_key: publicKey, name, role: "worker", project: null, start_name: name },
      ...{ start_role: "worker", mailbox: number, machine: hostname(), boot, pid_space: place },
      ...{ server_pid: process.pid, server_start: start, client_pid: process.pid, client_start: start },
      ...{ cwd: "/", listed: 1, started_at: Date.now(), beat_at: Date.now(), beat_up: up },
    });
    insert("session_name", { session: id, name });
    return number;
  });
  const box = mailbox.immediate();

  return {
    id,
    async send(to, body) {
      const receiver = db
        .query<Row, [string]>("select * from session where name = ? and closed_at is null")
        .get(to);
      if (receiver === null) throw new Error(`nobody is called ${to}`);
      const [message, now, ttl] = [ulid(), Date.now(), 60_000];
      const recipients = [[receiver.mailbox, receiver.name, receiver.project]];
      const text = JSON.stringify([
        ...["cc-dm/1 message", message, "dm", id, name, "worker", null, recipients],
        ...[body, null, null, null, null, 0, "no-project", now, ttl],
      ]);
      db.transaction(() => {
        insert("message", {
          ...{
            id: message,
            kind: "dm",
            from_id: id,
            from_name: name,
            from_role: "worker",
            from_project: null,
          },
          ...{ from_mailbox: box, recipients: JSON.stringify(recipients), body, hops: 0, rule: "no-project" },
          ...{ sent_at: now, ttl_ms: ttl, sent_up: Math.round(uptime() * 1000), boot, public_key: publicKey },
          signature: sign(null, Buffer.from(text), pair.privateKey).toString("base64url"),
        });
        const { seq } = db
          .query<{ seq: number }, [string]>("select seq from message where id = ?")
          .get(message) ?? {
          seq: 0,
        };
        insert("delivery", {
          ...{
            message: seq,
            addressed: Number(receiver.mailbox),
            mailbox: Number(receiver.mailbox),
            name: to,
          },
          ...{ state: "queued", open: 1, expires_at: now + ttl },
        });
      }).immediate();
      if (receiver.bell !== null) await ring(String(receiver.bell));
      return message;
    },
    receive() {
      const token = Array.from(randomBytes(12), (byte) => alphabet[byte % 32]).join("");
      const claimed = db
        .transaction((): Row | null => {
          const row = db
            .query<Row, [number, string]>(
              `select m.*, d.addressed from delivery d join message m on m.seq = d.message where d.mailbox = ? and d.open = 1
                 and (d.state = 'queued' or d.session is not ?) order by d.message limit 1`,
            )
            .get(box, id);
          if (row === null) return null;
          db.query(
            `update delivery set state = 'handed', path = 'pull', token = ?, session = ?, handed_at = ?, offers = offers + 1
             where message = ? and addressed = ?`,
          ).run(token, id, Date.now(), row.seq ?? 0, row.addressed ?? 0);
          return row;
        })
        .immediate();
      if (claimed === null) return null;
      if (!isGenuine(claimed, box)) throw new Error("not believed");
      db.query(
        "update delivery set state = 'seen', open = 0, seen_at = ?, evidence = 'read' where token = ? and open = 1",
      ).run(Date.now(), token);
      return claimed;
    },
    leave() {
      db.query("update session set closed_at = ? where id = ?").run(Date.now(), id);
      db.close();
    },
  };
}

function isGenuine(row: Row, box: number): boolean {
  const recipients = JSON.parse(String(row.recipients)) as readonly (readonly [
    number,
    string,
    string | null,
  ])[];
  const text = JSON.stringify([
    ...["cc-dm/1 message", row.id, row.kind, row.from_id, row.from_name, row.from_role, row.from_project],
    ...[recipients, row.body, row.priority, row.type, row.thread_id, row.in_reply_to, row.hops, row.rule],
    ...[row.sent_at, row.ttl_ms],
  ]);
  const key = createPublicKey({
    key: { kty: "OKP", crv: "Ed25519", x: String(row.public_key) },
    format: "jwk",
  });
  return (
    idOf(String(row.public_key)) === row.from_id &&
    recipients.some(([mailbox]) => mailbox === row.addressed && mailbox === box) &&
    verify(null, Buffer.from(text), key, Buffer.from(String(row.signature), "base64url"))
  );
}

function idOf(publicKey: string): string {
  const hash = createHash("sha256").update(Buffer.from(publicKey, "base64url")).digest();
  const bits = [...hash].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return Array.from(
    { length: 26 },
    (_, i) => alphabet[Number.parseInt(bits.slice(i * 5, i * 5 + 5), 2)],
  ).join("");
}

function ulid(): string {
  let time = Date.now();
  const sign = (value: number) => (alphabet[value] ?? "").toUpperCase();
  const stamp: string[] = [];
  for (let i = 0; i < 10; i++, time = Math.floor(time / 32)) stamp.unshift(sign(time % 32));
  return stamp.join("") + Array.from(randomBytes(16), (byte) => sign(byte % 32)).join("");
}

/** Carries nothing; if it fails, the receiver looks by itself within half a second. */
async function ring(path: string): Promise<void> {
  const socket = { data() {}, error() {}, connectError() {}, open: (one: Bun.Socket) => void one.end() };
  await Bun.connect({ unix: path, socket }).catch(() => {});
}
