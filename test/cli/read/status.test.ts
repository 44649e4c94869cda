/** `cc-dm status` and `cc-dm` alone, as a person runs them, with real servers. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { allCommands } from "../../../plugin/cli/commands.ts";
import { testBus } from "../../support/testbus.ts";
import { type Built, builtProgram, run } from "../program.ts";
import { hasWindows, windows } from "../window.ts";
import { prompt, relayOn } from "../worker.ts";
import { personAt } from "../write/person.ts";

const commands = await allCommands();
let built: Built;
beforeAll(async () => {
  built = await builtProgram();
});
afterAll(() => built.remove());

const window = windows(); // before the bus: what runs in them must have ended when it looks
const bus = testBus();
const env = () => ({ CC_DM_HOME: bus.home, PATH: "/usr/bin:/bin", HOME: bus.folder });
const cli = (...words: readonly string[]) => run([process.execPath, built.file, ...words], env(), bus.folder);

const person = personAt(
  window,
  () => built.file,
  () => bus.home,
);

/** Two sessions, of which one has mail from the other and asks for something. */
async function busy() {
  const lead = await bus.start({ name: "lead" });
  const api = await bus.start({ name: "api", env: relayOn });
  await lead.ok("dm", { to: "api", content: "Is the suite green?\n\u001b[2JPlease look." });
  const asked = await prompt(bus, api, { input: { command: "npm publish" } });
  return { lead, api, asked };
}

describe("status", () => {
  test("counts what is there, names what waits for long, and what doctor finds", async () => {
    const { asked } = await busy();
    await (await bus.start({ name: "web" })).stop();
    bus.open().run("update message set sent_at = sent_at - 7200000 where kind = 'dm'");
    const { exit, out, err } = await cli("status");
    expect({ exit, err }).toEqual({ exit: 0, err: "" });
    expect(out).toMatch(/^bus +~\/bus\/bus\.db, \d+ kB and \d+ \w+ of log, schema \d+$/m);
    expect(out).toMatch(/^sessions +2 running \(1 blocked\), 1 closed$/m);
    expect(out).toMatch(/^mail +2 waiting$/m);
    expect(out).toMatch(/^unseen +1 for api \(2 h\)$/m);
    expect(out).toContain(`1 request open: ${asked.letters} api: Bash (`);
    expect(out).toMatch(/^doctor +(warning|error): /m);
    const told = JSON.parse((await cli("status", "--json")).out);
    expect(told).toMatchObject({
      bus: { path: bus.file, schema: expect.any(Number), bytes: expect.any(Number) },
      sessions: { live: 2, closed: 1 },
      messages: { kept: 2 },
      mail: { waiting: 2, handed: 0, unseen: [{ name: "api", count: 1, state: "queued" }] },
      approvals: [{ request_id: asked.id, from: "api", tool: "Bash" }],
    });
    expect(["warning", "error"]).toContain(told.doctor.severity);
  });

  test.if(hasWindows)(
    "counts the person's own mail apart, and calls no mail late that need not hurry",
    async () => {
      const lead = await bus.start({ name: "lead" });
      await bus.start({ name: "api" });
      await lead.ok("dm", { to: "user", content: "Shall I drop the old table?" });
      await lead.ok("dm", { to: "api", content: "by the way", priority: "low" });
      bus.open().run("update message set sent_at = sent_at - 7200000 where priority = 'low'");
      const { out } = await person("status");
      expect(out).toMatch(/^for you +1 message: cc-dm inbox$/m);
      expect(out).toMatch(/^mail +1 waiting$/m);
      expect(out).not.toMatch(/^unseen/m);
      expect(JSON.parse((await person("status --json")).out).mail).toMatchObject({ for_user: 1, unseen: [] });
      const front = (await person("")).out;
      // Two hours ago may have been yesterday: how many are of today is counted elsewhere.
      expect(front).toMatch(/^cc-dm \S+ · 2 sessions · \d messages? today · 1 for you · 1 not seen yet\n/);
      expect(front).toMatch(/^ {2}cc-dm inbox +1 message for you$/m);
      expect(front).not.toContain("Not seen yet");
      const inside = (await cli()).out; // this very program is the client of those sessions
      expect(inside).toContain(" · 1 for the user · ");
      expect(inside).not.toContain("cc-dm inbox");
      expect((await person("inbox")).out).toContain("Shall I drop");
      const after = [(await person("status")).out, (await person("")).out].join("\n");
      expect(after).not.toContain("for you");
      expect(after).not.toContain("cc-dm inbox");
    },
  );

  test("takes no operand", async () => {
    expect(await cli("status", "x")).toMatchObject({ exit: 2, out: "" });
  });
});

