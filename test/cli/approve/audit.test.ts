/** `cc-dm audit`, and what every command says where the bus cannot be used. */
import { Database } from "bun:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { until } from "../../support/processes.ts";
import { testBus } from "../../support/testbus.ts";
import { type Built, builtProgram, run } from "../program.ts";
import { prompt, relayOn } from "../worker.ts";

let built: Built;
beforeAll(async () => {
  built = await builtProgram();
});
afterAll(() => built.remove());

const bus = testBus();
const cli = (...words: readonly string[]) =>
  run(
    [process.execPath, built.file, ...words],
    { CC_DM_HOME: bus.home, HOME: bus.folder, PATH: "/usr/bin:/bin" },
    bus.folder,
  );

interface Entry {
  readonly request: string;
  readonly kind: string;
  readonly who: string;
  readonly detail: string;
  readonly after_ms: number | null;
}
const entries = async (...words: readonly string[]): Promise<readonly Entry[]> =>
  JSON.parse((await cli("audit", "--json", ...words)).out).entries;

/** A request that another session denied, and one that is open. */
async function someRecord() {
  const lead = await bus.start({ name: "lead" });
  const api = await bus.start({ name: "api", env: relayOn });
  const denied = await prompt(bus, api, { input: { command: "git push" } });
  await lead.ok("decide", { request_id: denied.id, verdict: "deny", reason: "not on a Friday" });
  await denied.decision;
  await until("it is on record", async () => (await entries()).some(({ kind }) => kind === "given"));
  return { denied, open: await prompt(bus, api) };
}

describe("audit", () => {
  test("tells who asked whom, who answered, and how long it took", async () => {
    const { denied, open } = await someRecord();
    const found = await entries("--request", denied.letters);
    expect(found.slice(0, 2)).toMatchObject([
      { request: denied.id, kind: "asked", who: "api", after_ms: null },
      { request: denied.id, kind: "given", who: "lead", detail: "deny: not on a Friday" },
    ]);
    expect(found[0]?.detail).toStartWith("Bash put to lead, user");
    expect(found[1]?.after_ms).toBeWithin(0, 10_000);
    const { exit, out, err } = await cli("audit", "--since", "5m");
    expect({ exit, err }).toEqual({ exit: 0, err: "" });
    expect(out).toMatch(/^time {6}request {3}kind {2,}who {2,}after {2,}detail\n/);
    expect(out).toMatch(
      new RegExp(
        `^\\d\\d:\\d\\d:\\d\\d  ${denied.id.slice(-8)}  given +lead  \\d\\.\\d s  deny: not on a Friday$`,
        "m",
      ),
    );
    expect(out).toContain(open.id.slice(-8));
  });

  test("shows one request by any part of its id, and the last entries only", async () => {
    const { denied, open } = await someRecord();
    for (const word of [open.id, open.id.slice(-6).toLowerCase(), open.letters])
      expect((await entries("-r", word)).map(({ request }) => request)).toEqual([open.id]);
    expect(await entries("--last", "1")).toMatchObject([{ request: open.id, kind: "asked" }]);
    // Ids begin with the time: its first six letters change every 17 minutes, and would in between.
    bus
      .open()
      .run("update audit set request = ? || substr(request, 7) where request = ?", [
        denied.id.slice(0, 6),
        open.id,
      ]);
    const { exit, err } = await cli("audit", "-r", denied.id.slice(0, 6));
    expect({ exit, lines: err.split("\n").length }).toEqual({ exit: 3, lines: 4 });
    expect(err).toStartWith("cc-dm: 2 requests are called");
  });

  test("has what was refused, of requests that never were too", async () => {
    const lead = await bus.start({ name: "lead" });
    await lead.refused("decide", { request_id: "01GUESSED00000000000000000", verdict: "allow" });
    expect(await entries("-r", "01guessed")).toMatchObject([
      { request: "01GUESSED00000000000000000", kind: "refused", who: "lead", after_ms: null },
    ]);
    expect(await cli("audit", "-r", "zzzzzz")).toMatchObject({
      exit: 3,
      err: 'cc-dm: Nothing is on record of a request "zzzzzz".\n',
    });
  });

  test("leaves out what is older than wanted", async () => {
    await someRecord();
    bus.open().run("update audit set at = at - 7200000 where kind = 'asked'");
    expect((await entries("--since", "1h")).some(({ kind }) => kind === "asked")).toBe(false);
    expect((await entries("--since", "3h")).some(({ kind }) => kind === "asked")).toBe(true);
    expect(await entries("--since", "2100-01-01")).toEqual([]);
  });

  test("cannot write to the terminal by what others wrote", async () => {
    await bus.start({ name: "lead" });
    bus
      .open()
      .run(
        "insert into audit (at, request, kind, who, detail) values (?, 'x', 'asked', 'a\u001b[2Jb', 'c\nd\u009b1m')",
        [Date.now()],
      );
    const { out } = await cli("audit");
    expect(out).toContain("ab");
    expect(out).toContain("c ⏎ d");
    expect(out.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  });

  test.each([
    [["--since", "someday"], "--since is"],
    [["--since", "5 parsecs"], "--since is"],
    [["--last", "0"], "--last is"],
    [["--last", "many"], "--last is"],
    [["abcde"], "--request ID shows one request"],
  ])("%j is an error of usage", async (words, complaint) => {
    const { exit, out, err } = await cli("audit", ...words);
    expect({ exit, out }).toEqual({ exit: 2, out: "" });
    expect(err).toContain(complaint);
  });

  test("says so where nothing is on record", async () => {
    await bus.start({ name: "lead" });
    expect(await cli("audit")).toMatchObject({ exit: 0, out: "Nothing is on record.\n" });
  });
});

const file = (make: (path: string) => void) => {
  mkdirSync(dirname(bus.file));
  make(bus.file);
};
const table = (path: string) => {
  const db = new Database(path);
  db.run("create table delivery (x)");
  return db;
};

describe.each([["approvals"], ["approve", "abcde"], ["deny", "abcde"], ["audit"], ["approvals", "--watch"]])(
  "%s %s",
  (...given) => {
    const words = given.filter((word) => word !== undefined);

    test("without a bus says that there is none, and makes none", async () => {
      const { exit, out, err } = await cli(...words);
      expect({ exit, out }).toEqual({ exit: 3, out: "" });
      expect(err).toStartWith(`cc-dm: There is no bus at ${bus.file}: no session has run`);
      expect(readdirSync(bus.folder)).not.toContain("bus");
    });

    test("with a bus of a newer cc-dm says so", async () => {
      file((path) => table(path).run("pragma user_version = 99"));
      const { exit, out, err } = await cli(...words);
      expect({ exit, out }).toEqual({ exit: 3, out: "" });
      expect(err).toContain("was written by a newer cc-dm (schema 99");
    });

    test("with a file that is no bus says so", async () => {
      file((path) => writeFileSync(path, "x".repeat(9000)));
      const { exit, out, err } = await cli(...words);
      expect({ exit, out }).toEqual({ exit: 3, out: "" });
      expect(err).toContain("is not a database, or is damaged");
    });
  },
);

test.each([["approvals"], ["audit"]])(
  "%s with a bus that is locked gives up after some seconds",
  async (word) => {
    let db: Database | null = null;
    file((path) => {
      db = table(path);
      db.run("begin exclusive");
    });
    const { exit, out, err, ms } = await cli(word);
    (db as Database | null)?.close();
    expect({ exit, out }).toEqual({ exit: 3, out: "" });
    expect(err).toContain("is locked by another program");
    expect(ms).toBeLessThan(20_000); // some 3.3 s on an idle machine
  },
);
