/** `cc-dm send`, `broadcast`, `reply`, `inbox` and `whoami` of a person, with real servers to write to. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../../support/processes.ts";
import { testBus } from "../../support/testbus.ts";
import { type Built, builtProgram } from "../program.ts";
import { hasWindows, windows } from "../window.ts";
import { personAt } from "./person.ts";

let built: Built;
beforeAll(async () => {
  built = await builtProgram();
});
afterAll(() => built.remove());

const window = windows(); // before the bus: what runs in them must have ended when it looks
const bus = testBus();
const person = personAt(
  window,
  () => built.file,
  () => bus.home,
);
const idIn = (text: string) => /[0-9A-HJKMNP-TV-Z]{26}/.exec(text)?.[0] ?? "";

interface Mail {
  readonly message_id: string;
  readonly content: string;
}
const mailOf = ({ messages }: { readonly messages?: unknown }) => messages as readonly Mail[];

describe.if(hasWindows)("send", () => {
  test("comes to the session as the user's word, and says to whom it went", async () => {
    const api = await bus.start({ name: "api", project: "shop" });
    const { exit, out } = await person("send api 'The spec is ready.'");
    expect(exit).toBe(0);
    expect(out).toMatch(/^Sent to api \(live\) · [0-9A-Z]{26}\n$/);
    const [mail] = mailOf(await api.ok("inbox"));
    expect(mail?.message_id).toBe(idIn(out));
    expect(mail?.content).toMatch(
      /^From user · the user of this machine · \d\d:\d\d · reply with message_id [0-9A-Z]{26}\n\nThe spec is ready\.$/,
    );
  });

  test("by a script, which has no terminal, says that it was one", async () => {
    const api = await bus.start({ name: "api" });
    expect((await person("send api built", { before: "setsid --wait", after: "</dev/null" })).exit).toBe(0);
    const [mail] = mailOf(await api.ok("inbox"));
    expect(mail?.content).toStartWith("From user · the user of this machine, by a script ·");
  });

  test("takes the text from a pipe, from a file, or word by word", async () => {
    const api = await bus.start({ name: "api" });
    writeFileSync(join(bus.folder, "plan.md"), "# Plan\n\n1. go\n");
    expect((await person("send api", { before: "printf 'a\\nb\\n' |" })).exit).toBe(0);
    expect((await person("send api -", { before: "printf c |" })).exit).toBe(0);
    expect((await person("send api --file -", { before: "printf d |" })).exit).toBe(0);
    expect((await person(`send api --file '${join(bus.folder, "plan.md")}'`)).exit).toBe(0);
    expect((await person("send api two  words")).exit).toBe(0);
    const bodies = mailOf(await api.ok("inbox")).map(({ content }) =>
      content.split("\n\n").slice(1).join("\n\n"),
    );
    expect(bodies).toEqual(["a\nb", "c", "d", "# Plan\n\n1. go", "two words"]);
  });

  test("says that it waits for a text that is to be typed", async () => {
    const api = await bus.start({ name: "api" });
    const shown = await window.show(`'${process.execPath}' '${built.file}' send api -`, {
      CC_DM_HOME: bus.home,
    });
    await shown.screen((text) => text.includes("waiting for the text on stdin (Ctrl-D ends it)"));
    await shown.press("typed", "Enter", "C-d");
    await shown.screen((text) => text.includes("Sent to api"));
    expect(mailOf(await api.ok("inbox"))).toMatchObject([{ content: expect.stringMatching(/\n\ntyped$/) }]);
  });

  test("carries what is said of it", async () => {
    const api = await bus.start({ name: "api" });
    const line = "send --urgent --type task --thread T-1 --ttl 2h api --json go";
    const { exit, out } = await person(line);
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ from: "user", recipients: [{ name: "api", presence: "live" }] });
    expect(mailOf(await api.ok("inbox"))).toMatchObject([
      { priority: "urgent", message_type: "task", thread_id: "T-1", from: "user" },
    ]);
  });

  test("waits for sight, and for the reply, which it prints", async () => {
    const api = await bus.start({ name: "api" });
    const waits = person("send api 'done?' --wait reply");
    const [mail] = await waitForMail(api);
    await api.ok("reply", { message_id: mail?.message_id, content: "Yes: 12 green.\nNothing is left." });
    const { exit, out, err } = await waits;
    expect(exit).toBe(0);
    expect(out).toBe("Yes: 12 green.\nNothing is left.\n");
    expect(err).toMatch(/^Sent to api .*\napi \(worker\) · \d\d:\d\d · [0-9A-Z]{26}\n$/);
    expect((await person("inbox")).out).toBe("Nothing new.\n"); // it was read
    const { messages } = await api.ok("history");
    expect(messages).toMatchObject([
      { content: "Yes: 12 green.\nNothing is left.", receipts: [{ state: "seen", evidence: "read" }] },
      {},
    ]);
  });

  test("says when nobody answers in time; the message stays", async () => {
    const api = await bus.start({ name: "api" });
    const { exit, out, err } = await person("send api 'done?' --wait seen --timeout 1s");
    expect({ exit, out }).toEqual({ exit: 1, out: "" });
    expect(err).toContain("not seen within 1 s. It stays sent; cc-dm receipts");
    expect(mailOf(await api.ok("inbox"))).toHaveLength(1);
  });

  test("a bus that is moved away while it waits does not make it look as if nothing was sent", async () => {
    await bus.start({ name: "api" });
    const line = `'${process.execPath}' '${built.file}' send api 'done?' --wait reply`;
    const shown = await window.show(line, { CC_DM_HOME: bus.home });
    await shown.screen((text) => text.includes("Sent to api"));
    renameSync(bus.file, `${bus.file}.away`);
    await shown.screen((text) => text.includes("it was sent, and what became of it cannot be told"));
    expect(await shown.ended).toBe(1);
  });

  test("broken off while waiting: 130, and the message stays", async () => {
    await bus.start({ name: "api" });
    const line = `'${process.execPath}' '${built.file}' send api 'done?' --wait reply`;
    const shown = await window.show(line, { CC_DM_HOME: bus.home });
    await shown.screen((text) => text.includes("Sent to api"));
    await shown.press("C-c");
    await shown.screen((text) => text.includes("waiting was broken off. It stays sent"));
    expect(await shown.ended).toBe(130);
  });

  test("to a closed session waits there; to nobody is refused with who is there", async () => {
    const api = await bus.start({ name: "api" });
    await bus.start({ name: "backend" });
    await api.stop();
    expect((await person("send api later")).out).toMatch(/^Sent to api \(closed\)/);
    const { exit, out, err } = await person("send backnd hello");
    expect({ exit, out }).toEqual({ exit: 3, out: "" });
    expect(err).toContain('No session is called "backnd"');
    expect(err).toContain("backend");
    const again = await bus.start({ name: "api" });
    expect(mailOf(await again.ok("inbox"))).toMatchObject([{ from: "user" }]);
  });

  test.each([
    ["no text at a terminal", "send api", "", 2, "There is no text"],
    ["an empty text", "send api ''", "", 3, "A message needs some text"],
    ["text and a file", "send api hi --file x", "", 2, "not both"],
    ["a file that is not there", "send api --file /nowhere/x", "", 3, "/nowhere/x cannot be read"],
    ["a folder for a file", "send api --file /", "", 3, "it is a folder"],
    ["a wrong type", "send api hi --type tsk", "", 2, "Did you mean task?"],
    ["a wrong wait", "send api hi --wait sean", "", 2, "Did you mean seen?"],
    ["a time-out without waiting", "send api hi --timeout 1m", "", 2, "--timeout goes with --wait"],
    [
      "a time that is none",
      "send api hi --ttl soon",
      "",
      2,
      '--ttl is "soon"; it takes 90s, 30m, 2h, 7d or 2w',
    ],
    ["itself", "send user hi", "", 3, '"user" is you: sessions write'],
    ["binary", "send api", "head -c 1000 /dev/zero |", 3, "no UTF-8 text"],
    ["bytes that are no text", "send api", "printf '\\377\\376' |", 3, "no UTF-8 text"],
    ["5 MB", "send api", "head -c 5000000 /dev/zero | tr '\\0' x |", 3, "stdin has more than 4000000 bytes"],
    [
      "too many characters",
      "send api",
      "head -c 20000 /dev/zero | tr '\\0' x |",
      3,
      "at most 10000 fit (CC_DM_MAX_CHARS)",
    ],
  ])("%s: nothing is sent, and the way out is named", async (_what, line, before, exit, words) => {
    const api = await bus.start({ name: "api" });
    const ended = await person(line, { before });
    expect(ended).toMatchObject({ exit, out: "" });
    expect(ended.err).toContain(words);
    expect(ended.err.split("\n").length).toBeLessThan(5);
    expect(mailOf(await api.ok("inbox"))).toEqual([]);
  });
});

describe.if(hasWindows)("broadcast", () => {
  test("goes to all, or to some; waits until all have seen it", async () => {
    const api = await bus.start({ name: "api", project: "shop", role: "builder" });
    const web = await bus.start({ name: "web", project: "shop", role: "tester" });
    const ops = await bus.start({ name: "ops" });
    expect((await person("broadcast freeze")).exit).toBe(0);
    expect((await person("broadcast --project shop pull")).exit).toBe(0);
    expect((await person("broadcast --project shop --role Tester run")).exit).toBe(0);
    const count = async (of: typeof api) => mailOf(await of.ok("inbox")).length;
    expect([await count(api), await count(web), await count(ops)]).toEqual([2, 3, 1]);
    const waits = person("broadcast --role builder again --wait seen");
    expect(await waitForMail(api)).toHaveLength(1);
    expect(await waits).toMatchObject({ exit: 0, out: "Seen.\n" });
    const none = await person("broadcast --project none hello");
    expect(none).toMatchObject({ exit: 3, out: "" });
    expect(none.err).toContain('in project "none"');
  });
});

describe.if(hasWindows)("inbox and reply", () => {
  test("what a session of a project writes to the user is read, proved and answered", async () => {
    const api = await bus.start({ name: "api", project: "shop" });
    const sent = await api.ok("dm", {
      to: "user",
      content: "May I drop the table?",
      message_type: "question",
    });
    expect(sent).toMatchObject({
      recipients: [{ name: "user" }],
      note: expect.stringContaining("cc-dm inbox"),
    });
    const peeked = await person("inbox --peek");
    expect(peeked.out).toContain("May I drop the table?");
    const { exit, out } = await person("inbox");
    expect(exit).toBe(0);
    expect(out).toMatch(
      /^api \(worker, shop\) · \d\d:\d\d · question · [0-9A-Z]{26}\n {2}May I drop the table\?\n$/,
    );
    const { messages } = await api.ok("history");
    expect(messages).toMatchObject([
      { receipts: [{ name: "user", state: "seen", path: "pull", evidence: "read" }] },
    ]);
    expect((await person("inbox")).out).toBe("Nothing new.\n");

    const answered = await person(`reply ${idIn(out).slice(-8).toLowerCase()} No.`);
    expect(answered).toMatchObject({ exit: 0 });
    expect(mailOf(await api.ok("inbox"))).toMatchObject([{ from: "user", in_reply_to: idIn(out) }]);
  });

  test("a reader that closes the pipe has read nothing", async () => {
    const api = await bus.start({ name: "api" });
    for (let i = 0; i < 30; i++) await api.ok("dm", { to: "user", content: `${i} ${"x".repeat(9000)}` });
    await person("inbox", { after: "| head -c 10 >/dev/null" });
    const { messages } = await api.ok("history", { limit: 100 });
    const states = (messages as readonly { receipts: readonly { state: string }[] }[]).map(
      ({ receipts }) => receipts[0]?.state,
    );
    expect(states).not.toContain("seen");

    bus.open().query("update delivery set handed_at = handed_at - 60000").run();
    const again = mailOf(JSON.parse((await person("inbox --json --limit 1")).out));
    expect(again).toMatchObject([{ content: expect.stringMatching(/^0 x/), repeat: true }]);
  });

  test("on a full disk what could not be written is no success, and is there the next time", async () => {
    const api = await bus.start({ name: "api" });
    await api.ok("dm", { to: "user", content: "May I?" });
    const { exit, err } = await person("inbox", { after: ">/dev/full" });
    expect(exit).toBe(3);
    expect(err).toContain("could not be written: ENOSPC");
    expect((await person("who", { after: ">/dev/full" })).exit).toBe(3);
    bus.open().query("update delivery set handed_at = handed_at - 60000").run();
    expect((await person("inbox --peek")).out).toContain("May I?");
    expect((await person("inbox")).out).toContain("may have been shown before");
    expect((await person("inbox")).out).toBe("Nothing new.\n");
  });

  test("two persons at once: each message is shown once", async () => {
    const api = await bus.start({ name: "api" });
    for (let i = 0; i < 8; i++) await api.ok("dm", { to: "user", content: `note ${i}` });
    const both = await Promise.all([person("inbox --json"), person("inbox --json")]);
    const shown = both.flatMap(({ out }) => mailOf(JSON.parse(out)).map(({ content }) => content));
    expect(shown.toSorted()).toEqual(Array.from({ length: 8 }, (_, i) => `note ${i}`));
  });

  test("of another's message, or of none: an error", async () => {
    const api = await bus.start({ name: "api" });
    const { out } = await person("send api hi");
    expect(await person(`reply ${idIn(out)} hello`)).toMatchObject({ exit: 3, out: "" });
    expect((await person("reply abc hello")).err).toContain("six characters");
    const none =
      'No message to "user" is called "ZZZZZZ". cc-dm inbox shows the ids; to write first: cc-dm send.';
    expect((await person("reply ZZZZZZ hello")).err).toBe(`cc-dm: ${none}\n`);
    expect(mailOf(await api.ok("inbox"))).toHaveLength(1);
  });

  test("what expired unread comes back to the person", async () => {
    await (await bus.start({ name: "api" })).stop();
    await person("send api --ttl 1s soon");
    await bus.start({ name: "other", clock: true }); // whoever runs looks after it
    bus.turnClock({ wallMs: 60_000, upMs: 60_000 });
    let out = "";
    await until("the notice comes", async () => {
      ({ out } = await person("inbox"));
      return out !== "Nothing new.\n";
    });
    expect(out).toMatch(/^cc-dm · /);
    expect(out).toContain("expired after 1 s");
  });
});

describe.if(hasWindows)("whoami", () => {
  test("the person, typed or by a script", async () => {
    await bus.start({ name: "api" });
    expect((await person("whoami")).out).toBe("user: the user of this machine\n");
    const script = await person("whoami --json", { before: "setsid --wait", after: "</dev/null" });
    expect(JSON.parse(script.out)).toMatchObject({ speaks_as: "user", kind: "user", typed: false });
  });
});

async function waitForMail(of: Awaited<ReturnType<typeof bus.start>>): Promise<readonly Mail[]> {
  for (;;) {
    const mail = mailOf(await of.ok("inbox"));
    if (mail.length > 0) return mail;
    await of.ping();
  }
}
