/** What becomes of a request when somebody dies, hangs up or cannot write. */
import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { appendFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { until } from "../support/processes.ts";
import type { TestSession } from "../support/session.ts";
import { testBus } from "../support/testbus.ts";
import {
  ask,
  asked,
  audits,
  channelOf,
  hooked,
  model,
  onRecord,
  person,
  relayed,
  request,
  rows,
  stillWaits,
  threeOf,
} from "./scene.ts";

const bus = testBus();
const input = { command: "rm -r build" };
const allow = (request_id: string) => ({ request_id, verdict: "allow" });

const state = (id: string) => request(bus, id).state;

/** The client's own note of its state. */
function notes(session: string, status: string, at = Date.now()): void {
  const folder = bus.path(`client-${session}`, "sessions");
  mkdirSync(folder, { recursive: true });
  const note = { pid: process.pid, status, statusUpdatedAt: at };
  writeFileSync(`${folder}/${process.pid}.json`, JSON.stringify(note));
}

describe("a requester", () => {
  test("that is killed while others are asked has withdrawn: nothing can be decided any more", async () => {
    const { worker, lead } = await threeOf(bus);
    const prompt = await asked(bus, worker, { input });
    await lead.ok("inbox");
    worker.kill("SIGKILL");
    await worker.gone;
    const decide = await model(lead, "decide", allow(prompt.request.id));
    const fault = await decide.refused();
    expect(fault.code).toBe("settled");
    expect(fault.message).toMatch(/withdrawn|gone|not running|ended/);
    await onRecord(bus, { request: prompt.request.id, kind: "refused", who: "lead" });
    expect(state(prompt.request.id)).toBe("withdrawn");
  });

  test("that leaves has withdrawn, and it is not said that anybody denied", async () => {
    const { worker, lead } = await threeOf(bus);
    const prompt = await asked(bus, worker, { input });
    await worker.stop();
    await until("withdrawn", () => state(prompt.request.id) !== "open");
    expect(request(bus, prompt.request.id)).toMatchObject({ state: "withdrawn", behavior: null });
    expect(audits(bus, prompt.request.id).map(({ kind }) => kind)).not.toContain("local");
    expect((await (await model(lead, "decide", allow(prompt.request.id))).refused()).code).toBe("settled");
  });

  test("that comes back under its name is not answered what it asked before", async () => {
    const { worker, lead } = await threeOf(bus);
    const prompt = await asked(bus, worker, { input });
    const decide = await model(lead, "decide", allow(prompt.request.id));
    await worker.stop();
    const again = await bus.start({
      name: "worker",
      env: { ...hooked("s-worker"), ...relayed, CC_DM_PERMISSION_APPROVER: "lead" },
    });
    await decide.refused();
    await stillWaits(bus, await asked(bus, again, { input }));
  });
});

describe("an approver", () => {
  test("that is killed leaves the prompt to the person", async () => {
    const { worker, lead } = await threeOf(bus);
    const prompt = await asked(bus, worker, { input });
    lead.kill("SIGKILL");
    await lead.gone;
    await person(bus, prompt.request.id, "allow");
    expect(await prompt.answer).toEqual({ behavior: "allow" });
  });

  test("that gave its verdict and was killed has given it", async () => {
    const { worker, lead } = await threeOf(bus);
    const prompt = await asked(bus, worker, { input });
    worker.kill("SIGSTOP");
    await (await model(lead, "decide", allow(prompt.request.id))).ok();
    lead.kill("SIGKILL");
    await lead.gone;
    worker.kill("SIGCONT");
    expect(await prompt.answer).toEqual({ behavior: "allow" });
    expect(request(bus, prompt.request.id)).toMatchObject({ state: "given", settled_by: "lead" });
  });

  test("that is offline or not there is named on the requester's side at once", async () => {
    const worker = await bus.start({
      name: "worker",
      env: { ...hooked("s-worker"), ...relayed, CC_DM_PERMISSION_APPROVER: "lead,role:boss" },
    });
    const prompt = await asked(bus, worker, { input });
    const [part] = (await worker.call("hook_waiting")).content;
    const { terminalSequence = "" } = JSON.parse((part as { text: string }).text) as {
      terminalSequence?: string;
    };
    expect(terminalSequence).toContain("lead is not running");
    expect(terminalSequence).toContain("role:boss is not running");
    expect(audits(bus, prompt.request.id)[0]?.detail).toContain("lead is not running");
    await stillWaits(bus, prompt);
  });
});

describe("a bus that is locked", () => {
  function locked(): Database {
    const holder = new Database(bus.file);
    holder.run("pragma busy_timeout = 5000");
    holder.run("begin immediate");
    return holder;
  }

  /** Writes a verdict of the person and has the file locked before anybody can read it. */
  async function lockedVerdict(id: string): Promise<Database> {
    await person(bus, id, "allow");
    return locked();
  }

  test("when a verdict comes delays it, and loses none", async () => {
    const { worker } = await threeOf(bus);
    const prompt = await asked(bus, worker, { input });
    worker.kill("SIGSTOP");
    const holder = await lockedVerdict(prompt.request.id);
    worker.kill("SIGCONT");
    await Bun.sleep(11_500); // longer than anybody waits for a lock
    expect(await worker.ping()).toBeLessThan(1_000);
    holder.run("commit");
    holder.close();
    expect(await prompt.answer).toEqual({ behavior: "allow" });
    await until("on record", () => state(prompt.request.id) === "given");
    expect(audits(bus, prompt.request.id).map(({ kind }) => kind)).toEqual(["asked", "given"]);
  });

  test("when the person denies at the dialog delays the record of it", async () => {
    const { worker } = await threeOf(bus);
    const prompt = await asked(bus, worker, { input });
    const holder = locked();
    prompt.cancel();
    await Bun.sleep(11_500);
    holder.run("commit");
    holder.close();
    await onRecord(bus, { request: prompt.request.id, kind: "local" });
    expect(state(prompt.request.id)).toBe("local");
  });

  test("when a prompt opens leaves it to the dialog, without holding it up", async () => {
    const { worker } = await threeOf(bus);
    const holder = locked();
    const prompt = ask(worker, { input });
    expect(await worker.ping()).toBeLessThan(1_000);
    const cancelled = ask(worker, { input: { command: "other" } });
    cancelled.cancel();
    await Bun.sleep(1_500);
    holder.run("commit");
    holder.close();
    await onRecord(bus, { kind: "asked" });
    expect(audits(bus).map(({ kind }) => kind)).not.toContain("altered");
    prompt.cancel();
    await until(
      "none is open",
      () => rows(bus).query("select 1 from permission_request where state = 'open'").all().length === 0,
    );
  });
});

describe("what the client's own note tells", () => {
  async function scene() {
    notes("worker", "waiting", Date.now() - 10_000);
    const worker = await bus.start({
      name: "worker",
      env: {
        ...hooked("s-worker"),
        ...relayed,
        CC_DM_PERMISSION_APPROVER: "lead",
        CLAUDE_CONFIG_DIR: bus.path("client-worker"),
      },
    });
    const lead = await bus.start({ name: "lead", env: hooked("s-lead") });
    return { worker, lead };
  }

  test("a verdict after the dialog was answered comes too late, by the channel too", async () => {
    const { worker, lead } = await scene();
    const channel = channelOf(bus, worker);
    const { id } = await channel.asked("abcde", { preview: JSON.stringify(input) });
    await Bun.sleep(300); // the dialog is on the screen for a moment
    notes("worker", "busy");
    await (await model(lead, "decide", allow(id))).call();
    await onRecord(bus, {
      request: id,
      kind: "refused",
      who: "lead",
      detail: "the dialog was answered first",
    });
    expect(channel.verdicts.all).toEqual([]);
  });

  /** The client writes down that a hook decided. */
  const writes = (behavior: string) =>
    appendFileSync(
      bus.path("transcript.jsonl"),
      `${JSON.stringify({
        type: "attachment",
        attachment: { type: "hook_permission_decision", decision: behavior, hookEvent: "PermissionRequest" },
        timestamp: new Date().toISOString(),
      })}\n`,
    );

  async function decided(): Promise<{ worker: TestSession; id: string }> {
    const { worker, lead } = await scene();
    const transcript = bus.path("transcript.jsonl");
    writeFileSync(transcript, "");
    await worker.call("hook_prompt", { prompt: "go on", transcript });
    await worker.call("hook_tool", { tool: "Bash", agent: "", id: "toolu_b" });
    const prompt = await asked(bus, worker, { input });
    await (await model(lead, "decide", allow(prompt.request.id))).ok();
    expect(await prompt.answer).toEqual({ behavior: "allow" });
    expect(state(prompt.request.id)).toBe("given");
    return { worker, id: prompt.request.id };
  }

  test("a verdict is given first, and effective when the client wrote that a hook decided", async () => {
    const { worker, id } = await decided();
    writes("allow");
    await worker.call("hook_batch", { agent: "" });
    await onRecord(bus, { request: id, kind: "effective", who: "lead" });
    expect(request(bus, id)).toMatchObject({ state: "effective", settled_by: "lead", behavior: "allow" });
  });

  test("a verdict is overtaken when the turn went on without such a record", async () => {
    const { worker, id } = await decided();
    await worker.call("hook_batch", { agent: "" });
    await onRecord(bus, { request: id, kind: "overtaken" });
    expect(request(bus, id).state).toBe("overtaken");
  });

  test("a verdict stays given as long as nothing tells", async () => {
    const { id } = await decided();
    await Bun.sleep(4_000);
    expect(state(id)).toBe("given");
  });
});

test("a person's key that is broken is said plainly, and nothing is relayed by halves", async () => {
  mkdirSync(bus.home, { recursive: true, mode: 0o700 });
  writeFileSync(`${bus.home}/user.key`, "no key");
  const worker = await bus.start({ name: "worker", env: { ...hooked("s-worker"), ...relayed } });
  const fault = await worker.refused("who");
  expect(fault.message).toContain("user.key");
  expect(await ask(worker, { input }).answer).toBeNull();
  // It tries again every five seconds: nobody is told of a session that hears nothing.
  expect(rows(bus).query("select name from session").all()).toEqual([]);
  expect(readdirSync(`${bus.home}/bells`)).toEqual([]);
});

test("the person stays able to decide what nobody else was asked", async () => {
  const worker = await bus.start({ name: "worker", env: { ...hooked("s-worker"), ...relayed } });
  const prompt = await asked(bus, worker, { input });
  expect(audits(bus, prompt.request.id)[0]?.detail).toContain("put to user");
  await person(bus, prompt.request.id, "deny", "no");
  expect((await prompt.answer)?.message).toContain("no");
});
