/** The doctor among real sessions: as their tool, and as the command beside them. */
import { Database } from "bun:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import type { Finding } from "../../plugin/core/finding.ts";
import { type Built, builtProgram, run } from "../cli/program.ts";
import { cleanEnv, type TestSession } from "../support/session.ts";
import { testBus } from "../support/testbus.ts";

const bus = testBus();
const some = expect.stringContaining;

let built: Built;
beforeAll(async () => {
  built = await builtProgram();
});
afterAll(() => built.remove());

/** What the command says under one id. */
async function beside(): Promise<(id: string) => readonly string[]> {
  const env = cleanEnv(bus.path("me"), { CC_DM_HOME: bus.home });
  const { out } = await run([process.execPath, built.file, "doctor", "--json"], env, bus.folder);
  const { findings } = JSON.parse(out) as { findings: readonly Finding[] };
  return (id) => findings.filter((one) => one.id === id).map((one) => `${one.severity}: ${one.found}`);
}

interface Diagnosis {
  readonly severity: string;
  readonly findings: readonly Finding[];
  readonly in_order: readonly string[];
  readonly you: { readonly name: string } | null;
}

async function ask(session: TestSession): Promise<Diagnosis> {
  const { structuredContent, isError } = await session.call("doctor");
  expect(isError).toBeFalsy();
  return structuredContent as unknown as Diagnosis;
}

describe("the command", () => {
  test("finds sessions that run, and nothing wrong with their bus", async () => {
    await bus.startAll("alice", "bob");
    const said = await beside();
    expect(said("sessions.roster")).toEqual([some("ok: 2 sessions: ")]);
    expect(said("sessions.roster")[0]).toMatch(/alice \(\w+\).*bob|bob \(\w+\).*alice/);
    expect(said("bus.folder")).toEqual([some("for you alone")]);
    expect(said("bus.schema")).toEqual([some("ok: ")]);
    expect(said("bus.leftovers")).toEqual([some("ok: ")]);
    expect(said("machine.clock")).toEqual([some("ok: ")]);
    expect(said("bus.lock")).toEqual([]);
  });

  test("finds who was killed, and what is left of it", async () => {
    const [alice] = await bus.startAll("alice", "bob");
    alice.kill("SIGKILL");
    await alice.gone;
    const said = await beside();
    expect(said("sessions.roster")).toEqual([
      some("ok: 1 session: bob"),
      some('note: "alice" ended without taking leave'),
    ]);
    await bus.start({ name: "alice" }); // takes the name: the row of the killed one is closed
    expect((await beside())("bus.leftovers")).toEqual([some("1 socket in bells/")]);
  });

  test("finds who is silent", async () => {
    bus.turnClock({ wallMs: -120_000, upMs: -120_000 });
    await bus.start({ name: "late", clock: true }); // its only heartbeat lies two minutes back
    expect((await beside())("sessions.away")).toEqual([some('"late" runs, but was last heard at')]);
  });

  test("finds mail that nobody has read, and rows that something else wrote", async () => {
    const alice = await bus.start({ name: "alice" });
    const bob = await bus.start({ name: "bob" });
    await alice.ok("dm", { to: "bob", content: "one" });
    expect((await beside())("mail.unseen")).toEqual(["ok: 1 message on the way"]);
    await bob.stop();
    expect((await beside())("mail.unseen")).toEqual([some('note: 1 message for "bob" unread')]);
    bus.open().run("update message set body = 'forged'");
    const again = await bus.start({ name: "bob" });
    await again.ok("inbox");
    const said = await beside();
    expect(said("bus.forged")).toEqual([some('warning: 1 row for "bob" failed')]);
    expect(said("mail.unseen")).toEqual([some("ok: ")]);
  });

  test.if(process.platform === "linux")("finds a program that holds the bus, by its process", async () => {
    await bus.start({ name: "alice" });
    const holder = bus.beside("lock.ts", bus.file, "immediate", "20000");
    await holder.lines.next((line) => line === "locked");
    expect((await beside())("bus.lock")).toEqual([some(`warning: Process ${holder.pid} (`)]);
    holder.kill();
    await holder.exited;
    expect((await beside())("bus.lock")).toEqual([]);
  });
});

describe("the tool", () => {
  test("knows the session that asks, its settings and where they came from", async () => {
    const alice = await bus.start({ name: "alice", role: "planner", args: ["--wake", "off"] });
    const { severity, findings, in_order, you } = await ask(alice);
    expect(you).toMatchObject({ name: "alice" });
    expect(in_order).toEqual(
      expect.arrayContaining([
        some('sessions.here: This is "alice" (role planner, no project)'),
        "settings.CC_DM_SESSION_NAME: alice (environment)",
        "settings.CC_DM_WAKE: off (command line)",
        "settings.CC_DM_BELL: on (default)",
        `settings.CC_DM_HOME: ${bus.home} (environment)`,
      ]),
    );
    expect(findings.map((one) => one.severity)).not.toContain("ok");
    expect(findings[0]?.severity ?? "ok").toBe(severity as Finding["severity"]);
  });

  test("answers where the bus cannot be used, and every other tool says why", async () => {
    mkdirSync(bus.home, { mode: 0o700 });
    const later = new Database(bus.file);
    later.run("create table delivery (id integer primary key)");
    later.run("pragma user_version = 9999");
    later.close();
    const alice = await bus.start({ name: "alice" });
    await alice.refused("who");
    const { severity, findings, you } = await ask(alice);
    expect({ severity, you }).toEqual({ severity: "error", you: null });
    expect(findings[0]).toMatchObject({ id: "bus.schema", severity: "error", found: some("newer cc-dm") });
  });

  test("answers in a session that is switched off", async () => {
    const alice = await bus.start({ name: "alice", env: { CC_DM: "off" } });
    expect((await ask(alice)).in_order).toContain("settings.CC_DM: off (environment)");
  });

  test("takes nothing", async () => {
    const alice = await bus.start({ name: "alice" });
    const { message } = await alice.refused("doctor", { verbose: true });
    expect(message).toContain("It takes nothing.");
  });
});
