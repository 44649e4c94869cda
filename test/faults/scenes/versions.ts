/** Files that real builds of the past left behind, opened by the program of today. */
import { Database } from "bun:sqlite";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Row } from "../../soak/books.ts";
import { type Effort, type Outcome, type Scene, sum } from "../fault.ts";
import { type Actor, type Stage, stage } from "../stage.ts";
import { type Left, unpack } from "../versions/versions.ts";

const names = ["lead", "api", "dora", "web"] as const;
/** A client of its own: these are not four servers of one. */
const own = { clock: true, through: ["sh", "-c", '"$@"; exit', "sh"] };

/** Enters into the books what had been promised and shown by then. */
function remember(on: Stage, rows: readonly Row[]): void {
  for (const [n, { id, from, to, state }] of rows.entries()) {
    on.note(from, { what: "sent", n, id, to: [to] });
    if (state !== "queued") on.note(to, { what: "shown", id, path: "pull", repeat: false });
  }
}

interface Passed {
  readonly message_id: string;
  readonly content: string;
  readonly receipts: readonly { readonly name: string; readonly state: string }[];
}

/** What history says other than what was in the file; what waited then is seen now. */
async function forgotten(one: Actor, rows: readonly Row[]): Promise<readonly string[]> {
  const told = await one.ask("history", { limit: 50 });
  const { messages = [] } = JSON.parse(told) as { messages?: readonly Passed[] };
  return rows
    .filter(({ from, to }) => from === one.name || to === one.name)
    .flatMap(({ id, body, to, state }) => {
      const passed = messages.find(({ message_id }) => message_id === id);
      const receipt = passed?.receipts.find(({ name }) => name === to)?.state;
      const kept = passed?.content === body && receipt === (state === "replied" ? state : "seen");
      return kept ? [] : [`${one.name}'s history says "${passed?.content}" (${receipt}) for "${body}"`];
    });
}

/** What doctor finds to be wrong with the file. */
async function ills(one: Actor): Promise<readonly string[]> {
  interface Finding {
    readonly id: string;
    readonly severity: string;
    readonly found: string;
  }
  const { findings } = JSON.parse(await one.ask("doctor")) as { findings: readonly Finding[] };
  return findings
    .filter(({ id, severity }) => id.startsWith("bus.") || severity === "error")
    .map(({ id, found }) => `${id}: ${found}`);
}

/** Mail that waits for one name goes to another, which is a thing that a schema of the past may not know. */
async function merge(on: Stage, from: Actor): Promise<boolean> {
  await (await on.start("zoe", own)).server.close();
  await from.send("zoe");
  const zed = await on.start("zoe", { ...own, env: { CC_DM_SESSION_NAME: "zed" } });
  const said = await zed.ask("register", { name: "zoe" });
  return !said.includes('"error"') && (await zed.inbox()) === 1;
}

/** Tables, columns and indexes, a line each. */
function shape(file: string): readonly string[] {
  const db = new Database(file, { readonly: true });
  const lines = db
    .query<{ line: string }, []>(
      `select t.name || '.' || c.name || ' ' || c.type || ' ' || c."notnull" || ' ' || c.pk as line
         from pragma_table_list t join pragma_table_xinfo(t.name) c where t.schema = 'main'
       union all
       select i.name || ' on ' || t.name || '(' || group_concat(c.name) || ')' || i.partial || i."unique"
         from pragma_table_list t join pragma_index_list(t.name) i join pragma_index_xinfo(i.name) c
         where t.schema = 'main' and c.key group by t.name, i.name
       order by 1`,
    )
    .all()
    .map(({ line }) => line);
  db.close();
  return lines;
}

async function fresh(): Promise<readonly string[]> {
  await using on = stage();
  await on.start("alice");
  return shape(on.file);
}

async function open({ version, file }: Left, whole: readonly string[]): Promise<Outcome> {
  await using on = stage();
  mkdirSync(on.home, { mode: 0o700 });
  writeFileSync(on.file, file, { mode: 0o600 });
  // A minute later: nothing has expired, however long ago it was.
  writeFileSync(join(on.folder, "clock.json"), JSON.stringify([version.at + 60_000 - Date.now(), 0]));
  const before = on.rows();
  remember(on, before);
  const wrong: string[] = [];
  const inShop = { env: { CC_DM_SESSION_PROJECT: "shop" } };
  const actors = await Promise.all(
    names.map((name) => on.start(name, { ...own, ...(name === "web" ? inShop : {}) })),
  );
  for (const one of actors) await one.inbox();
  await on.drain();
  for (const one of actors) wrong.push(...(await forgotten(one, before)));
  const [lead, api, dora] = actors as [Actor, Actor, Actor, Actor];
  if (!(await lead.ask("history", { query: "later" })).includes('"later"')) wrong.push("nothing is found");
  if (!(await merge(on, dora))) wrong.push("a mailbox cannot be merged");
  if ((await dora.send("api")) === null) wrong.push("nothing can be sent");
  await api.inbox();
  await on.drain();
  wrong.push(...(await ills(dora)));
  const now = shape(on.file);
  wrong.push(...now.filter((line) => !whole.includes(line)).map((line) => `it still has ${line}`));
  wrong.push(...whole.filter((line) => !now.includes(line)).map((line) => `it has no ${line}`));
  return { ...on.account(), times: 1, wrong: wrong.map((text) => `${version.commit}: ${text}`), notes: [] };
}

export const versions: Scene = {
  name: "files of twenty earlier builds",
  what: "the first and the last build with each schema there was; what waits, what was read, receipts",
  async run({ rounds }: Effort): Promise<Outcome> {
    const outcomes: Outcome[] = [];
    const whole = await fresh();
    for (const [n, left] of (await unpack()).entries())
      if (rounds >= 20 || n % 2 === 0) outcomes.push(await open(left, whole));
    const wrong = outcomes.flatMap((one) => one.wrong);
    return { ...sum(outcomes), times: outcomes.length, wrong, notes: [] };
  },
};
