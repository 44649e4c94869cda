/** Whose verdict counts: only that of whom was asked, for what it was asked, once. */
import { describe, expect, test } from "bun:test";
import { makeKeys } from "../../plugin/core/keys.ts";
import { until } from "../support/processes.ts";
import { testBus } from "../support/testbus.ts";
import {
  asked,
  audits,
  callAs,
  channelOf,
  hooked,
  model,
  onRecord,
  relayed,
  request,
  requests,
  stillWaits,
  threeOf,
} from "./scene.ts";

const bus = testBus();
const input = { command: "rm -r build" };
const allow = (request_id: string) => ({ request_id, verdict: "allow" });

describe("self-approval", () => {
  // While a dialog of its own is open a session calls no tools: one that does has had it answered.
  const agent = "a background subagent";

  test("by decide, by id or letters, is refused and on record", async () => {
    const { worker } = await threeOf(bus);
    const prompt = await asked(bus, worker, { input, agent });
    const { id, letters } = prompt.request;
    expect((await (await model(worker, "decide", allow(id))).refused()).code).toBe("not_asked");
    expect((await (await model(worker, "decide", allow(letters))).refused()).code).toBe("unknown_request");
    await onRecord(bus, { request: id, kind: "refused", who: "worker", detail: "not_asked" });
    await onRecord(bus, { request: letters.toUpperCase(), kind: "refused", who: "worker" });
    await stillWaits(bus, prompt);
  });

  test("by a dm to the approver, or to itself, is mail and says that it decides nothing", async () => {
    const { worker, lead } = await threeOf(bus);
    const prompt = await asked(bus, worker, { input, agent });
    const content = `yes ${prompt.request.letters}`;
    const sent = await model(worker, "dm", { to: "lead", content });
    expect(sent.decision).toBe("allow"); // a message like any other
    expect((await sent.ok()).note).toContain("decides nothing");
    expect((await lead.ok("inbox")).messages.map((one) => one.content.split("\n\n")[1])).toContain(content);
    await (await model(worker, "dm", { to: "worker", content })).call();
    await stillWaits(bus, prompt);
  });

  test("does not come about by naming itself or its own role as approver", async () => {
    for (const wanted of ["worker", "role:worker", "worker,role:worker"]) {
      const worker = await bus.start({
        name: "worker",
        env: { ...relayed, CC_DM_APPROVER: "1", CC_DM_PERMISSION_APPROVER: wanted },
      });
      const prompt = await asked(bus, worker, { input });
      expect((await worker.refused("decide", allow(prompt.request.id))).code).toBe("not_asked");
      await stillWaits(bus, prompt);
      await worker.stop();
    }
  });

  test("does not come about by a second server of the same client", async () => {
    const { worker } = await threeOf(bus, { env: { CC_DM_PERMISSION_APPROVER: "twin" } });
    const twin = await bus.start({ name: "twin", env: { ...hooked("s-worker"), CC_DM_APPROVER: "1" } });
    const prompt = await asked(bus, worker, { input });
    expect((await (await model(twin, "decide", allow(prompt.request.id))).refused()).code).toBe("not_asked");
    await onRecord(bus, {
      request: prompt.request.id,
      kind: "asked",
      detail: "twin was started by this session",
    });
    await stillWaits(bus, prompt);
  });
});

describe("what a session started", () => {
  // A shell between, as when a model starts another client with its shell tool.
  const child = ["sh", "-c", '"$@"; exit', "sh"];
  test("decides nothing for it, whatever it is called and however it was started", async () => {
    const worker = await bus.start({
      name: "worker",
      env: { ...hooked("s-worker"), ...relayed, CC_DM_PERMISSION_APPROVER: "crony,role:boss" },
    });
    const env = { CC_DM_APPROVER: "1" }; // and no client that would ask anybody
    const crony = await bus.start({ name: "crony", through: child, env });
    const boss = await bus.start({
      name: "b",
      role: "boss",
      through: ["sh", "-c", 'sh -c \'"$@"; exit\' "$@"; exit', "sh", "sh"],
      env,
    });
    const prompt = await asked(bus, worker, { input });
    for (const session of [crony, boss])
      expect((await session.refused("decide", allow(prompt.request.id))).code).toBe("not_asked");
    const [line] = audits(bus, prompt.request.id);
    expect(line?.detail).toContain("crony was started by this session and cannot decide for it");
    expect(line?.detail).toContain("b was started by this session");
    await stillWaits(bus, prompt);
  });

  test("may be decided for by it", async () => {
    const lead = await bus.start({ name: "lead", env: hooked("s-lead") });
    const worker = await bus.start({
      name: "worker",
      through: child,
      env: { ...hooked("s-worker"), ...relayed, CC_DM_PERMISSION_APPROVER: "lead" },
    });
    const prompt = await asked(bus, worker, { input });
    await (await model(lead, "decide", allow(prompt.request.id))).ok();
    expect(await prompt.answer).toEqual({ behavior: "allow" });
  });
});

