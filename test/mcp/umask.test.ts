/** With a umask of 000, everything that a bus and its commands write is the user's alone. (What install writes: test/cli/setup/install.) */
import { afterAll, beforeAll, expect, onTestFinished, setDefaultTimeout, test } from "bun:test";
import { existsSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Built, builtProgram } from "../cli/program.ts";
import { hasWindows, windows } from "../cli/window.ts";
import { until } from "../support/processes.ts";
import { testBus } from "../support/testbus.ts";

const window = windows(); // before the bus: what runs in them must have ended when it looks
const bus = testBus();
setDefaultTimeout(90_000);

const umask000 = ["sh", "-c", 'umask 000; exec "$@"', "sh"];

let built: Built;
beforeAll(async () => {
  built = await builtProgram();
});
afterAll(() => built.remove());

/** What somebody else could reach, were it not for the folder above: path and rights. */
function open(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) =>
    join(folder, name),
  );
  return [folder, ...entries].flatMap((path) => {
    const found = lstatSync(path, { throwIfNoEntry: false });
    const closed = found === undefined || found.isSymbolicLink() || (found.mode & 0o077) === 0;
    return closed ? [] : `${path} ${(found.mode & 0o777).toString(8)}`;
  });
}

/** Looks again and again: what is there for a moment counts too. (A socket is bound first; its folder is closed.) */
function watch(folder: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const timer = setInterval(() => {
    for (const one of open(folder)) if (!one.includes("/bells/")) seen.add(one);
  }, 2);
  onTestFinished(() => clearInterval(timer));
  return seen;
}

test.if(hasWindows)("through its life nothing is open to anybody else, not for a moment", async () => {
  const work = bus.path("work");
  mkdirSync(work, { recursive: true, mode: 0o700 });
  const env = { CC_DM_HOME: bus.home, HOME: bus.path("me"), CC_DM_CLIENT: "/bin/true" };
  const whole = (line: string) => `umask 000; cd '${work}'; '${process.execPath}' '${built.file}' ${line}`;
  const cli = async (line: string) => {
    const { exit, err } = await window.run(whole(line), env);
    expect({ line, exit, err: exit === 0 ? "" : err }).toEqual({ line, exit: 0, err: "" });
  };
  const profiles = { profiles: { planner: { role: "lead", prompt: "plan" } } };
  writeFileSync(join(work, ".cc-dm.json"), JSON.stringify(profiles), { mode: 0o600 });
  const alice = await bus.start({ name: "alice", through: umask000, env: { CLAUDECODE: "1" } });
  const seen = watch(bus.home);
  const bob = await bus.start({ name: "bob", through: umask000, channel: true });
  await alice.ok("dm", { to: "bob", content: "one" });
  await bob.ok("dm", { to: "alice", content: "two" });
  await bob.ok("dm", { to: "user", content: "three" });
  await bob.events.next();
  for (const line of ["send bob four", "inbox", "search four", "prune --all --yes"]) await cli(line);
  for (const line of ["mail.md", "mail.jsonl", "mail.md --force"]) await cli(`export --output ${line}`);

  const asked = await window.show(whole("run planner"), env);
  await asked.screen((text) => text.includes("[y/N]"));
  await asked.press("y", "Enter");
  expect(await asked.ended).toBe(0);

  writeFileSync(bus.file, new Uint8Array(40_000).fill(0xa5)); // damaged, so that it is set aside
  const there = () => readdirSync(bus.home);
  await until(
    "they go on with a new one",
    async () => {
      for (const one of [alice, bob]) await one.call("who");
      const answer = await alice.call("who");
      return (
        there().some((name) => name.startsWith("bus-damaged-")) && JSON.stringify(answer).includes("bob")
      );
    },
    25_000,
  );
  await cli("send bob five");
  await bob.events.next((event) => event.content.endsWith("five"));

  expect([...seen]).toEqual([]);
  expect([...open(bus.home), ...open(work)]).toEqual([]);
  expect(there()).toEqual(expect.arrayContaining(["agreed.json", "bells", "bus.db", "clients", "user.key"]));
  expect(readdirSync(work).sort()).toEqual([".cc-dm.json", "mail.jsonl", "mail.md"]);
});
