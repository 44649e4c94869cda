/** One prompt told by both ways is one request; what may be two is two. */
// biome-ignore-all lint/suspicious/noThenProperty: the outcome of a rule is called so in the file
import { describe, expect, test } from "bun:test";
import { until } from "../support/processes.ts";
import { testBus } from "../support/testbus.ts";
import {
  ask,
  asked,
  audits,
  channelOf,
  configure,
  hooked,
  model,
  person,
  relayed,
  requests,
} from "./scene.ts";

const bus = testBus();
const env = { ...hooked("s"), ...relayed };
const put = (count: number) =>
  until(`${count} are put`, () => audits(bus).filter(({ kind }) => kind === "asked").length === count);

async function scene() {
  const worker = await bus.start({ name: "worker", env });
  await worker.call("hook_prompt", { prompt: "go on" }); // its hooks are heard
  return { worker, channel: channelOf(bus, worker) };
}

describe("the hook and the channel's event of one prompt", () => {
  const input = { command: "touch x", description: "makes x" };
  const long = { command: `echo ${"a".repeat(500)}` };
  for (const [what, full, preview] of [
    ["the whole input", input, JSON.stringify(input)],
    ["the first 200 characters", long, JSON.stringify(long).slice(0, 200)],
    ["a part and an ellipsis", long, `${JSON.stringify(long).slice(0, 199)}…`],
    ["a part and three dots", long, `${JSON.stringify(long).slice(0, 197)}...`],
  ] as const) {
    for (const first of ["hook", "channel"] as const) {
      test(`are one request, with ${what} as preview, the ${first} first`, async () => {
        const { worker, channel } = await scene();
        if (first === "channel") await channel.ask("abcde", { preview });
        const prompt = ask(worker, { input: full });
        await put(1);
        if (first === "hook") await channel.ask("abcde", { preview });
        // The channel's event waits for the hook's; another behind it, which is put, says that it has waited.
        await channel.ask("zzzzz", { tool: "Write", preview: "{}" });
        await put(2);
        const all = requests(bus).filter(({ tool }) => tool === "Bash");
        expect(all.map((one) => JSON.parse(one.input))).toEqual([full]);
        await person(bus, all[0]?.id ?? "", "allow");
        expect(await prompt.answer).toEqual({ behavior: "allow" });
        expect(await channel.verdicts.next()).toEqual({ request_id: "abcde", behavior: "allow" });
      });
    }
  }

  for (const [what, permissions, full] of [
    ["a rule", [{ tool: "Bash", pattern: "echo *", then: "allow" }], long],
    ["a rule that denies", [{ tool: "Bash", pattern: "echo *", then: "deny" }], long],
    ["a rule, and the preview is whole", [{ tool: "Bash", pattern: "touch *", then: "allow" }], input],
  ] as const)
    test(`are one request where ${what} answers the hook at once: nobody is asked`, async () => {
      configure(bus, { permissions });
      const { worker, channel } = await scene();
      const prompt = ask(worker, { input: full });
      await channel.ask("abcde", { preview: JSON.stringify(full).slice(0, 200) });
      expect((await prompt.answer)?.behavior).toBe(permissions[0].then);
      await channel.ask("zzzzz", { tool: "Write", preview: "{}" }); // behind it: by then it has waited for the hook
      await put(1);
      expect(requests(bus).map(({ tool, state }) => [tool, state])).toEqual([
        ["Bash", "given"],
        ["Write", "open"],
      ]);
    });

  test("are one request where the answer is quicker than the channel's event", async () => {
    const asks = { ...env, CC_DM_PERMISSION_APPROVER: "lead" };
    const worker = await bus.start({ name: "worker", env: asks });
    const lead = await bus.start({ name: "lead", env: hooked("s-lead") });
    await worker.call("hook_prompt", { prompt: "go on" });
    const channel = channelOf(bus, worker);
    const prompt = await asked(bus, worker, { input });
    await (await model(lead, "decide", { request_id: prompt.request.id, verdict: "allow" })).ok();
    expect(await prompt.answer).toEqual({ behavior: "allow" });
    await channel.ask("abcde", { preview: JSON.stringify(input) });
    await channel.ask("zzzzz", { tool: "Write", preview: "{}" });
    await put(2);
    expect(requests(bus).map(({ tool }) => tool)).toEqual(["Bash", "Write"]);
  });

  test("are one request where the person says no before the channel's event is looked at", async () => {
    const { worker, channel } = await scene();
    const prompt = await asked(bus, worker, { input });
    await channel.ask("abcde", { preview: JSON.stringify(input) });
    prompt.cancel();
    await channel.ask("zzzzz", { tool: "Write", preview: "{}" });
    await put(2);
    expect(requests(bus).map(({ tool, state }) => [tool, state])).toEqual([
      ["Bash", "local"],
      ["Write", "open"],
    ]);
  });

  test("are two requests where the channel tells of one more than was answered", async () => {
    configure(bus, { permissions: [{ tool: "Bash", pattern: "echo *", then: "allow" }] });
    const { worker, channel } = await scene();
    const preview = JSON.stringify(long).slice(0, 200);
    const prompt = ask(worker, { input: long });
    await Promise.all([channel.ask("aaaaa", { preview }), channel.ask("bbbbb", { preview })]);
    expect(await prompt.answer).toEqual({ behavior: "allow" });
    await put(1);
    const open = requests(bus).filter(({ state }) => state === "open");
    await person(bus, open[0]?.id ?? "", "deny");
    expect(await channel.verdicts.next()).toEqual({ request_id: "bbbbb", behavior: "deny" });
  });

  for (const [what, full, preview] of [
    ["the tail differs", { command: "rm -r /tmp/a/b" }, "rm -r /tmp/a"],
    ["a beginning is not cut", long, JSON.stringify(long).slice(0, 100)],
    ["the whole preview is a beginning", { command: "ls; rm x" }, "ls"],
    ["the input differs", { command: "touch x" }, JSON.stringify({ command: "touch y" })],
    ["the preview is of a form of its own", { command: "touch x" }, "touch x"],
    ["there is no preview", { command: "touch x" }, ""],
    ["the preview is an ellipsis", { command: "touch x" }, "…"],
  ] as const) {
    test(`are two requests where ${what}: each is decided by itself`, async () => {
      const { worker, channel } = await scene();
      const prompt = ask(worker, { input: full });
      await put(1);
      await channel.ask("abcde", { preview });
      await put(2);
      const [one, other] = requests(bus);
      await person(bus, one?.id ?? "", "allow");
      expect(await prompt.answer).toEqual({ behavior: "allow" });
      await person(bus, other?.id ?? "", "deny");
      expect(await channel.verdicts.next()).toEqual({ request_id: "abcde", behavior: "deny" });
      expect(channel.verdicts.all).toHaveLength(1);
    });
  }

  test("are two requests where the tool differs", async () => {
    const { worker, channel } = await scene();
    ask(worker, { tool: "Bash", input: { command: "x" } });
    await put(1);
    await channel.ask("abcde", { tool: "Write", preview: JSON.stringify({ command: "x" }) });
    await put(2);
  });

  test("are two requests where a beginning fits two prompts", async () => {
    const { worker, channel } = await scene();
    const head = `echo ${"a".repeat(300)}`;
    const good = ask(worker, { input: { command: `${head} good` } });
    const evil = ask(worker, { input: { command: `${head} evil` } });
    await put(2);
    await channel.ask("abcde", { preview: JSON.stringify({ command: `${head} evil` }).slice(0, 200) });
    await put(3);
    const one = requests(bus).find((of) => of.input.includes("good"));
    await person(bus, one?.id ?? "", "allow");
    expect(await good.answer).toEqual({ behavior: "allow" });
    expect(evil.isAnswered()).toBe(false);
    expect(channel.verdicts.all).toEqual([]);
  });
});

describe("two prompts alike at once", () => {
  test("by the hook are two requests, each answered", async () => {
    const { worker } = await scene();
    const prompts = ["a-1", "a-2"].map((agent) => ask(worker, { agent, input: { command: "touch x" } }));
    await put(2);
    for (const { id } of requests(bus)) await person(bus, id, "allow");
    expect(await Promise.all(prompts.map(({ answer }) => answer))).toEqual([
      { behavior: "allow" },
      { behavior: "allow" },
    ]);
  });

  test("by the channel are two requests, each answered", async () => {
    const { channel } = await scene();
    const preview = JSON.stringify({ command: "touch x" });
    await Promise.all([channel.ask("aaaaa", { preview }), channel.ask("bbbbb", { preview })]);
    await put(2);
    for (const { id } of requests(bus)) await person(bus, id, "allow");
    const ids = [await channel.verdicts.next(), await channel.verdicts.next()].map((one) => one.request_id);
    expect(ids.sort()).toEqual(["aaaaa", "bbbbb"]);
  });
});