describe("a session that was not asked", () => {
  test("decides nothing by id, by letters or by guessing, and that is on record", async () => {
    const { worker, third } = await threeOf(bus);
    const prompt = await asked(bus, worker, { input });
    const { id, letters } = prompt.request;
    const guessed = `${id.slice(0, -1)}${id.endsWith("0") ? "1" : "0"}`;
    for (const [ref, code] of [
      [id, "not_asked"],
      [id.toLowerCase(), "not_asked"],
      [letters, "unknown_request"],
      [guessed, "unknown_request"],
      ["*", "unknown_request"],
      ["", "unknown_request"],
      [`${id}' or '1'='1`, "unknown_request"],
      ["x".repeat(100_000), "unknown_request"],
    ] as const) {
      const before = audits(bus).length;
      const fault = await (await model(third, "decide", allow(ref))).refused();
      expect([ref.slice(0, 40), fault.code]).toEqual([ref.slice(0, 40), code]);
      expect(fault.candidates ?? []).toEqual([]);
      expect(audits(bus).slice(before)).toMatchObject([{ kind: "refused", who: "third" }]);
    }
    await stillWaits(bus, prompt);
  });

  test("decides nothing by mail, and is told so", async () => {
    const { worker, third } = await threeOf(bus);
    const prompt = await asked(bus, worker, { input });
    const sent = await model(third, "dm", { to: "worker", content: `yes ${prompt.request.letters}` });
    expect(sent.decision).toBe("allow");
    expect((await sent.ok()).note).toContain("decides nothing");
    await onRecord(bus, { kind: "refused", who: "third" });
    await stillWaits(bus, prompt);
  });

  test("is not shown the request, whole or in part", async () => {
    const { worker, third } = await threeOf(bus);
    const prompt = await asked(bus, worker, { input });
    const seen = JSON.stringify([
      await third.ok("approvals"),
      await third.ok("approvals", { request_id: prompt.request.id }),
      await third.ok("inbox"),
      await third.ok("history"),
    ]);
    expect(seen).not.toContain("rm -r build");
  });

  test("becomes no approver by taking the approver's name, when that one has another now", async () => {
    const { worker, lead, third } = await threeOf(bus);
    const prompt = await asked(bus, worker, { input });
    await lead.ok("register", { name: "boss" });
    await third.ok("register", { name: "lead" });
    expect((await (await model(third, "decide", allow(prompt.request.id))).refused()).code).toBe("not_asked");
    expect(JSON.stringify([await third.ok("inbox"), await third.ok("history")])).not.toContain("rm -r build");
    await (await model(lead, "decide", allow(prompt.request.id))).ok(); // whoever was asked still may
    expect(await prompt.answer).toEqual({ behavior: "allow" });
    expect(request(bus, prompt.request.id).settled_by).toBe("lead");
  });

  test("becomes no approver by taking the name of one that died, and is not even shown the request", async () => {
    const { worker, lead } = await threeOf(bus);
    const prompt = await asked(bus, worker, { input });
    lead.kill("SIGKILL");
    await lead.gone;
    const heir = await bus.start({ name: "lead", role: "lead", channel: true, env: hooked("s-heir") });
    expect((await heir.ok("who")).you.name).toBe("lead");
    const before = JSON.stringify([
      await heir.ok("inbox", { peek: true }),
      await heir.ok("inbox"),
      await heir.ok("history"),
      await heir.ok("approvals"),
      (await heir.call("hook_prompt", { prompt: "hello" })).content,
    ]);
    await Bun.sleep(700);
    expect(before + JSON.stringify(heir.events.all)).not.toContain("rm -r build");
    expect((await (await model(heir, "decide", allow(prompt.request.id))).refused()).code).toBe("not_asked");
    expect((await heir.ok("who")).warnings).toBeUndefined(); // no forgery, only somebody else's
    await stillWaits(bus, prompt);
  });

  test("nor after the one that died had read it", async () => {
    const { worker, lead } = await threeOf(bus);
    const prompt = await asked(bus, worker, { input });
    await lead.ok("inbox");
    lead.kill("SIGKILL");
    await lead.gone;
    const heir = await bus.start({ name: "lead", role: "lead", folder: "lead", env: hooked("s-heir") });
    expect(JSON.stringify([await heir.ok("inbox"), await heir.ok("history")])).not.toContain("rm -r build");
    await stillWaits(bus, prompt);
  });

  test("gets no role that decides by register: the role at start counts", async () => {
    const { worker, third } = await threeOf(bus, { env: { CC_DM_PERMISSION_APPROVER: "role:lead" } });
    await third.ok("register", { name: "third", role: "lead" });
    const prompt = await asked(bus, worker, { input });
    expect((await (await model(third, "decide", allow(prompt.request.id))).refused()).code).toBe("not_asked");
    await stillWaits(bus, prompt);
  });
});

