/** A damaged bus, under running sessions and where none runs. */
import { Database } from "bun:sqlite";
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { until } from "../../support/processes.ts";
import type { Account } from "../balance.ts";
import { type Effort, type Outcome, type Scene, sum } from "../fault.ts";
import { type Actor, type Stage, stage } from "../stage.ts";

interface Shape {
  readonly name: string;
  readonly harm: (file: string) => void;
  /** The log is emptied into the file first. */
  readonly settled: boolean;
  /** SQLite takes what is left for all there ever was: nobody can notice, so nobody is told. */
  readonly unnoticed?: "at start" | "ever";
}

const pageBytes = 4096;

function overwrite(file: string, at: number, bytes: Uint8Array): void {
  const fd = openSync(file, "r+");
  writeSync(fd, bytes, 0, bytes.length, at);
  closeSync(fd);
}

const noise = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const pagesOf = (file: string) => Math.floor(statSync(file).size / pageBytes);
const anyPage = (file: string) => 1 + Math.floor(Math.random() * (pagesOf(file) - 1));

const fileShapes: readonly Shape[] = [
  { name: "header overwritten", settled: true, harm: (file) => overwrite(file, 0, noise(100)) },
  { name: "first page zeroed", settled: true, harm: (file) => overwrite(file, 0, new Uint8Array(pageBytes)) },
  { name: "cut in the middle of a page", settled: true, harm: (file) => truncateSync(file, 5_000) },
  {
    name: "cut to half",
    settled: true,
    harm: (file) => truncateSync(file, pageBytes * (pagesOf(file) >> 1)),
  },
  { name: "emptied", settled: true, unnoticed: "at start", harm: (file) => truncateSync(file, 0) },
  { name: "replaced by a text", settled: true, harm: (file) => void Bun.write(file, "my shopping list\n") },
  {
    name: "a page zeroed",
    settled: true,
    harm: (file) => overwrite(file, anyPage(file) * pageBytes, new Uint8Array(pageBytes)),
  },
  {
    name: "a page of noise",
    settled: true,
    harm: (file) => overwrite(file, anyPage(file) * pageBytes, noise(pageBytes)),
  },
  { name: "an entry of an index flipped", settled: true, harm: flipIndexed },
  {
    name: "a few bytes flipped", // there are no checksums: only what stands in a message is noticed, by its signature
    settled: true,
    unnoticed: "ever",
    harm(file) {
      for (let i = 0; i < 8; i++) overwrite(file, Math.floor(Math.random() * statSync(file).size), noise(1));
    },
  },
];

const logShapes: readonly Shape[] = [
  {
    name: "log: last frames cut",
    settled: false,
    unnoticed: "at start",
    harm: (file) => truncateSync(`${file}-wal`, Math.max(0, statSync(`${file}-wal`).size - 9_000)),
  },
  {
    name: "log: last frames overwritten",
    settled: false,
    unnoticed: "at start",
    harm: (file) => overwrite(`${file}-wal`, Math.max(0, statSync(`${file}-wal`).size - 9_000), noise(9_000)),
  },
  {
    name: "log emptied",
    settled: false,
    unnoticed: "at start",
    harm: (file) => truncateSync(`${file}-wal`, 0),
  },
  { name: "log deleted", settled: false, unnoticed: "ever", harm: (file) => rmSync(`${file}-wal`) },
  { name: "index of the log deleted", settled: false, harm: (file) => rmSync(`${file}-shm`) },
];

/** The message's number in the first entry of the index of what waits: which write finds that it is wrong? */
function flipIndexed(file: string): void {
  const db = new Database(file, { readonly: true });
  const sql = "select rootpage from sqlite_master where name = 'delivery_open'";
  const root = db.query<{ rootpage: number }, []>(sql).get()?.rootpage ?? 0;
  db.close();
  const page = readFileSync(file).subarray((root - 1) * pageBytes, root * pageBytes);
  const firstCell = page.readUInt16BE(8);
  const entryAt = firstCell + 2 + (page[firstCell + 1] ?? 0) - 1; // its last byte
  overwrite(file, (root - 1) * pageBytes + entryAt, Uint8Array.of((page[entryAt] ?? 0) ^ 1));
}

/** All of the log into the file. */
function settle(file: string): void {
  const db = new Database(file);
  db.run("pragma wal_checkpoint(truncate)");
  db.close();
}

const body = "x".repeat(600);
const patienceMs = 15_000;

async function fill(alice: Actor, bob: Actor): Promise<void> {
  for (let i = 0; i < 6; i++) await alice.send("bob", body);
  await bob.inbox();
  for (let i = 0; i < 12; i++) await alice.send("bob", body);
  for (let i = 0; i < 4; i++) await bob.send("alice", body);
  for (let i = 0; i < 6; i++) await alice.send("dora", body); // who is closed
  await Bun.sleep(150); // what was read is proved
}

/** Waits until the two find each other and a message goes through. @returns what they say if it does not. */
async function works(alice: Actor, bob: Actor): Promise<string | null> {
  const end = performance.now() + patienceMs;
  let last = "";
  while (performance.now() < end) {
    const [one, other] = await Promise.all(
      [alice.ask("who"), bob.ask("who")].map((it) => it.catch(() => "")),
    );
    if ([one, other].every((text) => /"alice"/.test(text ?? "") && /"bob"/.test(text ?? ""))) {
      if ((await alice.send("bob")) !== null && (await bob.inbox().catch(() => 0)) > 0) return null;
    }
    last = `${one} ${other}`.slice(0, 800);
    await Bun.sleep(50);
  }
  return last;
}

