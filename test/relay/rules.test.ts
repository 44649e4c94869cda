/** The person's own policy in config.json: the first rule that fits decides, and none is skipped. */
// biome-ignore-all lint/suspicious/noThenProperty: the outcome of a rule is called so in the file
import { describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { testBus } from "../support/testbus.ts";
import {
  ask,
  asked,
  audits,
  channelOf,
  configure,
  hooked,
  model,
  onRecord,
  person,
  relayed,
  requests,
  stillWaits,
  threeOf,
} from "./scene.ts";

const bus = testBus();
const bash = (command: string) => ({ tool: "Bash", input: { command } });

describe("a rule that allows", () => {
  const rules = [
    { tool: "Bash", pattern: "git status*", then: "allow" },
    { tool: "Write", pattern: "/code/*", then: "allow" },
    { tool: "mcp__shell__*", pattern: "ls*", then: "allow" },
  ];
  test("answers at once, and that is on record with the rule's number", async () => {
    configure(bus, { permissions: rules });
    const { worker, lead } = await threeOf(bus);
    const prompt = ask(worker, bash("git status --short"));
    expect(await prompt.answer).toEqual({ behavior: "allow" });
    const [request] = requests(bus);
    expect(request).toMatchObject({ behavior: "allow", settled_by: "rule 1" });
    expect(audits(bus, request?.id)).toMatchObject([{ kind: "rule", who: "rule 1" }]);
    expect((await lead.ok("inbox")).messages).toEqual([]); // nobody was asked
  });

  test("allows nothing that is joined to it, hidden behind it or leads out of it", async () => {
    configure(bus, { permissions: rules });
    const { worker } = await threeOf(bus);
    for (const command of [
      "git status; rm -rf ~",
      "git status && rm -rf ~",
      "git status || rm -rf ~",
      "git status | sh",
      "git status & rm -rf ~",
      "git status\nrm -rf ~",
      "git status\r\nrm -rf ~",
      "git status $(rm -rf ~)",
      "git status ${x}",
      "git status `rm -rf ~`",
      "git status > ~/.bashrc",
      "git status < /dev/tcp/x/1",
      "git status \\\nrm",
      " git status",
      "GIT STATUS",
    ])
      await stillWaits(bus, await asked(bus, worker, bash(command)));
    const write = (file_path: string) => ({ tool: "Write", input: { file_path, content: "x" } });
    for (const path of ["/code/../etc/passwd", "/code/a/../../etc/passwd", "/code/..", "/codes/x"])
      await stillWaits(bus, await asked(bus, worker, write(path)));
    expect(await ask(worker, write("/code/a..b/c")).answer).toEqual({ behavior: "allow" });
    const shell = { tool: "mcp__shell__run", input: { command: "ls; rm -rf ~" } };
    await stillWaits(bus, await asked(bus, worker, shell));
    await stillWaits(bus, await asked(bus, worker, { tool: "Bash", input: '{"command":"git status --sh' }));
  });

  test("allows nothing that the channel shows in part", async () => {
    configure(bus, { permissions: [{ tool: "Bash", pattern: "*git status*", then: "allow" }] });
    const worker = await bus.start({ name: "worker", env: relayed });
    const channel = channelOf(bus, worker);
    const whole = JSON.stringify({ command: `git status ${" ".repeat(200)}; rm -rf ~` });
    const { id } = await channel.asked("abcde", { preview: whole.slice(0, 200) });
    expect(channel.verdicts.all).toEqual([]);
    await person(bus, id, "deny");
    expect(await channel.verdicts.next()).toEqual({ request_id: "abcde", behavior: "deny" });
  });
});

describe("other rules", () => {
  test("deny at once, with words that the model reads", async () => {
    configure(bus, { permissions: [{ tool: "Bash", pattern: "*rm -rf*", then: "deny" }] });
    const { worker } = await threeOf(bus);
    expect(await ask(worker, bash("cd /; rm -rf ~")).answer).toMatchObject({
      behavior: "deny",
      message: expect.stringContaining("rule 1"),
    });
    await onRecord(bus, { kind: "rule", who: "rule 1", detail: "deny" });
    await stillWaits(bus, await asked(bus, worker, bash("rm -r x")));
  });

  test("leave it to the person alone", async () => {
    configure(bus, { permissions: [{ tool: "Bash", then: "user" }] });
    const { worker, lead } = await threeOf(bus);
    const prompt = await asked(bus, worker, bash("ls"));
    expect(JSON.parse(prompt.request.asked)).toHaveLength(1);
    expect(await lead.ok("approvals")).toMatchObject({ requests: [] });
    const decide = await model(lead, "decide", { request_id: prompt.request.id, verdict: "allow" });
    expect((await decide.refused()).code).toBe("not_asked");
    await person(bus, prompt.request.id, "allow");
    expect(await prompt.answer).toEqual({ behavior: "allow" });
  });

  test("name who is asked, whatever the session's environment says", async () => {
    configure(bus, { permissions: [{ tool: "Bash", then: "ask third, role:boss" }] });
    const { worker, lead, third } = await threeOf(bus);
    const boss = await bus.start({ name: "b", role: "boss", project: "other", env: hooked("s-b") });
    const prompt = await asked(bus, worker, bash("ls"));
    for (const session of [third, boss])
      expect(await session.ok("approvals")).toMatchObject({ requests: [{ request_id: prompt.request.id }] });
    expect(await lead.ok("approvals")).toMatchObject({ requests: [] });
    await stillWaits(bus, prompt);
  });

  test("ask nobody but the person where it is named", async () => {
    configure(bus, { permissions: [{ tool: "Bash", then: "ask user" }] });
    const { worker } = await threeOf(bus);
    const prompt = await asked(bus, worker, bash("ls"));
    const [line] = audits(bus, prompt.request.id);
    expect(line?.detail).toBe("Bash put to user");
    await stillWaits(bus, prompt);
  });

  test("count in their order, and hold for their project and role only", async () => {
    configure(bus, {
      permissions: [
        { project: "shop", tool: "Bash", pattern: "ls", then: "deny" },
        { role: "tester", tool: "Ba*", then: "allow" },
        { tool: "Bash", then: "user" },
      ],
    });
    const start = (name: string, more: object) =>
      bus.start({ name, env: { ...hooked(`s-${name}`), ...relayed }, ...more });
    const shop = await start("shop", { project: "shop", role: "tester" });
    const tester = await start("tester", { project: "bank", role: "tester" });
    const plain = await start("plain", { project: "bank" });
    expect((await ask(shop, bash("ls")).answer)?.behavior).toBe("deny");
    expect((await ask(shop, bash("pwd")).answer)?.behavior).toBe("allow");
    expect((await ask(tester, bash("ls")).answer)?.behavior).toBe("allow");
    await stillWaits(bus, await asked(bus, plain, bash("ls")));
  });

  test("of the project and role at start: register lifts none", async () => {
    configure(bus, { permissions: [{ role: "worker", then: "deny" }] });
    const { worker } = await threeOf(bus);
    await worker.ok("register", { name: "worker", role: "boss", project: "other" });
    expect((await ask(worker, bash("ls")).answer)?.behavior).toBe("deny");
  });

  test("that deny or leave it to the person outlast what was remembered", async () => {
    configure(bus, { permissions: [{ tool: "Bash", pattern: "rm*", then: "user" }] });
    const { worker, lead } = await threeOf(bus);
    const first = await asked(bus, worker, bash("ls"));
    await (
      await model(lead, "decide", { request_id: first.request.id, verdict: "allow", remember: true })
    ).ok();
    expect(await first.answer).toEqual({ behavior: "allow" }); // by then it is remembered
    expect(await ask(worker, bash("ls")).answer).toEqual({ behavior: "allow" });
    const user = await asked(bus, worker, bash("rm x"));
    await person(bus, user.request.id, "allow", null, true);
    expect(await user.answer).toEqual({ behavior: "allow" });
    await stillWaits(bus, await asked(bus, worker, bash("rm x")));
  });
});

describe("what stands in config.json and cannot be meant stops the start", () => {
  const table: [string, unknown, string][] = [
    ["no list", { tool: "Bash", then: "allow" }, "must be a list"],
    ["a rule that is a text", ["allow"], "must be an object"],
    ["a rule that is a list", [["allow"]], "must be an object"],
    ["a rule without an outcome", [{ tool: "Bash" }], '"then"'],
    ["an outcome nobody knows", [{ then: "alow" }], "alow"],
    ["an outcome in capitals", [{ then: "ALLOW" }], "ALLOW"],
    ["an approver that is none", [{ then: "ask" }], '"then"'],
    ["an empty approver", [{ then: "ask lead,," }], "rule 1"],
    ["a key nobody knows", [{ tools: "Bash", then: "allow" }], "tools"],
    ["a pattern that is a number", [{ pattern: 7, then: "allow" }], "pattern"],
    ["an empty pattern", [{ pattern: "", then: "allow" }], "pattern"],
    ["a good rule and a bad one", [{ then: "deny" }, { then: "maybe" }], "rule 2"],
    ["null", null, "must be a list"],
  ];
  for (const [what, permissions, word] of table) {
    test(what, async () => {
      configure(bus, { permissions });
      const { code, stderr } = await bus.run({ env: relayed });
      expect(code).not.toBe(0);
      expect(stderr).toContain("config.json");
      expect(stderr).toContain(word);
    });
  }

  test("rules in another home, where CC_DM_HOME says", async () => {
    mkdirSync(bus.home, { recursive: true });
    writeFileSync(`${bus.home}/config.json`, JSON.stringify({ permissions: [{ then: "allow" }] }));
    const { code, stderr } = await bus.run({ env: relayed });
    expect(code).not.toBe(0);
    expect(stderr).toContain(bus.path("me", ".cc-dm", "config.json"));
  });

  test("no file of a repository takes part", async () => {
    const work = bus.path("worker");
    mkdirSync(`${work}/.cc-dm`, { recursive: true });
    for (const file of ["config.json", ".cc-dm/config.json", ".cc-dm.json"])
      writeFileSync(`${work}/${file}`, JSON.stringify({ permissions: [{ then: "allow" }] }));
    const { worker } = await threeOf(bus);
    await stillWaits(bus, await asked(bus, worker, bash("ls")));
  });
});
