// biome-ignore-all lint/suspicious/noControlCharactersInRegex: control characters are what is looked for here
/** What the client hands to our processes on stdin: whatever it is, they end well and in time, and write nowhere else. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { lineFor } from "../../plugin/cli/setup/statusline/glance.ts";
import { systemClock } from "../../plugin/core/clock.ts";
import { thisPlace } from "../../plugin/host/place.ts";
import { markOf } from "../../plugin/host/process.ts";
import { type Built, builtProgram } from "../cli/program.ts";
import { mailIn } from "../cli/read/mail.ts";
import { hostileText } from "../core/hostile.ts";
import { join as joins } from "../fakes/people.ts";
import { scratch } from "../fakes/scratch.ts";
import { budget, patience } from "./budget.ts";

setDefaultTimeout(patience);

let built: Built;
beforeAll(async () => {
  built = await builtProgram(["cli.js", "hook.js"]);
});
afterAll(() => built.remove());

const odd = fc.oneof(
  hostileText,
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom("../../../etc/x", "/dev/zero", "-1"),
);
const fields = fc.record(
  {
    session_id: odd,
    transcript_path: odd,
    source: fc.oneof(fc.constantFrom("startup", "resume", "clear", "compact"), odd),
    cwd: odd,
    hook_event_name: odd,
    session_name: odd,
  },
  { requiredKeys: [], noNullPrototype: true },
);
const input: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 5, arbitrary: fields.map((value) => Buffer.from(JSON.stringify(value))) },
  { weight: 2, arbitrary: fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value))) },
  { weight: 1, arbitrary: hostileText.map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) },
  { weight: 1, arbitrary: fc.nat(200).map((depth) => Buffer.from("[".repeat(depth * 1000))) },
);

/** What Bun or a thrown error would print, and no log line of ours has. */
const trace = /\n\s+at |^\s*\d+ \| |Bun v\d/m;

describe("a hook", () => {
  test("ends with 0, says JSON or nothing, and leaves only the bus folder", async () => {
    const folder = scratch();
    const work = join(folder, "work");
    mkdirSync(work);
    const env = { HOME: folder, PATH: "/usr/bin:/bin", CC_DM: "off" }; // nobody's server is waited for
    await fc.assert(
      fc.asyncProperty(
        input,
        fc.constantFrom("wake", "session-start", "session-start", "", "x"),
        async (given, verb) => {
          const words = [process.execPath, join(built.file, "..", "hook.js"), verb];
          const child = Bun.spawn(words, { cwd: work, env, stdin: given, stdout: "pipe", stderr: "pipe" });
          const [out, err, exit] = await Promise.all([
            child.stdout.text(),
            child.stderr.text(),
            child.exited,
          ]);
          expect({ exit, trace: trace.exec(err)?.[0] }).toEqual({ exit: 0, trace: undefined });
          for (const line of err.split("\n").filter(Boolean)) expect(JSON.parse(line).event).toBeString();
          if (out !== "") {
            const { hookSpecificOutput: told } = JSON.parse(out);
            expect(told.watchPaths).toEqual([
              expect.stringMatching(/\/clients\/\d+-[0-9a-f]{8}\/cc-dm\.wake$/),
            ]);
            expect(told.watchPaths[0]).toStartWith(join(folder, ".cc-dm"));
          }
          expect(readdirSync(work)).toEqual([]);
          expect(readdirSync(folder).filter((name) => name !== "work" && name !== ".cc-dm")).toEqual([]);
        },
      ),
      budget(40),
    );
  });
});

describe("the status line", () => {
  test("is one line that a terminal only shows, or nothing, whatever comes in and stands on the bus", async () => {
    const mail = await mailIn(scratch());
    const me = markOf(process.pid);
    const at = { place: thisPlace(), server: me, client: me, clientSession: "s-1" };
    const { session } = await joins(mail.bus, "api", { ...at, project: "shop" });
    let shown = 0;
    fc.assert(
      fc.property(input, hostileText, hostileText, fc.boolean(), (given, name, project, known) => {
        mail.tamper("update session set name = ?, project = ? where id = ?", name, project, session.id);
        const text = lineFor({
          input: known ? '{"session_id":"s-1"}' : Buffer.from(given).toString(),
          env: { CC_DM_HOME: mail.home, NO_COLOR: "1", CLAUDE_PID: known ? `${process.pid}` : name },
          clock: systemClock,
          pid: process.pid,
        });
        if (text !== "") shown++;
        expect(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.exec(text)?.[0]).toBeUndefined();
      }),
      budget(150),
    );
    mail.end();
    expect(shown).toBeGreaterThan(30);
  });
});
