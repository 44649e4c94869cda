/** What a person reads of sessions' conversations at a terminal, and that a session's shell does not. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { openSqliteBus } from "../../../plugin/bus/sqlite/index.ts";
import { systemClock } from "../../../plugin/core/clock.ts";
import { thisPlace } from "../../../plugin/host/place.ts";
import { type Talk, talk } from "../../conversation/talk.ts";
import { joining } from "../../fakes/people.ts";
import { cleanEnv } from "../../support/session.ts";
import { testBus } from "../../support/testbus.ts";
import { type Built, builtProgram, run } from "../program.ts";
import { hasWindows, windows } from "../window.ts";
import { personAt } from "../write/person.ts";

let built: Built;
beforeAll(async () => {
  built = await builtProgram();
});
afterAll(() => built.remove());

const window = windows();
const bus = testBus();
const person = personAt(
  window,
  () => built.file,
  () => bus.home,
);
const secret = ["sk-", "ant-api03-abcdefghijklmnop1234"].join("");

beforeEach(() => mkdirSync(bus.home, { recursive: true, mode: 0o700 }));

/** A session that ran here and closed, with what was said in it. */
async function spoke(name: string, said: Talk, givesTranscript = true): Promise<string> {
  const place = thisPlace();
  const path = bus.path(`${name}.jsonl`);
  writeFileSync(path, said.text());
  const store = await openSqliteBus({ path: bus.file, clock: systemClock, boot: place.boot });
  const one = joining(name, { place, givesTranscript });
  await store.join(one);
  await store.sight({ client: one.client, sessionId: null, transcript: path }, place);
  await store.close([one.id]);
  store.end();
  return path;
}

function work(): Talk {
  const said = talk();
  said.user("Fix the login, please.");
  said.call("t1", { command: `KEY=${secret} make test`, description: "tests" });
  said.result("t1", `all 漢字 pass\n${secret}\n\u001b]0;title\u0007\u001b[2J</system-reminder>`);
  said.assistant("Done: it works.");
  said.user([{ type: "text", text: "[Request interrupted by user]" }]);
  said.user("And the logout?");
  said.assistant("That too.");
  return said;
}

describe.if(hasWindows)("a person reads", () => {
  test("the newest turns in short: prompt, tools, answer", async () => {
    await spoke("backend", work());
    const { exit, out, err } = await person("transcript backend");
    expect([exit, err]).toEqual([0, ""]);
    expect(out.replace(/ · 2026-11-2\d \d\d:\d\d/g, " · WHEN")).toBe(
      [
        "turn 1 · WHEN · the user",
        "  Fix the login, please.",
        "  · Bash: KEY=[masked] make test description: tests",
        "  (Request interrupted by user)",
        "  > Done: it works.",
        "",
        "turn 2 · WHEN · the user",
        "  And the logout?",
        "  > That too.",
        "",
      ].join("\n"),
    );
    expect((await person("transcript backend -n 1")).out).toStartWith("turn 2");
  });

  test("one turn in full, harmless for the terminal; with --raw its secrets too", async () => {
    await spoke("backend", work());
    const { exit, out } = await person("transcript backend --turn 1");
    expect(exit).toBe(0);
    expect(out).toContain("── result of Bash\nall 漢字 pass\n[masked]\n&lt;/system-reminder>\n");
    expect(out).not.toContain("\u001b");
    expect(out).not.toContain(secret);
    const raw = (await person("transcript backend --turn 1 --raw")).out;
    expect(raw.split(secret)).toHaveLength(3);
    expect(raw).not.toContain("\u001b");
  });

  test("where words stand, with the numbers of the turns; nothing found is exit code 1", async () => {
    await spoke("backend", work());
    const found = await person("transcript backend --search 'LOGOUT'");
    expect(found.out).toMatch(/^turn 2 · .* · person\n {2}And the logout\?\n$/);
    expect(await person("transcript backend --search 'login logout'")).toMatchObject({
      exit: 1,
      out: "Nothing was found.\n",
    });
    expect((await person(`transcript backend --search ${secret}`)).exit).toBe(1);
    expect((await person(`transcript backend --raw --search ${secret}`)).exit).toBe(0);
  });

  test("as JSON, from a script without a terminal", async () => {
    const path = await spoke("backend", work());
    const { exit, out } = await person("transcript backend --json", { after: "</dev/null | cat" });
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      session: "backend",
      given: true,
      path,
      masked: true,
      unread: 0,
      turns: [
        {
          turn: 1,
          by: "person",
          prompt: "Fix the login, please.",
          answer: "Done: it works.",
          notes: [expect.any(String)],
        },
        { turn: 2, prompt: "And the logout?", answer: "That too.", tools: [] },
      ],
    });
    const { turn } = JSON.parse((await person("transcript backend --turn 1 --json")).out);
    expect(turn.parts.map(({ of }: { of: string }) => of)).toEqual([
      "person",
      "Bash",
      "result of Bash",
      "answer",
      "note",
    ]);
    const { hits } = JSON.parse((await person("transcript backend --search logout --json")).out);
    expect(hits).toMatchObject([
      { turn: 2, of: "person", text: "And the logout?", at: expect.stringMatching(/Z$/) },
    ]);
  });

  test("also what is kept from other sessions, and is told that it is", async () => {
    await spoke("shy", work(), false);
    const { exit, out, err } = await person("transcript shy -n 1");
    expect([exit, err]).toEqual([
      0,
      'cc-dm: "shy" keeps this from other sessions (CC_DM_TRANSCRIPT), not from you.\n',
    ]);
    expect(out).toContain("That too.");
  });

  test("what is not there is said, with an exit code of its own kind", async () => {
    const path = await spoke("backend", work());
    expect(await person("transcript backend --turn 9")).toMatchObject({
      exit: 3,
      err: 'cc-dm: "backend" has no turn 9; its last is 2.\n',
    });
    expect(await person("transcript nobody")).toMatchObject({
      exit: 3,
      err: expect.stringContaining("nobody"),
    });
    for (const wrong of [
      "",
      "a b",
      "backend --last 0",
      "backend --last x",
      "backend --turn 1 --last 1",
      "backend -s ' '",
    ])
      expect((await person(`transcript ${wrong}`)).exit).toBe(2);
    await spoke("silent", talk());
    expect(await person("transcript silent")).toMatchObject({ exit: 1, out: "Nothing was said yet.\n" });
    rmSync(path);
    expect(await person("transcript backend")).toMatchObject({
      exit: 3,
      err: expect.stringContaining("No transcript"),
    });
  });
});

test("inside a client it is refused, and on record: a session's shell is no way around the click", async () => {
  await spoke("backend", work());
  await bus.start({ name: "lead", env: { CLAUDE_CODE_SESSION_ID: "c-lead" } }); // this process is its client
  for (const more of [[], ["--raw", "--json"], ["--search", "login"]]) {
    const words = [process.execPath, built.file, "transcript", "backend", ...more];
    const env = { ...cleanEnv(bus.path("me"), { CLAUDE_CODE_SESSION_ID: "c-lead" }), CC_DM_HOME: bus.home };
    const { exit, out, err } = await run(words, env, bus.folder);
    expect([exit, out]).toEqual([77, ""]);
    expect(err).toContain('it runs inside the client of "lead"');
  }
  const lines = bus.open().query("select kind, who, detail from audit order by seq").all();
  expect(lines).toHaveLength(3);
  expect(lines[2]).toEqual({
    kind: "refused",
    who: "lead",
    detail:
      'transcript of "backend", a search for "login": not taken for the user, it runs inside the client of "lead"',
  });
});
