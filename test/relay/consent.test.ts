/** A session's verdict costs a click in its own client, whatever the model, its settings or a repository say. */
import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { refused } from "../support/answers.ts";
import { until } from "../support/processes.ts";
import { testBus } from "../support/testbus.ts";
import {
  ask,
  asked,
  callAs,
  channelOf,
  configure,
  hooked,
  model,
  onRecord,
  relayed,
  requests,
  stillWaits,
  threeOf,
} from "./scene.ts";

const bus = testBus();
const input = { command: "rm -r build" };
const allow = (request_id: string, more = {}) => ({ request_id, verdict: "allow", ...more });

async function scene(approver: Record<string, string> = {}) {
  const worker = await bus.start({
    name: "worker",
    env: { ...hooked("s-worker"), ...relayed, CC_DM_PERMISSION_APPROVER: "lead" },
  });
  const lead = await bus.start({ name: "lead", env: { ...hooked("s-lead"), ...approver } });
  return { worker, lead, prompt: await asked(bus, worker, { input }) };
}

describe("where a client runs our hooks, a verdict that nobody was asked about is refused and on record", () => {
  test("when the hook never heard of the call", async () => {
    const { lead, prompt } = await scene();
    const { id, letters } = prompt.request;
    for (const toolUse of ["toolu_x", "", null]) {
      expect(refused(await callAs(lead, "decide", allow(id), toolUse)).code).toBe("no_consent");
      const mail = { to: "worker", content: `yes ${letters}` };
      expect(refused(await callAs(lead, "dm", mail, toolUse)).code).toBe("no_consent");
    }
    await onRecord(bus, { request: id, kind: "refused", who: "lead", detail: "no_consent" });
    await stillWaits(bus, prompt);
  });

  test("when the agreement was to another call", async () => {
    const { lead, prompt } = await scene();
    const agreed = await model(lead, "decide", allow(prompt.request.id), "toolu_agreed");
    expect(agreed.decision).toBe("ask");
    expect(refused(await callAs(lead, "decide", allow(prompt.request.id), "toolu_other")).code).toBe(
      "no_consent",
    );
    await stillWaits(bus, prompt);
  });

  test("when the agreement was used before", async () => {
    const { worker, lead, prompt } = await scene();
    const agreed = await model(lead, "decide", allow(prompt.request.id), "toolu_1");
    await agreed.ok();
    expect(await prompt.answer).toEqual({ behavior: "allow" });
    const next = await asked(bus, worker, { input: { command: "rm -r ~" } });
    expect(refused(await callAs(lead, "decide", allow(next.request.id), "toolu_1")).code).toBe("no_consent");
    await stillWaits(bus, next);
  });

  test("when the person agreed to something else under the same id", async () => {
    const { worker, lead, prompt } = await scene();
    const other = await asked(bus, worker, { input: { command: "rm -r ~" }, agent: "a-1" });
    await model(lead, "decide", { request_id: prompt.request.id, verdict: "deny" }, "toolu_1");
    const turned = refused(await callAs(lead, "decide", allow(other.request.id), "toolu_1"));
    expect(turned.code).toBe("no_consent");
    await stillWaits(bus, other);
    await stillWaits(bus, prompt);
  });

  test("when the agreement was to a message, which a request that came meanwhile makes an answer", async () => {
    const worker = await bus.start({
      name: "worker",
      env: { ...relayed, CC_DM_PERMISSION_APPROVER: "lead" },
    });
    const lead = await bus.start({ name: "lead", env: hooked("s-lead") });
    const early = await model(lead, "dm", { to: "worker", content: "yes abcde" });
    expect(early.decision).toBe("allow");
    const channel = channelOf(bus, worker);
    await channel.asked("abcde", { preview: JSON.stringify(input) });
    expect((await early.refused()).code).toBe("no_consent");
    expect(channel.verdicts.all).toEqual([]);
  });

  test("when the tool is called by a name that is not the plugin's", async () => {
    const { lead, prompt } = await scene();
    const result = await lead.call("hook_tool", { tool: "mcp__cc-dm__decide", agent: "", id: "toolu_9" });
    expect(result.content).toEqual([{ type: "text", text: "{}" }]);
    expect(refused(await callAs(lead, "decide", allow(prompt.request.id), "toolu_9")).code).toBe(
      "no_consent",
    );
    await stillWaits(bus, prompt);
  });
});

