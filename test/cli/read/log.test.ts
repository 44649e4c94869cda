/** The commands that show mail, as a person and a script run them. */
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeKeys } from "../../../plugin/core/keys.ts";
import type { Member } from "../../fakes/people.ts";
import { type Built, builtProgram, run } from "../program.ts";
import { type Mail, mailIn } from "./mail.ts";

setDefaultTimeout(30_000);

let built: Built;
beforeAll(async () => {
  built = await builtProgram();
});
afterAll(() => built.remove());

let folder = "";
let mail: Mail;
let [lead, api, web]: readonly Member[] = [];
beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "cc-dm-log-")));
  mail = await mailIn(folder);
});
afterEach(() => {
  mail.end();
  rmSync(folder, { recursive: true });
});

const cli = (...words: readonly string[]) =>
  run(
    [process.execPath, built.file, ...words],
    { CC_DM_HOME: mail.home, HOME: folder, PATH: "/usr/bin:/bin" },
    folder,
  );

interface Told {
  readonly message_id: string;
  readonly content: string;
  readonly depth?: number;
  readonly receipts: readonly { readonly to: string; readonly state: string }[];
}
const told = async (...words: readonly string[]): Promise<readonly Told[]> =>
  JSON.parse((await cli(...words, "--json")).out).messages;
const contents = async (...words: readonly string[]) => (await told(...words)).map(({ content }) => content);

const hour = 3_600_000;
const ids: Record<string, string> = {};

/** Three sessions in two projects, and five messages among them. */
async function someMail(): Promise<void> {
  [lead, api, web] = [
    await mail.join("lead"),
    await mail.join("api", "shop"),
    await mail.join("web", "shop"),
  ];
  const ago = (hours: number) => Date.now() - hours * hour;
  ids.night = await mail.send(lead, [api], { body: "last night's message", sentAt: ago(11), type: "task" });
  ids.answer = await mail.send(api, [lead], {
    body: "done, see port 8080",
    sentAt: ago(10),
    rule: "reply",
    inReplyTo: ids.night,
  });
  await mail.read(api);
  ids.both = await mail.send(lead, [api, web], {
    body: "to both\nof you",
    sentAt: ago(3),
    threadId: "T-1",
    priority: "urgent",
  });
  ids.within = await mail.send(api, [web], {
    body: "within the shop",
    sentAt: ago(2),
    threadId: "T-1",
    type: "question",
  });
  ids.late = await mail.send(web, [api], {
    body: "今日は移行をします",
    sentAt: ago(1),
    rule: "reply",
    inReplyTo: ids.within,
  });
  await mail.bus.close([web.session.id]);
}