describe("cc-dm alone", () => {
  test("shows who is there, what was said, what waits, and what to do next", async () => {
    const { asked } = await busy();
    const { exit, out, err } = await cli();
    expect({ exit, err }).toEqual({ exit: 0, err: "" });
    expect(out).toMatch(/^cc-dm \S+ · 2 sessions · 2 messages today · 2 not seen yet · 1 request open\n\n/);
    expect(out).toMatch(/^lead {2}live, \d+ s +✉1 {2}worker$/m);
    expect(out).toMatch(/^api {3}(live|blocked).*✉1 {2}worker$/m);
    expect(out).toMatch(/^\d\d:\d\d {2}lead → api {2}Is the suite green\? ⏎ Please look\. {2}queued$/m);
    expect(out).toMatch(new RegExp(`^${asked.letters} {2}api: Bash npm publish {2}\\d+ s$`, "m"));
    expect(out).toContain(`  cc-dm approve ${asked.letters} `);
    expect(out).not.toContain("\u001b");
  });

  test("names only commands that there are", async () => {
    const known = commands.map(({ name }) => name);
    const hinted = (text: string) => [...text.matchAll(/^ {2}cc-dm ([a-z]+)/gm)].map(([, name]) => name);
    const before = hinted((await cli()).out);
    await busy();
    const names = [...before, ...hinted((await cli()).out)];
    expect(names.length).toBeGreaterThan(3);
    for (const name of names) expect(known).toContain(name ?? "");
  });

  test("where nothing ever ran it says so, makes nothing, and that is no error", async () => {
    const { exit, out, err } = await cli();
    expect({ exit, err }).toEqual({ exit: 0, err: "" });
    expect(out).toContain("no session has run here yet; ~/bus is where they will meet");
    expect(out).toContain("cc-dm doctor");
    expect(existsSync(bus.home)).toBe(false);
  });

  test("in a pipe, which has no columns, nothing is wider than 100", async () => {
    await busy();
    await bus.start({ name: "日本語のとても長い名前のセッション", project: "a-project-of-a-long-name" });
    const narrow = await run([process.execPath, built.file], env(), bus.folder);
    expect(narrow.exit).toBe(0);
    for (const line of narrow.out.split("\n")) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(100);
  });

  test.if(hasWindows)("on a terminal that does not know its size is legible", async () => {
    await bus.start({ name: "a-name-of-some-length" });
    const shown = await window.show(
      `stty rows 0 cols 0; clear; '${process.execPath}' '${built.file}' who; echo "[$?]"`,
      env(),
    );
    const screen = await shown.screen((text) => text.includes("[0]"));
    expect(screen).toContain("a-name-of-some-length  live, ");
  });

  test.if(hasWindows)("fits a terminal, with more sessions than it has lines", async () => {
    const names = Array.from({ length: 12 }, (_, i) => `session-${i}`);
    await Promise.all(names.map((name) => bus.start({ name })));
    const shown = await window.show(
      `stty rows 16 cols 40; clear; '${process.execPath}' '${built.file}'; echo "[$?]"`,
      env(),
    );
    const screen = await shown.screen((text) => text.includes("[0]"));
    expect(screen).toStartWith("cc-dm ");
    expect(screen).toMatch(/… and \d+ more: cc-dm who/);
    for (const line of screen.split("\n")) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(40);
  });
});
