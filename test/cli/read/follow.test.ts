/** `cc-dm log --follow`: what comes, what changes, and everything that may be wrong meanwhile. */
import { Database } from "bun:sqlite";
import { afterAll, afterEach, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../../support/processes.ts";
import { type Built, builtProgram } from "../program.ts";
import { hasWindows, windows } from "../window.ts";
import { type Mail, mailIn } from "./mail.ts";

setDefaultTimeout(40_000);

let built: Built;
beforeAll(async () => {
  built = await builtProgram();
});
afterAll(() => built.remove());

let folder = "";
let home = "";
let mail: Mail | null = null;
let children: Bun.Subprocess[] = [];
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "cc-dm-follow-")));
  home = join(folder, "home");
  mail = null;
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  await Promise.all(children.map((child) => child.exited));
  mail?.end();
  rmSync(folder, { recursive: true });
});

const env = () => ({ CC_DM_HOME: home, HOME: folder, PATH: "/usr/bin:/bin" });

interface Following {
  readonly out: () => string;
  readonly err: () => string;
  readonly exited: Promise<number>;
  signal(signal: NodeJS.Signals): void;
  /** Waits until that stands in what it has put out. */
  says(text: string, where?: "out" | "err"): Promise<void>;
}

function start(...words: readonly string[]): Following {
  const child = Bun.spawn([process.execPath, built.file, "log", "--follow", ...words], {
    env: env(),
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  children.push(child);
  const said = { out: "", err: "" };
  const keep = async (stream: ReadableStream<Uint8Array>, where: "out" | "err") => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) said[where] += decoder.decode(chunk, { stream: true });
  };
  keep(child.stdout, "out").catch(() => {});
  keep(child.stderr, "err").catch(() => {});
  return {
    out: () => said.out,
    err: () => said.err,
    exited: child.exited,
    signal: (signal) => child.kill(signal),
    says: (text, where = "out") =>
      until(`${text} in ${where}`, () => said[where].includes(text), 15_000).catch((error: Error) => {
        throw new Error(`${error.message}\n${JSON.stringify(said)}`);
      }),
  };
}

async function twoOf(of: Mail) {
  return [await of.join("lead"), await of.join("api")] as const;
}

test("shows what was there, what comes, and that it was seen; and ends with 0 when told to", async () => {
  mail = await mailIn(folder);
  const [lead, api] = await twoOf(mail);
  const before = await mail.send(lead, [api], { body: "before" });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    const log = start("--last", "1");
    await log.says(": ");
    const body = `while it runs, until ${signal}`;
    const id = await mail.send(lead, [api], { body });
    await log.says(`${id} lead -> api queued: ${body}`);
    await mail.read(api);
    await log.says(`${id} api seen`);
    log.signal(signal);
    expect(await log.exited).toBe(0);
    expect(log.err()).toBe("");
    expect(log.out().includes(before)).toBe(signal === "SIGINT");
  }
});

test("for a script every line is one object, receipts of a kind of their own", async () => {
  mail = await mailIn(folder);
  const [lead, api] = await twoOf(mail);
  const log = start("--json", "--from", "lead");
  const ids = [await mail.send(lead, [api], { body: "one\ntwo" })];
  await log.says(ids[0] ?? "");
  await mail.send(api, [lead], { body: "not from lead" });
  await mail.read(api);
  await log.says('"event":"receipt"');
  ids.push(await mail.send(lead, [api], { body: "last" }));
  await log.says('"last"');
  const lines = log
    .out()
    .trimEnd()
    .split("\n")
    .map((one) => JSON.parse(one) as Record<string, unknown>);
  expect(lines.map(({ event }) => event)).toEqual(["message", "receipt", "message"]);
  expect(lines[0]).toMatchObject({
    message_id: ids[0],
    content: "one\ntwo",
    receipts: [{ to: "api", state: "queued" }],
  });
  expect(lines[1]).toMatchObject({
    message_id: ids[0],
    receipts: [{ to: "api", state: "seen", evidence: "prompt" }],
  });
});

test("ends when nobody reads any more, though nothing is written", async () => {
  mail = await mailIn(folder);
  const [lead, api] = await twoOf(mail);
  for (let n = 0; n < 3; n++) await mail.send(lead, [api], { body: `${n}` });
  const line = `"${process.execPath}" "${built.file}" log -f | head -n 1`;
  const child = Bun.spawn(["sh", "-c", line], { env: env(), stdout: "pipe", stderr: "pipe" });
  children.push(child);
  // The shell waits for both.
  expect([await child.exited, await child.stderr.text()]).toEqual([0, ""]);
  expect(await child.stdout.text()).toEndWith("queued: 0\n");
});

test("waits for a bus that is not there yet, and says so once", async () => {
  const log = start("--from", "lead");
  await log.says("waiting for the first session.\n", "err");
  mkdirSync(home, { recursive: true });
  mail = await mailIn(folder);
  const [lead, api] = await twoOf(mail);
  await mail.send(lead, [api], { body: "the first ever" });
  await log.says("the first ever");
  await log.says("It is there again.", "err");
  expect(log.err()).toBe(
    `cc-dm: There is no bus at ${mail.file} yet; waiting for the first session.\ncc-dm: It is there again.\n`,
  );
});

