/** `cc-dm prune` as the person runs it, in a window of theirs, with a session running. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { testBus } from "../../support/testbus.ts";
import { type Built, builtProgram, run } from "../program.ts";
import { hasWindows, windows } from "../window.ts";

let built: Built;
beforeAll(async () => {
  built = await builtProgram();
});
afterAll(() => built.remove());

const window = windows(); // before the bus: what runs in them must have ended when it looks
const bus = testBus();
const prune = (words: string, before = "") =>
  window.run(`${before}'${process.execPath}' '${built.file}' prune ${words}`, { CC_DM_HOME: bus.home });
const bodies = () =>
  bus
    .open()
    .query<{ body: string }, []>("select body from message order by seq")
    .all()
    .map(({ body }) => body);

/** Three that were read, two of them days ago, and one that was not. */
async function history() {
  const [lead, api] = await bus.startAll("lead", "api");
  for (const content of ["old 1", "old 2", "new"]) {
    await lead.ok("dm", { to: "api", content });
    await api.events.next();
  }
  const db = bus.open();
  db.run("update delivery set state = 'seen', open = 0, seen_at = 1");
  db.run(
    "update message set sent_at = sent_at - 5 * 86400000, sent_up = sent_up - 5 * 86400000 where body like 'old%'",
  );
  await (await bus.start({ name: "web" })).stop();
  await lead.ok("dm", { to: "web", content: "unread" });
  return { lead, api };
}

describe.if(hasWindows)("in a window of the person's", () => {
  test("deletes what is older, and running sessions go on", async () => {
    const { lead, api } = await history();
    expect(await prune("--older-than 3d --dry-run")).toMatchObject({
      exit: 0,
      out: "Would delete 2 messages.\n",
    });
    expect(bodies()).toHaveLength(4);
    expect(await prune("--older-than 3d --yes")).toMatchObject({
      exit: 0,
      out: expect.stringMatching(/^Deleted 2 messages\./),
      err: "",
    });
    expect(bodies()).toEqual(["new", "unread"]);
    await lead.ok("dm", { to: "api", content: "still here" });
    expect((await api.events.next()).content).toContain("still here");
  });

  test("--all takes everything but unread mail, and --unread that too; for a script it counts", async () => {
    await history();
    const told = JSON.parse((await prune("--all --yes --json")).out);
    expect(told).toMatchObject({ messages: 3, unread: 0, sessions: 1, compacted: true, dry_run: false });
    expect(bodies()).toEqual(["unread"]);
    const rest = JSON.parse((await prune("--all --unread --yes --json")).out);
    expect(rest).toMatchObject({ messages: 1, unread: 1 });
    expect(bodies()).toEqual([]);
    expect((await prune("--all --yes")).out).toBe("There is nothing to delete.\n");
  });

  test("nothing of a text that was deleted with --all is left in the file", async () => {
    const { lead, api } = await history();
    await lead.ok("dm", { to: "api", content: "xylophone-secret" });
    await api.events.next();
    await lead.ok("history", { query: "xylophone" }); // indexed now
    bus.open().run("update delivery set state = 'seen', open = 0");
    expect((await prune("--all --yes")).exit).toBe(0);
    for (const name of ["bus.db", "bus.db-wal"]) {
      const bytes = await Bun.file(bus.path("bus", name)).bytes();
      expect(Buffer.from(bytes).includes("xylophone")).toBe(false);
    }
  });

  test.each([
    ["y", 0, 2],
    ["yes", 0, 2],
    ["n", 1, 4],
    ["", 1, 4],
    ["yesterday", 1, 4],
  ])(
    "asks at the terminal; after %j the exit code is %d and %d messages are left",
    async (answer, exit, left) => {
      await history();
      const line = `'${process.execPath}' '${built.file}' prune --older-than 3d`;
      const shown = await window.show(line, { CC_DM_HOME: bus.home });
      const question = await shown.screen((text) => text.includes("[y/N]"));
      expect(question.replaceAll("\n", "")).toContain(`Delete 2 messages from ${bus.file}`.slice(0, 40));
      await shown.press(...(answer === "" ? [] : [answer]), "Enter");
      expect(await shown.ended).toBe(exit);
      expect(bodies()).toHaveLength(left);
    },
  );

  test("Ctrl-C at the question deletes nothing", async () => {
    await history();
    const line = `'${process.execPath}' '${built.file}' prune --all --unread`;
    const shown = await window.show(line, { CC_DM_HOME: bus.home });
    await shown.screen((text) => text.includes("[y/N]"));
    await shown.press("C-c");
    expect(await shown.ended).not.toBe(0);
    expect(bodies()).toHaveLength(4);
  });

  test("without a terminal it needs --yes", async () => {
    await history();
    const { exit, out, err } = await prune("--all </dev/null");
    expect({ exit, out }).toEqual({ exit: 3, out: "" });
    expect(err).toContain("needs --yes. Nothing was deleted.");
    expect(bodies()).toHaveLength(4);
  });

  test.each([
    ["", "needs --older-than TIME, or --all"],
    ["--all --older-than 3d", "not both"],
    ["--older-than soon", '"soon"'],
    ["--all now", 'takes no "now"'],
  ])("prune %s cannot be understood", async (words, complaint) => {
    await history();
    const { exit, err } = await prune(words);
    expect(exit).toBe(2);
    expect(err).toContain(complaint);
    expect(bodies()).toHaveLength(4);
  });
});

test("a session's shell deletes nothing, whatever it says; it may look", async () => {
  await history(); // this process is the client of these sessions
  const inside = (...words: readonly string[]) =>
    run(
      [process.execPath, built.file, "prune", "--all", ...words],
      { CC_DM_HOME: bus.home, PATH: "/usr/bin:/bin", HOME: bus.folder },
      bus.folder,
    );
  const { exit, out, err } = await inside("--yes");
  expect({ exit, out }).toEqual({ exit: 77, out: "" });
  expect(err).toStartWith("cc-dm: refused: only you delete your history, and ");
  expect((await inside()).exit).toBe(77);
  expect(await inside("--dry-run")).toMatchObject({
    exit: 0,
    out: expect.stringContaining("Would delete 3 messages"),
  });
  expect(bodies()).toHaveLength(4);
});