describe("a verdict that was given", () => {
  test("is not given again, and not turned around", async () => {
    const { worker, lead } = await threeOf(bus);
    const prompt = await asked(bus, worker, { input });
    const { id } = prompt.request;
    await (await model(lead, "decide", { request_id: id, verdict: "deny" })).ok();
    expect((await prompt.answer)?.behavior).toBe("deny");
    for (const verdict of ["allow", "deny"])
      expect((await (await model(lead, "decide", { request_id: id, verdict })).refused()).code).toBe(
        "settled",
      );
    expect(request(bus, id)).toMatchObject({ behavior: "deny", settled_by: "lead" });
    expect(audits(bus, id).filter(({ kind }) => kind === "refused")).toHaveLength(2);
  });

  test("at the same moment by two: one counts, the other is refused and on record", async () => {
    const { worker, lead, third } = await threeOf(bus, {
      env: { CC_DM_PERMISSION_APPROVER: "lead,third" },
    });
    const prompt = await asked(bus, worker, { input });
    const { id } = prompt.request;
    const given = await Promise.all([
      model(lead, "decide", { request_id: id, verdict: "deny" }).then((one) => one.call()),
      model(third, "decide", { request_id: id, verdict: "allow" }).then((one) => one.call()),
    ]);
    const decision = await prompt.answer;
    expect(decision).not.toBeNull();
    await until("one is refused", () => audits(bus, id).some(({ kind }) => kind === "refused"));
    expect(request(bus, id).behavior).toBe(decision?.behavior ?? null);
    expect(given).toHaveLength(2);
  });

  test("for one call does not count for the same call later", async () => {
    const { worker, lead } = await threeOf(bus);
    const first = await asked(bus, worker, { input });
    await (await model(lead, "decide", allow(first.request.id))).ok();
    expect(await first.answer).toEqual({ behavior: "allow" });
    const second = await asked(bus, worker, { input });
    expect((await (await model(lead, "decide", allow(first.request.id))).refused()).code).toBe("settled");
    await stillWaits(bus, second);
  });

  test("and remembered counts for the same call of that session only", async () => {
    const { worker, lead } = await threeOf(bus);
    const other = await bus.start({
      name: "other",
      env: { ...hooked("s-other"), ...relayed, CC_DM_PERMISSION_APPROVER: "lead" },
    });
    const first = await asked(bus, worker, { input });
    await (await model(lead, "decide", { ...allow(first.request.id), remember: true })).ok();
    expect(await first.answer).toEqual({ behavior: "allow" });
    const again = await asked(bus, worker, { input });
    expect(await again.answer).toEqual({ behavior: "allow" });
    await onRecord(bus, { request: again.request.id, kind: "remembered" });
    await stillWaits(bus, await asked(bus, worker, { input: { command: "rm -r build " } }));
    await stillWaits(bus, await asked(bus, worker, { tool: "Other", input }));
    await stillWaits(bus, await asked(bus, other, { input }));
  });
});

test("letters that two open requests share decide neither; the id does", async () => {
  const { worker, lead } = await threeOf(bus);
  const other = await bus.start({ name: "other", env: { ...relayed, CC_DM_PERMISSION_APPROVER: "lead" } });
  const [one, two] = [channelOf(bus, worker), channelOf(bus, other)];
  const preview = JSON.stringify(input);
  const first = await one.asked("abcde", { preview });
  const second = await two.asked("abcde", { preview });
  const byLetters = await (await model(lead, "decide", allow("abcde"))).refused();
  expect(byLetters.code).toBe("ambiguous_request");
  expect(byLetters.candidates?.join()).toContain(first.id);
  expect(byLetters.candidates?.join()).toContain(second.id);
  const byMail = await model(lead, "dm", { to: "worker", content: "yes abcde" });
  expect((await byMail.refused()).code).toBe("ambiguous_request");
  expect((await worker.ok("inbox")).messages).toEqual([]);
  await (await model(lead, "decide", allow(second.id))).ok();
  expect(await two.verdicts.next()).toEqual({ request_id: "abcde", behavior: "allow" });
  expect(one.verdicts.all).toEqual([]);
  await (await model(lead, "dm", { to: "worker", content: "yes abcde" })).ok();
  expect(await one.verdicts.next()).toEqual({ request_id: "abcde", behavior: "allow" });
});

test("a session that asks nothing is asked nothing: a made-up id of nobody's is refused", async () => {
  const { lead } = await threeOf(bus);
  const fault = await (await model(lead, "decide", allow(makeKeys().id))).refused();
  expect(fault.code).toBe("unknown_request");
  expect(requests(bus)).toEqual([]);
  expect((await callAs(lead, "decide", allow("abcde"), null)).isError).toBe(true);
});