test("waits for a name that nobody has had yet, and says which was meant perhaps", async () => {
  mail = await mailIn(folder);
  const [lead] = await twoOf(mail);
  const log = start("--from", "web", "--to", "lead");
  await log.says("Waiting for one.", "err");
  await mail.send(await mail.join("web"), [lead], { body: "here I am" });
  await log.says("here I am");
  expect(log.err()).toBe('cc-dm: Nobody called "web" is on record. Waiting for one.\n');
});

test("a locked bus is said once, and followed as soon as it is free", async () => {
  mail = await mailIn(folder);
  const [lead, api] = await twoOf(mail);
  await mail.send(lead, [api], { body: "before" });
  mail.end();
  // As its last user it takes the file for itself: nobody reads it then.
  const locker = new Database(mail.file);
  locker.run("pragma locking_mode = exclusive");
  locker.run("begin exclusive");
  const log = start();
  await log.says("is locked by another program", "err");
  locker.run("commit");
  locker.close();
  await log.says("before");
  mail = await mailIn(folder);
  await log.says("It is there again.", "err");
  expect(log.err().match(/is locked/g)).toHaveLength(1);
});

test("follows the bus that takes the place of one that was moved away", async () => {
  mail = await mailIn(folder);
  const [lead, api] = await twoOf(mail);
  await mail.send(lead, [api], { body: "in the old one" });
  const log = start();
  await log.says("in the old one");
  mail.end();
  renameSync(home, join(folder, "old"));
  await log.says("moved away or deleted", "err");
  mail = await mailIn(folder);
  const [planner, web] = [await mail.join("planner"), await mail.join("web")];
  await mail.send(planner, [web], { body: "in the new one" });
  await log.says("in the new one");
});

test("a bus of a newer cc-dm ends it with a clear word, at the start and later", async () => {
  mail = await mailIn(folder);
  const [lead, api] = await twoOf(mail);
  await mail.send(lead, [api], { body: "before" });
  const running = start();
  await running.says("before");
  mail.end();
  const file = new Database(mail.file);
  file.run("pragma user_version = 99");
  file.run("alter table message rename column body to text");
  file.close();
  for (const log of [running, start()]) {
    expect(await log.exited).toBe(3);
    expect(log.err()).toContain("was written by a newer cc-dm (schema 99");
  }
  mail = null;
});

test("rows that were written past cc-dm are told of and not shown", async () => {
  mail = await mailIn(folder);
  const [lead, api] = await twoOf(mail);
  const log = start();
  mail.tamper(
    "create trigger forge after insert on message when new.body = 'mine' begin update message set body = 'forged' where seq = new.seq; end",
  );
  await mail.send(lead, [api], { body: "mine" });
  await mail.send(lead, [api], { body: "genuine" });
  await log.says("genuine");
  await log.says("1 row is not what its sender signed and is not shown", "err");
  expect(log.out()).not.toContain("forged");
});

if (hasWindows) {
  const window = windows();
  const line = (words: string, columns: number) =>
    `stty cols ${columns}; "${process.execPath}" "${built.file}" ${words}`;

  test("on a terminal of 40 columns every line fits, and the end of it is left clean", async () => {
    mail = await mailIn(folder);
    const [lead, api] = [await mail.join("שלום"), await mail.join("データベース係")];
    await mail.send(lead, [api], {
      body: "今日はデータベースの移行をします。終わったら知らせてください。",
      threadId: "T-1",
    });
    await mail.send(api, [lead], {
      body: "bidi \u202eabc\u202c and 👩‍👩‍👧‍👦 and \u001b[31mred\u001b[0m and a long line of text",
    });
    const shown = await window.show(line("log -f", 40), { ...env(), TERM: "xterm-256color" });
    await shown.screen((text) => text.includes("○ queued") && text.includes("red"));
    await mail.read(api);
    const screen = await shown.screen((text) => text.includes("✓ seen by データベース係"));
    for (const one of screen.split("\n")) expect(Bun.stringWidth(one.trimEnd())).toBeLessThanOrEqual(40);
    expect(screen.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
    await shown.press("C-c");
    expect(await shown.ended).toBe(0);
  });

  test("search marks the words on a terminal, and thread lays answers below what they answer", async () => {
    mail = await mailIn(folder);
    const [lead, api] = await twoOf(mail);
    const id = await mail.send(lead, [api], { body: "last night's migration", threadId: "T-1" });
    await mail.send(api, [lead], { body: "it ran", rule: "reply", inReplyTo: id });
    const shown = await window.show(
      `${line("search migr", 80)}; "${process.execPath}" "${built.file}" thread T-1`,
      { ...env(), TERM: "xterm-256color" },
    );
    const screen = await shown.screen((text) => text.includes("it ran"));
    expect(screen).toMatch(
      /^\d\d:\d\d:\d\d {2}lead → api · ✓ replied · #T-1 · \w{8}\n {10}last night's migration$/m,
    );
    expect(screen).toMatch(/^ {2}\d\d:\d\d:\d\d {2}api → lead · ○ queued · \w{8}\n {12}it ran$/m);
  });
}
