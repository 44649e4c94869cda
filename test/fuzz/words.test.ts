/** Any words behind any command: a documented exit code, one clear message, and what only reads changes nothing. */
import { Database } from "bun:sqlite";
import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import type { Named } from "../../plugin/cli/command.ts";
import { allCommands } from "../../plugin/cli/commands.ts";
import { main } from "../../plugin/cli/main.ts";
import { systemClock } from "../../plugin/core/clock.ts";
import { thisPlace } from "../../plugin/host/place.ts";
import { markOf } from "../../plugin/host/process.ts";
import { fakeTerminal } from "../cli/fake.ts";
import { mailIn } from "../cli/read/mail.ts";
import { hostileText } from "../core/hostile.ts";
import { join as joins } from "../fakes/people.ts";
import { scratch } from "../fakes/scratch.ts";
import { budget, patience } from "./budget.ts";

const commands = await allCommands();
setDefaultTimeout(patience);

/** These become another program, or take the whole terminal. */
const others = ["run", "demo", "top"];
const reading = [
  ...["who", "status", "log", "thread", "search", "receipts", "transcript", "whoami", "approvals", "audit"],
  ...["doctor", "config", "completions", "statusline", "export"],
];
const tried = commands.filter(({ name }) => !others.includes(name));
/** These wait for somebody. */
const waits = /^(follow|wait|watch|timeout)$/;

const value = fc.oneof(
  fc.constantFrom(
    "api",
    "web",
    "user",
    "1h",
    "0",
    "-1",
    "99999999999999999999",
    "2026-13-45",
    "25:61",
    "T-1",
    "abcde",
    "json",
    "",
    "-",
    "--",
    "..",
    "/",
    "NaN",
    "__proto__",
    "%",
    "*",
    '"',
    "'a",
  ),
  hostileText,
);
function wordsOf({ name, options }: Named): fc.Arbitrary<readonly string[]> {
  const names = Object.keys(options).filter((one) => !waits.test(one) && one !== "output");
  const option =
    names.length === 0
      ? value.map((text) => [text])
      : fc
          .tuple(fc.constantFrom(...names), value, fc.nat(2))
          .map(([one, text, how]) =>
            how === 0 ? [`--${one}`] : how === 1 ? [`--${one}=${text}`] : [`--${one}`, text],
          );
  return fc
    .array(
      fc.oneof(
        { weight: 3, arbitrary: option },
        { weight: 2, arbitrary: value.map((text) => [text]) },
        { weight: 1, arbitrary: fc.constantFrom(["-x"], ["--no-such"], ["--json"], ["-h"]) },
      ),
      { maxLength: 4 },
    )
    .map((parts) => [name, ...parts.flat()]);
}

const trace = /\n\s+at |\b(Type|Reference|Range|SQLite|Syntax)Error\b|\[object |\bundefined\b/;

test("every command takes any words", async () => {
  const folder = scratch();
  const mail = await mailIn(folder);
  const me = markOf(process.pid);
  const at = { place: thisPlace(), server: me, client: me };
  const api = await joins(mail.bus, "api", { ...at, clientSession: "c-1" });
  const web = await joins(mail.bus, "web", { ...at, clientSession: "c-2" });
  await mail.send(api, [web], { body: "hello\u001b[31m" });
  const watch = new Database(mail.file, { readonly: true });
  // All but the index for words, which is filled when somebody searches.
  const tables = watch
    .query<{ name: string }, []>(
      "select name from sqlite_master where type = 'table' and name not like 'message\\_text%' escape '\\'",
    )
    .all();
  const state = () =>
    JSON.stringify(tables.map(({ name }) => [name, watch.query(`select * from "${name}"`).all()]));
  const work = join(folder, "work");
  mkdirSync(work);
  const seen = new Set<number>();
  // A command may end before the words are read, so that what is found is of the first wrong one.
  const line = fc.constantFrom(...tried).chain(wordsOf);
  await fc.assert(
    fc.asyncProperty(line, async (words) => {
      const { terminal, written } = fakeTerminal({
        // No client, no shell's files, no home but this.
        env: { HOME: folder, CC_DM_HOME: mail.home, PATH: "/nowhere", CC_DM_CLIENT: "/nowhere/claude" },
        cwd: work,
        clock: systemClock,
        interrupted: () => Promise.resolve(),
      });
      const before = state();
      const exit = await main(terminal, words);
      seen.add(exit);
      expect({ words, exit: [0, 1, 2, 3, 77].includes(exit) ? "known" : exit }).toEqual({
        words,
        exit: "known",
      });
      // What was typed may be said again; beside that there is nothing for programmers.
      const said = words.reduce(
        (text, word) => (word.length > 3 ? text.replaceAll(word, "") : text),
        written.err,
      );
      expect({ words, trace: trace.exec(said)?.[0] }).toEqual({ words, trace: undefined });
      // doctor has exit codes of its own: what it found stands in its result.
      if (exit > 1 && words[0] !== "doctor") expect(written.err).toMatch(/^cc-dm: /m);
      if (reading.includes(words[0] ?? ""))
        expect({ words, changed: state() !== before }).toEqual({ words, changed: false });
      expect(readdirSync(work)).toEqual([]);
    }),
    budget(400),
  );
  watch.close();
  mail.end();
  expect([...seen]).toEqual(expect.arrayContaining([0, 2, 3]));
});
