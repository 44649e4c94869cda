/**
 * A session of an older plugin of this kind, on the same file: registers itself in its own tables,
 * says so, then beats, sweeps and reads its mail as that plugin does, every 50 ms.
 * Arguments: file, name. On a line on stdin it says what it has read, and whether anything failed.
 */
import { Database } from "bun:sqlite";

const [file = "", name = ""] = process.argv.slice(2);
const now = () => new Date().toISOString();
const db = new Database(file, { create: true });
db.run("pragma busy_timeout = 5000");
db.run(
  "create table if not exists sessions (id text primary key, name text unique, role text, last_seen text)",
);
db.run(
  "create table if not exists messages (id integer primary key, to_name text, body text, sent_at text, delivered integer default 0)",
);
db.run("insert into sessions values (?, ?, 'worker', ?)", [crypto.randomUUID(), name, now()]);
process.stdout.write("registered\n");

const read: string[] = [];
const failures: string[] = [];
function beat(): void {
  try {
    db.run("update sessions set last_seen = ? where name = ?", [now(), name]);
    db.run("delete from sessions where last_seen < ?", [new Date(Date.now() - 60_000).toISOString()]);
    const rows = db
      .query<{ id: number; body: string }, [string]>(
        "select id, body from messages where to_name = ? and delivered = 0",
      )
      .all(name);
    for (const row of rows) {
      read.push(row.body);
      db.run("update messages set delivered = 1 where id = ?", [row.id]);
    }
  } catch (error) {
    failures.push(String(error));
  }
}
setInterval(beat, 50);

for await (const _ of console) {
  beat();
  const rows = db.query<{ name: string }, []>("select name from sessions order by name").all();
  process.stdout.write(`${JSON.stringify({ read, failures, sessions: rows.map((row) => row.name) })}\n`);
}
