/** What docs/recipes.md tells people to write, as they would: files that are understood, a script that runs. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readProfiles } from "../../plugin/cli/run/profiles.ts";
import { loadConfig } from "../../plugin/core/config.ts";
import { type Built, builtProgram } from "../cli/program.ts";
import { hasWindows, windows } from "../cli/window.ts";
import { scratch } from "../fakes/scratch.ts";
import { until } from "../support/processes.ts";
import { testBus } from "../support/testbus.ts";
import { blocks, page } from "./pages.ts";

const recipes = page("docs/recipes.md");
const text = (name: string) => blocks(recipes).find(({ checked }) => checked === name)?.text ?? "";

test("the profiles are such", () => {
  const file = join(scratch(), ".cc-dm.json");
  mkdirSync(join(file, "../backend"));
  writeFileSync(file, text("profiles"));
  const { profiles, team } = readProfiles({ file, text: text("profiles") });
  expect(team).toEqual(["planner", "backend", "tests"]);
  expect(profiles.map(({ name, role, project }) => [name, role, project])).toEqual([
    ["planner", "planner", "shop"],
    ["backend", null, "shop"],
    ["tests", "tester", "shop"],
  ]);
});

test("the rules of the night shift are such", () => {
  const home = scratch();
  mkdirSync(join(home, ".cc-dm"));
  writeFileSync(join(home, ".cc-dm/config.json"), text("config"));
  const { rules } = loadConfig({ env: { HOME: home }, args: [] });
  expect(rules.map(({ outcome }) => outcome.kind)).toEqual(["allow", "deny", "ask"]);
});

let built: Built;
beforeAll(async () => {
  built = await builtProgram();
});
afterAll(() => built.remove());
const window = windows();
const bus = testBus();

/** Ids and times are of a moment; what a session does is told by hooks, which these have not. */
const steady = (shown: string) =>
  shown
    .replace(/[0-9A-Z]{26}/g, "ID")
    .replace(/\d\d:\d\d/g, "TIME")
    .replace(/\((?:idle|live)\)/, "(THERE)");

test.if(hasWindows)("a question asked at the terminal goes as the quick start shows it", async () => {
  const [block] = blocks(page("docs/quickstart.md")).filter(({ checked }) => checked === "send");
  const [prompt = "", ...answer] = (block?.text ?? "").split("\n");
  const backend = await bus.start({ name: "backend" });
  const line = prompt.replace(/^\$ cc-dm/, `'${process.execPath}' '${built.file}'`);
  const shown = await window.show(line, { CC_DM_HOME: bus.home });
  await until("the question is there", async () => {
    const { messages } = (await backend.ok("inbox")) as { messages: readonly { message_id: string }[] };
    const [mail] = messages;
    if (mail === undefined) return false;
    await shown.screen((screen) => screen.includes("Seen; waiting"));
    await backend.ok("reply", { message_id: mail.message_id, content: answer.at(-2)?.trim() });
    return true;
  });
  expect(await shown.ended).toBe(0);
  expect(steady((await shown.screen((screen) => screen.includes("Half way"))).trimEnd())).toBe(
    steady(answer.join("\n").trimEnd()),
  );
});

describe.if(hasWindows)("the script that asks and waits", () => {
  /** Runs it with `cc-dm` on the PATH. */
  function ask() {
    const bin = join(bus.folder, "bin");
    mkdirSync(bin);
    const program = (name: string, line: string) => {
      writeFileSync(join(bin, name), `#!/bin/sh\n${line}\n`);
      chmodSync(join(bin, name), 0o755);
    };
    program("cc-dm", `exec '${process.execPath}' '${built.file}' "$@"`);
    writeFileSync(join(bus.folder, "ask.sh"), text("run").replace("10m", "20s"));
    return window.run(`PATH='${bin}:'"$PATH" sh '${join(bus.folder, "ask.sh")}'`, { CC_DM_HOME: bus.home });
  }

  test.each([
    ["yes: all 212 pass\nin 4 s", "go on\n"],
    ["no: 2 of 212 fail\nboth in C:\\new", "no: 2 of 212 fail\nboth in C:\\new\n"],
  ])("goes by the reply: %j", async (content, out) => {
    const tests = await bus.start({ name: "tests" });
    const answer = ask();
    let id: unknown;
    await until("the question is there", async () => {
      const { messages } = (await tests.ok("inbox")) as { messages: readonly { message_id: string }[] };
      id = messages[0]?.message_id;
      return id !== undefined;
    });
    await tests.ok("reply", { message_id: id, content });
    expect(await answer).toMatchObject({ exit: 0, out });
  });

  test("says so if nobody is there to ask", async () => {
    await bus.start({ name: "other" });
    const { out, err } = await ask();
    expect(out).toBe("");
    expect(err).toContain("No session is called");
    expect(err).toEndWith("no answer\n");
  });
});
