/** What the commands that show mail say where the bus cannot be used; none of them makes one. */
import { Database } from "bun:sqlite";
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scratch } from "../../fakes/scratch.ts";
import { type Built, builtProgram, run } from "../program.ts";
import { mailIn } from "./mail.ts";

setDefaultTimeout(30_000);

let built: Built;
beforeAll(async () => {
  built = await builtProgram();
});
afterAll(() => built.remove());

const cli = (folder: string, words: readonly string[]) =>
  run(
    [process.execPath, built.file, ...words],
    { CC_DM_HOME: join(folder, "home"), HOME: folder, PATH: "/usr/bin:/bin" },
    folder,
  );
const fileIn = (folder: string) => {
  mkdirSync(join(folder, "home"));
  return join(folder, "home", "bus.db");
};

describe.each([
  ["log"],
  ["log --json"],
  ["thread T-1"],
  ["search word"],
  ["receipts ABCDEFGH"],
  ["export -o out.md"],
])("%s", (line) => {
  const words = line.split(" ");

  test("without a bus says that there is none, and makes none", async () => {
    const folder = scratch();
    const { exit, out, err } = await cli(folder, words);
    expect({ exit, out }).toEqual({ exit: 3, out: "" });
    expect(err).toStartWith(`cc-dm: There is no bus at ${join(folder, "home", "bus.db")}`);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("with a bus of a newer cc-dm says so", async () => {
    const folder = scratch();
    (await mailIn(folder)).end();
    const db = new Database(join(folder, "home", "bus.db"));
    db.run("pragma user_version = 99");
    db.close();
    const { exit, out, err } = await cli(folder, words);
    expect({ exit, out }).toEqual({ exit: 3, out: "" });
    expect(err).toContain("was written by a newer cc-dm (schema 99");
    expect(existsSync(join(folder, "out.md"))).toBe(false);
  });

  test("with a file that is no bus says so", async () => {
    const folder = scratch();
    writeFileSync(fileIn(folder), "x".repeat(9000));
    const { exit, out, err } = await cli(folder, words);
    expect({ exit, out }).toEqual({ exit: 3, out: "" });
    expect(err).toContain("is not a database, or is damaged");
  });
});

test("an empty bus is no trouble: there is nothing to show", async () => {
  const folder = scratch();
  (await mailIn(folder)).end();
  expect(await cli(folder, ["log"])).toMatchObject({ exit: 0, out: "", err: "cc-dm: no message fits.\n" });
  expect(await cli(folder, ["search", "word"])).toMatchObject({ exit: 1, out: "" });
  expect((await cli(folder, ["export"])).out).toStartWith("# cc-dm\n\nAll messages.");
  expect(await cli(folder, ["thread", "T-1"])).toMatchObject({
    exit: 3,
    err: 'cc-dm: No thread or message on record is called "T-1".\n',
  });
});

test("what writes at the same moment holds up no look, and a search that has nothing new to take in", async () => {
  const folder = scratch();
  const mail = await mailIn(folder);
  const [lead, api] = [await mail.join("lead"), await mail.join("api")];
  await mail.send(lead, [api], { body: "a word" });
  expect(await cli(folder, ["search", "word"])).toMatchObject({ exit: 0 });
  const writer = new Database(mail.file);
  writer.run("begin immediate");
  for (const words of [["log"], ["search", "word"], ["export"]])
    expect(await cli(folder, words)).toMatchObject({ exit: 0, err: "" });
  writer.run("rollback");
  writer.close();
  mail.end();
});