describe("a session that its person started as an approver", () => {
  const started = { CC_DM_APPROVER: "1" };
  test("decides without a click", async () => {
    const { lead, prompt } = await scene(started);
    const decide = await model(lead, "decide", allow(prompt.request.id));
    expect(decide.decision).toBe("allow");
    await decide.ok();
    expect(await prompt.answer).toEqual({ behavior: "allow" });
  });

  test("remembers for another session only with a click", async () => {
    const { worker, lead, prompt } = await scene(started);
    const args = allow(prompt.request.id, { remember: true });
    expect(refused(await callAs(lead, "decide", args, "toolu_none")).code).toBe("no_consent");
    const decide = await model(lead, "decide", args);
    expect(decide.decision).toBe("ask");
    await decide.ok();
    expect(await prompt.answer).toEqual({ behavior: "allow" });
    expect(await ask(worker, { input }).answer).toEqual({ behavior: "allow" });
  });

  test("costs a click all the same where config.json locks it", async () => {
    configure(bus, { locked: { CC_DM_APPROVER: "off" } });
    const { lead, prompt } = await scene(started);
    const decide = await model(lead, "decide", allow(prompt.request.id));
    expect(decide.decision).toBe("ask");
    expect(refused(await callAs(lead, "decide", allow(prompt.request.id), null)).code).toBe("no_consent");
    await stillWaits(bus, prompt);
  });

  test("is an approver only for what was put to it", async () => {
    const { worker, third } = await threeOf(bus);
    const boss = await bus.start({ name: "boss", env: { ...hooked("s-boss"), ...started } });
    const prompt = await asked(bus, worker, { input });
    for (const session of [boss, third])
      expect((await (await model(session, "decide", allow(prompt.request.id))).refused()).code).toBe(
        "not_asked",
      );
    await stillWaits(bus, prompt);
  });
});

describe("a session that edits its own environment", () => {
  const locked = {
    CC_DM_PERMISSION_RELAY: "1",
    CC_DM_PERMISSION_APPROVER: "lead",
    CC_DM_APPROVER: "off",
  };
  const asks = async (env: Record<string, string>) => {
    configure(bus, { locked });
    const lead = await bus.start({ name: "lead", env: hooked("s-lead") });
    const crony = await bus.start({ name: "crony", env: { ...hooked("s-crony"), CC_DM_APPROVER: "1" } });
    const worker = await bus.start({ name: "worker", env: { ...hooked("s-worker"), ...env } });
    return { lead, crony, worker };
  };

  test("does not choose who decides for it where config.json locks that", async () => {
    const { worker, crony, lead } = await asks({ CC_DM_PERMISSION_APPROVER: "crony" });
    const prompt = await asked(bus, worker, { input });
    expect((await (await model(crony, "decide", allow(prompt.request.id))).refused()).code).toBe("not_asked");
    expect(await lead.ok("approvals")).toMatchObject({ requests: [{ request_id: prompt.request.id }] });
    await stillWaits(bus, prompt);
  });

  test("does not get rid of the relay where config.json locks it on", async () => {
    const { worker } = await asks({ CC_DM_PERMISSION_RELAY: "0" });
    await stillWaits(bus, await asked(bus, worker, { input }));
  });

  test("gets a bus of its own by CC_DM_HOME, and there the same locks", async () => {
    configure(bus, { locked });
    const elsewhere = bus.path("elsewhere");
    mkdirSync(elsewhere);
    const open = { CC_DM_PERMISSION_APPROVER: "crony", CC_DM_APPROVER: "1" };
    writeFileSync(`${elsewhere}/config.json`, JSON.stringify({ ...open, locked: open }));
    await bus.start({ name: "lead" });
    const away = { CC_DM_HOME: elsewhere, ...hooked("s-worker") };
    const worker = await bus.start({ name: "worker", env: away });
    const crony = await bus.start({ name: "crony", env: { ...away, ...hooked("s-crony") } });
    const prompt = ask(worker, { input });
    const there = new Database(`${elsewhere}/bus.db`, { readonly: true });
    const put = there.query("select 1 from audit where kind = 'asked'");
    await until("it is put to somebody", () => put.all().length > 0);
    there.close();
    expect(requests(bus)).toEqual([]); // nobody of the person's own bus is reached
    expect(await crony.ok("approvals")).toMatchObject({ requests: [] });
    expect(prompt.isAnswered()).toBe(false);
    prompt.cancel();
  });
});