describe("log", () => {
  test("into a pipe shows a line for each message, the newest last", async () => {
    await someMail();
    const { exit, out, err } = await cli("log", "--last", "4");
    expect({ exit, err }).toEqual({ exit: 0, err: "" });
    expect(out.replace(/^\S+Z /gm, "")).toBe(`${ids.answer} api -> lead queued: done, see port 8080
${ids.both} lead -> api,web (urgent broadcast) all 2 queued: to both ⏎ of you
${ids.within} api -> web (question) replied: within the shop
${ids.late} web -> api queued: 今日は移行をします
`);
    expect((await cli("log", "--last", "1", "--from", "lead", "--type", "task")).out).toContain(
      "api (task) replied: last",
    );
  });

  test("is narrowed by name, project, thread, type and time; names of closed sessions too", async () => {
    await someMail();
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ["--from web", ["今日は移行をします"]],
      ["--from WEB --to api", ["今日は移行をします"]],
      ["--to lead", ["done, see port 8080"]],
      ["--project shop --from lead --since 4h", ["to both\nof you"]],
      ["--thread T-1", ["to both\nof you", "within the shop"]],
      ["--type question", ["within the shop"]],
      ["--since 150m", ["within the shop", "今日は移行をします"]],
      ["--until 4h --since 12h", ["last night's message", "done, see port 8080"]],
      ["--last 1 --until 4h", ["done, see port 8080"]],
    ];
    for (const [words, expected] of cases)
      expect(await contents("log", ...words.split(" "))).toEqual([...expected]);
    expect(await cli("log", "--since", "1s")).toMatchObject({
      exit: 0,
      out: "",
      err: "cc-dm: no message fits.\n",
    });
  });

  test.each([
    ["--from lad", 'Nobody called "lad" is on record. Did you mean lead?'],
    ["--to nobody-at-all", 'Nobody called "nobody-at-all" is on record.\n  api\n  lead\n  web\n'],
    ["--thread T-2", 'Nothing is on record of a thread "T-2". Threads of late: T-1.\n'],
    ["--project bank", 'Nothing is on record of a project "bank".\n  shop\n'],
  ])("%s: nobody and nothing of that name is an error with what there is", async (words, complaint) => {
    await someMail();
    const { exit, out, err } = await cli("log", ...words.split(" "));
    expect({ exit, out }).toEqual({ exit: 3, out: "" });
    expect(err).toContain(complaint);
  });

  test.each([
    ["log --type tsk", "Did you mean task?"],
    ["log --since 2026-11-21 --until 2026-11-20", "nothing lies between"],
    ["log --last 0", "--last is"],
    ["log words", "cc-dm search WORDS"],
    ["log -f --until 1h", "takes no --until"],
    ["search", "needs words"],
    ["thread", "needs a thread's ID"],
    ["receipts one two", "one too many"],
    ["export --format xml", "md or jsonl"],
    ["export x.md", "--output FILE"],
  ])("%s is an error of usage", async (words, complaint) => {
    const { exit, out, err } = await cli(...words.split(" "));
    expect({ exit, out }).toEqual({ exit: 2, out: "" });
    expect(err).toContain(complaint);
  });

  test("rows that their senders did not sign are counted, never shown, and take no mail's place", async () => {
    await someMail();
    const stranger = makeKeys();
    const genuine = {
      ...lead,
      keys: stranger,
      session: { ...(lead as Member).session, id: stranger.id },
    } as Member;
    // Well signed, but by nobody who is a session; in the name of one; and changed after it was signed.
    const forged = await mail.send(lead as Member, [api as Member], { body: "forged one" });
    mail.tamper(
      "update message set from_id = ?, public_key = ? where id = ?",
      genuine.session.id,
      stranger.publicKey,
      forged,
    );
    const pretended = await mail.send(lead as Member, [api as Member], {
      body: "forged two",
      fromName: "user",
    });
    mail.tamper("update message set body = 'forged three' where id = ?", ids.late ?? "");
    mail.tamper(
      "insert or ignore into session_name (session, name) values (?, 'user')",
      (lead as Member).session.id,
    );
    const { out, err } = await cli("log", "--last", "2");
    expect(out).not.toContain("forged");
    expect(out.trim().split("\n")).toHaveLength(2);
    expect(err).toContain("3 rows are not what their senders signed and are not shown");
    expect(JSON.parse((await cli("log", "--json")).out)).toMatchObject({
      forged: 3,
      messages: { length: 4 },
    });
    expect(await cli("search", "forged")).toMatchObject({ exit: 1, out: "" });
    expect((await cli("export")).out).not.toContain("forged");
    expect(await cli("receipts", pretended)).toMatchObject({ exit: 3, out: "" });
    expect((await cli("thread", ids.within ?? "")).err).toContain("1 row is not what its sender signed");
  });

  test("foreign text reaches neither the terminal nor the form of the output", async () => {
    await someMail();
    const body = 'a\u001b[2Jb\u009b1m\r\nc\u202ed\u0007 "quoted" \u{e0041}';
    await mail.send(lead as Member, [api as Member], { body });
    for (const words of [
      ["log", "-n", "1"],
      ["search", "quoted"],
      ["log", "--json"],
      ["export"],
      ["export", "--json"],
    ]) {
      const { out } = await cli(...words);
      expect(out.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202a-\u202e\u{e0000}-\u{e007f}]/u);
    }
    expect((await contents("log")).at(-1)).toBe(body);
    const lines = (await cli("export", "--format", "jsonl")).out.trimEnd().split("\n");
    expect((JSON.parse(lines.at(-1) ?? "") as Told).content).toBe(body);
  });
});

describe("thread", () => {
  test("shows a conversation by its thread or any message in it, answers below what they answer", async () => {
    await someMail();
    const expected = [
      ["to both\nof you", 0],
      ["within the shop", 0],
      ["今日は移行をします", 1],
    ];
    const laid = async (word: string) =>
      (await told("thread", word)).map(({ content, depth }) => [content, depth]);
    expect(await laid("T-1")).toEqual(expected);
    expect(await laid(ids.within ?? "")).toEqual(expected);
    expect(await laid((ids.answer ?? "").slice(-8).toLowerCase())).toEqual([
      ["last night's message", 0],
      ["done, see port 8080", 1],
    ]);
    expect((await cli("thread", "T-1")).out.trimEnd().split("\n")).toHaveLength(3);
    const { exit, err } = await cli("thread", "T-l");
    expect({ exit, err }).toEqual({
      exit: 3,
      err: 'cc-dm: No thread or message on record is called "T-l". Threads of late: T-1.\n',
    });
  });
});

