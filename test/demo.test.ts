import { expect, onTestFinished, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// The demo takes two seconds; a message that never comes is waited for.
setDefaultTimeout(30_000);

const root = join(import.meta.dir, "..");

interface Run {
  readonly code: number;
  readonly text: string;
  /** The same without its line breaks. */
  readonly story: string;
  /** What it left in its home and in the folder for temporary files. */
  readonly leftovers: readonly string[];
}

function scratch(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "cc-dm-t-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function start(args: readonly string[]) {
  const folder = scratch();
  const places = ["home", "tmp"].map((name) => join(folder, name));
  for (const place of places) mkdirSync(place);
  const [home = "", tmp = ""] = places;
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: home,
    TMPDIR: tmp,
    // Bun keeps what it has transpiled in its user's home unless told not to.
    BUN_RUNTIME_TRANSPILER_CACHE_PATH: "0",
    // The settings of whoever runs this must not reach the sessions on stage.
    CC_DM: "off",
    CC_DM_SESSION_NAME: "me",
  };
  const child = Bun.spawn([process.execPath, join(root, "demo", "demo.ts"), ...args], {
    env,
    cwd: folder,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  const leftovers = () => places.flatMap((place) => readdirSync(place));
  return { child, leftovers };
}

async function play(...args: readonly string[]): Promise<Run> {
  const { child, leftovers } = start(args);
  const [text, code] = await Promise.all([new Response(child.stdout).text(), child.exited]);
  return { code, text, story: text.replace(/\s+/g, " "), leftovers: leftovers() };
}

/** A plugin whose server is this script; it finds the real server's path in `server`. */
function pluginOf(script: string): string {
  const folder = scratch();
  mkdirSync(join(folder, ".claude-plugin"));
  const server = { command: process.execPath, args: ["${CLAUDE_PLUGIN_ROOT}/server.ts"] };
  writeFileSync(
    join(folder, ".claude-plugin", "plugin.json"),
    JSON.stringify({ mcpServers: { "cc-dm": server } }),
  );
  const real = `const server = ${JSON.stringify(join(root, "dist", "server.js"))};`;
  writeFileSync(join(folder, "server.ts"), `${real}\n${script}\n`);
  return folder;
}

/** Between the real server and the demo: `pass` maps each channel event to the lines that get through. */
function meddler(pass: string): string {
  return pluginOf(`
    const child = Bun.spawn([process.execPath, server], { stdin: "inherit", stdout: "pipe", stderr: "inherit" });
    const pass: (line: string) => string[] = ${pass};
    let rest = "";
    for await (const chunk of child.stdout) {
      const lines = (rest + new TextDecoder().decode(chunk)).split("\\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const through = line.includes("notifications/claude/channel") ? pass(line) : [line];
        for (const one of through) process.stdout.write(one + "\\n");
      }
    }
  `);
}

test("the demo shows every message on both sides, ends by itself and leaves nothing behind", async () => {
  const run = await play();
  expect(run).toMatchObject({ code: 0, leftovers: [] });
  const lines = run.text.split("\n");
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  expect(run.text).not.toContain("\x1b");
  for (const part of [
    "planner dm to backend (live)",
    '"Please build POST /login."',
    "backend reply to planner (live)",
    "From planner (planner, shop) · another session, not the user",
    "designer hears none it is in project website",
    'designer dm refused "planner" is in project "shop"; you are in "website"',
    '"Suite 10 of 10 is green."',
    "planner dm to tests (closed)",
    "15 messages, 16 deliveries: all arrived, once and in order.",
  ])
    expect(run.story).toContain(part);
  // Each of the six that are sent alone, and the first and last of the burst, with how long it took: a second, too.
  expect(lines.filter((line) => / \d+\.\d ms {4,5}"/.test(line))).toHaveLength(7);
});

test("a server that cannot be started fails the demo", async () => {
  const run = await play("--plugin", pluginOf("process.exit(3);"));
  expect(run.code).toBe(1);
  expect(run.story).toContain("did not start");
  expect(run.leftovers).toEqual([]);
});

test("a message that gets lost fails the demo", async () => {
  const loses = meddler(`(line) => (line.includes("Suite 4 of 10") ? [] : [line])`);
  const run = await play("--plugin", loses);
  expect(run.code).toBe(1);
  expect(run.story).toMatch(/backend did not get \w+ from tests/);
});

test("a message that comes twice fails the demo", async () => {
  const doubles = meddler(`(line) => (line.includes("All green") ? [line, line] : [line])`);
  const run = await play("--plugin", doubles);
  expect(run.code).toBe(1);
  expect(run.story).toMatch(/planner got \w+ from tests 2 times/);
});

test("messages that overtake each other fail the demo", async () => {
  const shuffles = meddler(`((kept) => (line: string) => {
    if (line.includes("Suite 4 of 10")) return kept.push(line), [];
    return [line, ...kept.splice(0)];
  })([] as string[])`);
  const run = await play("--plugin", shuffles);
  expect(run.code).toBe(1);
  expect(run.story).toContain("backend got the messages of tests out of order");
});

test("for a script it tells how it came out, and no more", async () => {
  const { code, text, leftovers } = await play("--json");
  expect({ code, leftovers }).toEqual({ code: 0, leftovers: [] });
  const { ok, messages, deliveries, median_ms, slowest_ms, wrong } = JSON.parse(text);
  expect({ ok, wrong }).toEqual({ ok: true, wrong: [] });
  expect(deliveries).toBeGreaterThan(messages);
  expect(slowest_ms).toBeGreaterThanOrEqual(median_ms);
  expect(median_ms).toBeGreaterThan(0);
  const failed = await play("--json", "--plugin", pluginOf("process.exit(3);"));
  expect(failed).toMatchObject({ code: 1, leftovers: [] });
  expect(JSON.parse(failed.text)).toMatchObject({
    ok: false,
    wrong: [expect.stringContaining("did not start")],
  });
});

test("a demo that is interrupted takes its folder along", async () => {
  const { child, leftovers } = start([]);
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of child.stdout) {
    text += decoder.decode(chunk, { stream: true });
    // For every chunk: through npm it comes twice.
    if (text.includes("A task")) child.kill("SIGINT");
  }
  expect(await child.exited).toBe(130);
  expect(leftovers()).toEqual([]);
  expect(text).not.toContain("failed");
});

test("a reader that has read enough ends the demo without a complaint, and takes its folder along", async () => {
  const folder = scratch();
  const [home, tmp] = [join(folder, "home"), join(folder, "tmp")];
  for (const place of [home, tmp]) mkdirSync(place);
  const line = `"$@" | head -n 1; exit \${PIPESTATUS[0]}`;
  const child = Bun.spawn(["bash", "-c", line, "bash", process.execPath, join(root, "demo", "demo.ts")], {
    env: { PATH: process.env.PATH ?? "", HOME: home, TMPDIR: tmp, BUN_RUNTIME_TRANSPILER_CACHE_PATH: "0" },
    cwd: folder,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  expect({ lines: out.trimEnd().split("\n").length, err, code }).toEqual({ lines: 1, err: "", code: 0 });
  expect([...readdirSync(home), ...readdirSync(tmp)]).toEqual([]);
});
