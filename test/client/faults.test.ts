/** What fails without a word on a real client, and how mail gets there all the same. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { until } from "../support/processes.ts";
import type { Client } from "./client.ts";
import { change, copyPlugin } from "./copy.ts";
import { type Observer, openObserver } from "./observer.ts";
import { running } from "./processes.ts";
import { call, returned } from "./script.ts";
import { startSession } from "./session.ts";
import { runsHere, versions } from "./versions.ts";
import { openWorld, type World } from "./world.ts";

setDefaultTimeout(180_000);

const [newest] = versions;
const repeat = "repeat: may have been shown before";

// Nearly all of the time is waiting, so all of them wait together.
describe.if(versions.every(runsHere))("on the real client", () => {
  let world: World;
  let plugin: string;
  let lead: Observer;

  beforeAll(async () => {
    world = await openWorld(newest);
    plugin = await copyPlugin(world);
    lead = await openObserver(world, "lead", { plugin });
  });
  afterAll(async () => {
    await lead?.stop();
    await world?.close();
  });

  const reads = (client: string, text: string) =>
    world.model.log.filter((heard) => heard.client === client && heard.tools && heard.text.includes(text))
      .length;

  test.concurrent("channel events that the client drops: mail comes by a wake, and a busy client is not taken for deaf", async () => {
    const name = "channel";
    const client = await startSession(world, {
      name,
      version: newest,
      plugin,
      env: { CC_DM_CHANNEL: "on" },
    });
    await client.type(call("Bash", { command: "sleep 13; echo slept" }));
    await lead.sees(name, { presence: "busy", reach: "push" });
    const id = await lead.dm(name, "Pushed in vain.");
    await lead.told(id, { state: "handed", path: "channel" });
    await client.saw(returned("slept"), { timeoutMs: 60_000 });
    expect(await lead.who(name)).toMatchObject({ reach: "push" });
    expect(reads(name, "Pushed in vain.")).toBe(0);

    const read = await client.saw("Pushed in vain.", { timeoutMs: 60_000 });
    expect(read.text).toContain("<task-notification>");
    expect(read.text).toContain(repeat);
    const seen = await lead.told(id, { state: "seen" });
    expect(seen).toMatchObject({ path: "wake", offers: 2, evidence: "prompt" });
    await lead.sees(name, { reach: "wake" });

    await lead.sees(name, { presence: "idle" });
    const next = await lead.dm(name, "Not pushed any more.");
    expect((await client.saw("Not pushed any more.")).text).not.toContain(repeat);
    expect(await lead.told(next, { state: "seen" })).toMatchObject({ path: "wake" });
    expect(reads(name, "Pushed in vain.")).toBe(1);
  });

  test.concurrent("a wake hook killed between its claim and its word: mail is offered again, marked", async () => {
    const name = "hook";
    const broken = await copyPlugin(world, "plugin-hook");
    const armed = await breakWake(broken, `process.kill(process.pid, "SIGKILL");`);
    const client = await startSession(world, { name, version: newest, plugin: broken });
    await greet(client);
    await lead.sees(name, { presence: "idle", reach: "wake" });
    await armed();
    const id = await lead.dm(name, "Lost in the hook.");
    await lead.told(id, { state: "handed", path: "wake" });
    const read = await client.saw("Lost in the hook.", { timeoutMs: 60_000 });
    expect(read.text).toContain(repeat);
    expect(await lead.told(id, { state: "seen" })).toMatchObject({
      path: "wake",
      offers: 2,
      evidence: "prompt",
    });
    expect(reads(name, "Lost in the hook.")).toBe(1);
  });

  test.concurrent("no Bun on the hooks' PATH: mail comes with the next prompt, and who says so", async () => {
    const name = "bunless";
    const broken = await copyPlugin(world, "plugin-bunless");
    await change(join(broken, "hooks/hooks.json"), (text) =>
      text.replaceAll('"command": "bun"', '"command": "there-is-no-bun"'),
    );
    const client = await startSession(world, { name, version: newest, plugin: broken });
    await greet(client);
    await lead.sees(name, { presence: "idle", reach: "turn" }, { timeoutMs: 60_000 });
    const id = await lead.dm(name, "No wake for this.");
    await Bun.sleep(3_000);
    expect(reads(name, "No wake for this.")).toBe(0);
    await client.type("Anything new?");
    const read = await client.saw("No wake for this.");
    expect(read.text).toContain("UserPromptSubmit hook additional context: ");
    expect(await lead.told(id, { state: "seen" })).toMatchObject({ path: "turn" });
    await lead.sees(name, { reach: "turn" });
  });

  test.concurrent("mail given with a prompt that Escape took back, and nothing typed since: offered again by a wake", async () => {
    const name = "taken-back";
    const slow = await copyPlugin(world, "plugin-taken-back");
    const held = await holdWake(slow);
    const client = await startSession(world, { name, version: newest, plugin: slow });
    await greet(client);
    await lead.sees(name, { presence: "idle" });
    await client.press("Think first. [[wait 20000]]");
    await client.shows("[[wait 20000]]");
    await writeFile(held, "");
    const id = await lead.dm(name, "Here and gone.");
    await client.press("Enter");
    await client.saw("Here and gone.");
    await rm(held); // the wake's hook, which now finds nothing
    expect(await lead.receipt(id)).toMatchObject({ state: "handed", path: "turn" });
    await Bun.sleep(1_000);
    await client.press("Escape");
    await lead.sees(name, { presence: "idle" });
    const read = await client.saw(
      (heard) => heard.text.includes("Here and gone.") && heard.text.includes(repeat),
      {
        timeoutMs: 60_000,
      },
    );
    expect(read.text).toContain("<task-notification>");
    expect(JSON.stringify(read.body.messages).split("Here and gone.").length - 1).toBe(1);
    expect(await lead.told(id, { state: "seen" })).toMatchObject({ path: "wake", offers: 2 });
  });

  for (const version of versions) {
    const short = version.replace("2.1.", "");

    test.concurrent(`${version}: a server killed under its client: the hook brings mail, the sender gets the truth`, async () => {
      const name = `server-${short}`;
      const client = await startSession(world, { name, version, plugin });
      await greet(client);
      await lead.sees(name, { presence: "idle" });
      process.kill(serverOf(client), "SIGKILL");
      await lead.sees(name, { presence: "deaf", reach: "wake" });
      const id = await lead.dm(name, "Past the dead server.");
      expect((await client.saw("Past the dead server.")).text).toContain("<task-notification>");
      await client.idle();
      expect((await lead.receipt(id)).state).toBe("handed");
      // Others look after it once it has been silent for a minute; its next wake looks before.
      const next = await lead.dm(name, "And another.");
      expect((await client.saw("And another.")).text).not.toContain(repeat);
      expect(await lead.told(id, { state: "seen" })).toMatchObject({ path: "wake", evidence: "transcript" });
      expect(await lead.receipt(next)).toMatchObject({ state: "handed", path: "wake" });
      expect(await lead.who(name)).toMatchObject({ presence: "deaf" });
      expect(reads(name, "Past the dead server.")).toBe(1);
    });

    test.concurrent(`${version}: mail during a tool that runs for longer than half a minute comes by a wake, with its result, once`, async () => {
      const name = `long-${short}`;
      const args = ["--permission-mode", "default", "--allowedTools", "Bash(bun:*)"];
      const client = await startSession(world, { name, version, plugin, args });
      const gate = join(client.home, "queued");
      const waits = `bun -e 'while (!fs.existsSync("${gate}")) await Bun.sleep(100)'`;
      await client.type(call("Bash", { command: `${waits}; echo worked` }));
      await lead.sees(name, { presence: "busy" });
      const id = await lead.dm(name, "Waited long.");
      await until("the client has it", () => queued(client, "Waited long."), 60_000);
      await writeFile(gate, "");
      const read = await client.saw("Waited long.");
      expect(read.results.map(({ text }) => text)).toEqual(["worked"]);
      expect(await lead.told(id, { state: "seen" })).toMatchObject({ path: "wake" });
      await lead.sees(name, { presence: "idle" });
      await client.type("Anything else?");
      await client.saw("Anything else?");
      expect(reads(name, "Waited long.")).toBe(1);
    });

    test.concurrent(`${version}: a client killed between claim and display: offered again when it starts again, marked`, async () => {
      const name = `client-${short}`;
      const broken = await copyPlugin(world, `plugin-${name}`);
      const armed = await breakWake(
        broken,
        `process.kill(process.ppid, "SIGKILL"); process.kill(process.pid, "SIGKILL");`,
      );
      const start = { name, version, plugin: broken };
      const first = await startSession(world, start);
      await greet(first);
      await lead.sees(name, { presence: "idle", reach: "wake" });
      await armed();
      const id = await lead.dm(name, "Just before the end.");
      await lead.sees(name, { presence: "closed" });
      expect(await lead.receipt(id)).toMatchObject({ state: "handed", path: "wake" });
      await world.terminal.close(name);

      const again = await startSession(world, start);
      await again.type("Where was I?");
      const read = await again.saw("Just before the end.");
      expect(read.text).toContain(repeat);
      expect(await lead.told(id, { state: "seen" })).toMatchObject({ offers: 2 });
      expect(reads(name, "Just before the end.")).toBe(1);
    });
  }

  function serverOf(client: Client): number {
    const servers = running(world.folder).filter(({ command }) =>
      /^bun (?:--\S+ )*\S*server\.js$/.test(command),
    );
    const own = servers.find(({ pid }) => new RegExp(`^PPid:\\s+${client.pid}$`, "m").test(status(pid)));
    if (own === undefined) throw new Error(`${client.name} has no server among ${JSON.stringify(servers)}`);
    return own.pid;
  }
});

/** Whether the client has taken this in, for its model's next request. */
async function queued({ home }: Client, text: string): Promise<boolean> {
  const transcripts = new Bun.Glob(".claude/projects/*/*.jsonl").scan({
    cwd: home,
    dot: true,
    absolute: true,
  });
  const lines = (await Array.fromAsync(transcripts)).flatMap((path) =>
    readFileSync(path, "utf8").split("\n"),
  );
  return lines.some((line) => line.includes('"enqueue"') && line.includes(text));
}