describe("search", () => {
  test("finds words over all mail, and ends with 1 if there are none", async () => {
    await someMail();
    expect(await contents("search", "NIGHT", "mess")).toEqual(["last night's message"]);
    expect(await contents("search", "移行")).toEqual(["今日は移行をします"]);
    expect(await contents("search", "the shop", "--from", "api", "--thread", "T-1")).toEqual([
      "within the shop",
    ]);
    expect(await cli("search", "nowhere")).toMatchObject({
      exit: 1,
      out: "",
      err: "cc-dm: nothing found.\n",
    });
    expect(await cli("search", '"*', "OR", "(")).toMatchObject({ exit: 1 });
    expect(await cli("search", "--from", "lad", "x")).toMatchObject({ exit: 3 });
    const many = await cli("search", "t", "--last", "1", "--json");
    expect(JSON.parse(many.out).messages).toMatchObject([{ content: "within the shop" }]);
  });

  test("two at once both find what neither had indexed", async () => {
    await someMail();
    for (let n = 0; n < 300; n++) await mail.send(lead as Member, [api as Member], { body: `needle ${n}` });
    const [one, two] = await Promise.all([cli("search", "needle", "299"), cli("search", "needle", "299")]);
    expect([one.exit, two.exit, one.err, two.err]).toEqual([0, 0, "", ""]);
    expect(one.out).toBe(two.out);
  });
});

describe("receipts", () => {
  test("shows every delivery, and ends with 0 once all have seen it", async () => {
    await someMail();
    const part = (ids.both ?? "").slice(-6);
    const first = await cli("receipts", part);
    expect(first.exit).toBe(1);
    expect(first.out).toMatch(/^○ api {2}queued +expires in 20 h\n○ web {2}queued +expires in 20 h$/m);
    await mail.read(api as Member);
    const second = await cli("receipts", part);
    expect(second.exit).toBe(1);
    expect(second.out).toMatch(
      /^✓ api {2}seen +by turn · handed \d\d:\d\d:\d\d \(after 3 h\) · seen .* · evidence:\s+prompt$/m,
    );
    mail.tamper("update delivery set state = 'seen' where name = 'web'");
    expect(await cli("receipts", part)).toMatchObject({ exit: 0 });
    expect(JSON.parse((await cli("receipts", part, "--json")).out)).toMatchObject({
      all_seen: true,
      message_id: ids.both,
      receipts: [{ to: "api", state: "seen", path: "turn", offers: 1, evidence: "prompt" }, { to: "web" }],
    });
  });

  test("says what is wrong with an id", async () => {
    const [from, to] = [await mail.join("lead"), await mail.join("api")];
    const sentAt = Date.now(); // ids of one moment begin alike
    let id = "";
    for (let n = 0; n < 5; n++) id = await mail.send(from, [to], { sentAt });
    const { exit, err } = await cli("receipts", id.slice(0, 6));
    expect(exit).toBe(3);
    expect(err.split("\n")[0]).toBe(`cc-dm: 5 messages are called "${id.slice(0, 6)}"; use more of the id.`);
    expect(err.trimEnd().split("\n")).toHaveLength(6);
    for (const word of ["ZZZZZZZZ", "x", "' or 1=1 --", "%%%%%%%%"])
      expect((await cli("receipts", word)).err).toContain("No message on record is called");
  });
});

describe("export", () => {
  test("writes a file that only this user reads, once it is whole, and replaces none", async () => {
    await someMail();
    const path = join(folder, "out.md");
    expect(await cli("export", "-o", "out.md")).toMatchObject({
      exit: 0,
      out: "",
      err: "cc-dm: 5 messages written to out.md\n",
    });
    const text = readFileSync(path, "utf8");
    expect(text).toStartWith("# cc-dm\n\nAll messages.");
    expect(text.match(/^### /gm)).toHaveLength(5);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    writeFileSync(path, "mine");
    expect(await cli("export", "-o", "out.md")).toMatchObject({ exit: 3 });
    expect(readFileSync(path, "utf8")).toBe("mine");
    expect(await cli("export", "-o", "out.md", "--force", "--thread", "T-1")).toMatchObject({ exit: 0 });
    expect(readFileSync(path, "utf8").match(/^### /gm)).toHaveLength(2);
    expect(readdirSync(folder).sort()).toEqual(["home", "out.md"]);
  });

  test("takes the format by the file's name, and the newest if asked", async () => {
    await someMail();
    await cli("export", "-o", "out.jsonl", "--last", "2");
    const lines = readFileSync(join(folder, "out.jsonl"), "utf8").trimEnd().split("\n");
    expect(lines.map((one) => (JSON.parse(one) as Told).content)).toEqual([
      "within the shop",
      "今日は移行をします",
    ]);
    expect((await cli("export", "--last", "1")).out).toContain("```text\n今日は移行をします\n```");
    expect(await cli("export", "--project", "bank", "-o", "no.md")).toMatchObject({ exit: 3 });
    expect(readdirSync(folder)).not.toContain("no.md");
  });
});