/**
 * What can be lost with the bytes it stood in is judged by its number, and by who was told. That goes for
 * evidence too: what had it comes once more, marked. Of a row that reads otherwise now nobody can tell.
 */
function read(on: Stage, { unnoticed }: Shape): Account {
  const account = on.account();
  const faults = account.faults.filter(({ what, lines }) => {
    if (/^lost:|quarantined/.test(what)) return false;
    if (unnoticed === "ever" && /^never arrived|^shown more often/.test(what)) return false;
    const showings = lines.filter((line) => (line as { what?: unknown }).what === "shown").length;
    return !(what === "shown again after it was proved to be seen" && showings === 2);
  });
  return { ...account, faults };
}

function isTold(texts: readonly string[]): boolean {
  return texts.some((text) => /was damaged|was emptied|was deleted or replaced/.test(text));
}

async function once(shape: Shape, running: boolean): Promise<Outcome> {
  await using on = stage();
  const wrong: string[] = [];
  await (await on.start("dora")).server.close();
  let [alice, bob] = await Promise.all([on.start("alice"), on.start("bob")]);
  await fill(alice, bob);
  if (!running) {
    for (const one of [alice, bob]) one.signal("SIGKILL"); // so that the log stays
    await Promise.all([alice.server.gone, bob.server.gone]);
  }
  if (shape.settled) settle(on.file);
  if (!existsSync(`${on.file}-wal`) && !shape.settled) wrong.push("there was no log to harm");
  else shape.harm(on.file);
  if (!running) [alice, bob] = await Promise.all([on.start("alice"), on.start("bob")]);
  const stuck = await works(alice, bob);
  if (stuck !== null) wrong.push(`${shape.name}: they do not go on: ${stuck}`);
  for (const one of [alice, bob]) for (let i = 0; i < 3; i++) await one.inbox().catch(() => 0);
  const dora = await on.start("dora");
  // Without its log she may see some of it later: what others still have open comes into the file with theirs.
  const look = async () => {
    await dora.inbox().catch(() => 0);
    return on.rows().every(({ state }) => state !== "queued" && state !== "handed");
  };
  await until("what can be read was read", look, 12_000).catch(() => {}); // the account tells
  await until("a bus is in its place", () => isReadable(on)); // dora's evidence may be what finds the damage
  const account = read(on, shape);
  for (const one of [alice, bob, dora]) await one.ask("who").catch(() => "");
  const doubted = on.rows().filter(({ state }) => state === "quarantined").length; // doctor tells
  const noticed = shape.unnoticed !== "ever" && (running || shape.unnoticed === undefined);
  if (account.lost > doubted && noticed && ![alice, bob, dora].some(({ heard }) => isTold(heard)))
    wrong.push(`${shape.name}: ${account.lost} lost, and nobody was told`);
  if (readdirSync(on.home).some((name) => /\.(aside|lock|copy)/.test(name)))
    wrong.push(`${shape.name}: something was left over: ${readdirSync(on.home).join(" ")}`);
  const notes = account.lost > 0 ? [`${shape.name}: ${account.lost} of ${account.promised} lost`] : [];
  return { ...account, times: 1, wrong, notes };
}

function isReadable(on: Stage): boolean {
  try {
    on.rows();
    return true;
  } catch {
    return false;
  }
}

/** What was lost, by shape. */
function losses(outcomes: readonly Outcome[]): readonly string[] {
  const lost = outcomes.flatMap(({ notes }) => notes);
  return [...Map.groupBy(lost, (note) => note)].map(([note, list]) =>
    list.length > 1 ? `${list.length} × ${note}` : note,
  );
}

function scene(name: string, what: string, shapes: readonly Shape[], running: boolean): Scene {
  async function run({ rounds }: Effort): Promise<Outcome> {
    const outcomes: Outcome[] = [];
    const some = rounds < 20 ? shapes.filter((_, n) => n % 4 === 0) : shapes;
    for (let round = 0; round < Math.max(1, Math.round(rounds / 20)); round++)
      for (const shape of some) outcomes.push(await once(shape, running));
    return {
      ...sum(outcomes),
      times: outcomes.length,
      wrong: outcomes.flatMap(({ wrong }) => wrong),
      notes: losses(outcomes),
    };
  }
  // A start with damage is the shorter way through the same code.
  return { name, what, run, mayLose: true, ...(running ? {} : { slow: true as const }) };
}

const eachPage: Scene = {
  name: "each page overwritten",
  what: "every page of a bus once, under two sessions",
  mayLose: true,
  slow: true,
  async run(): Promise<Outcome> {
    const outcomes: Outcome[] = [];
    let pages = 1;
    for (let page = 0; page < pages; page++) {
      const harm = (file: string) => {
        pages = pagesOf(file);
        overwrite(file, page * pageBytes, noise(pageBytes));
      };
      outcomes.push(await once({ name: `page ${page + 1}`, settled: true, harm }, true));
    }
    const wrong = outcomes.flatMap((one) => one.wrong);
    return { ...sum(outcomes), times: outcomes.length, wrong, notes: losses(outcomes) };
  },
};

export const damaged: readonly Scene[] = [
  eachPage,
  scene("damaged bus.db, running", "ten shapes of damage under two sessions", fileShapes, true),
  scene("damaged bus.db, at start", "the same where none runs", fileShapes, false),
  scene("torn log, running", "bus.db-wal cut, overwritten, gone, its index gone", logShapes, true),
  scene("torn log, at start", "the same after kill -9 of all", logShapes, false),
];