/** A first turn, so that its hooks are heard. */
async function greet(client: Client): Promise<void> {
  await client.type("Good morning.");
  await client.saw("Good morning.");
  await client.idle();
}

function status(pid: number): string {
  return readFileSync(`/proc/${pid}/status`, "utf8");
}

/**
 * Makes the wake hook of a plugin do this, once, when it has claimed mail and is about to say so.
 *
 * @returns what arms it.
 */
async function breakWake(plugin: string, deed: string): Promise<() => Promise<void>> {
  const mark = join(plugin, "dist/armed");
  await beforeHook(
    plugin,
    `const write = Bun.write;
     Bun.write = (to, text) => {
       if (to !== Bun.stderr || !existsSync(${JSON.stringify(mark)})) return write(to, text);
       rmSync(${JSON.stringify(mark)});
       ${deed}
     };`,
  );
  return () => writeFile(mark, "");
}

/** Makes the wake hook of a plugin wait, before it does anything, as long as there is the returned file. */
async function holdWake(plugin: string): Promise<string> {
  const mark = join(plugin, "dist/held");
  const waits = `process.argv[2] === "wake" && existsSync(${JSON.stringify(mark)})`;
  await beforeHook(plugin, `while (${waits}) await Bun.sleep(20);`);
  return mark;
}

async function beforeHook(plugin: string, deed: string): Promise<void> {
  const dist = join(plugin, "dist");
  await rename(join(dist, "hook.js"), join(dist, "whole.js"));
  await writeFile(
    join(dist, "hook.js"),
    `import { existsSync, rmSync } from "node:fs";
     ${deed}
     await import("./whole.js");`,
  );
}
