import { expect, test } from "bun:test";
import { join } from "node:path";
import { openSqliteBus } from "../../../plugin/bus/sqlite/index.ts";
import { systemClock } from "../../../plugin/core/clock.ts";
import { boot, join as joins, send } from "../../fakes/people.ts";
import { scratch } from "../../fakes/scratch.ts";

const child = join(import.meta.dir, "child.ts");

/** Real processes that begin at the same moment. @returns what each printed. */
async function together(count: number, ...args: readonly string[]): Promise<string[]> {
  const running = Array.from({ length: count }, (_, n) =>
    Bun.spawn([process.execPath, child, ...args, `${n}`], {
      env: { PATH: process.env.PATH ?? "" },
      stdin: "pipe",
      stdout: "pipe",
      stderr: "inherit",
    }),
  );
  const outputs = running.map((one) => {
    const reader = one.stdout.getReader();
    return async () => new TextDecoder().decode((await reader.read()).value).trim();
  });
  for (const next of outputs) expect(await next()).toBe("ready");
  for (const one of running) {
    one.stdin.write("go\n");
    one.stdin.end();
  }
  const said = await Promise.all(outputs.map((next) => next()));
  expect(await Promise.all(running.map((one) => one.exited))).toEqual(running.map(() => 0));
  return said;
}

test("eight processes that open a bus that is not there yet all come up, and none twice", async () => {
  const path = join(scratch(), "bus.db");
  const names = await together(8, "join", path);
  const bus = await openSqliteBus({ path, clock: systemClock, boot });
  const roster = (await bus.roster()).map((session) => session.name);
  expect(roster.sort()).toEqual(Array.from({ length: 8 }, (_, n) => `s${n}`));
  expect(names.sort()).toEqual(roster);
  bus.end();
});

test("of six processes that claim one name, one has it", async () => {
  const path = join(scratch(), "bus.db");
  const outcomes = await together(6, "claim-name", path);
  expect(outcomes.filter((one) => one === "api")).toHaveLength(1);
  expect(outcomes.filter((one) => one === "name_taken")).toHaveLength(5);
});

test("four processes that empty one mailbox share no message and lose none", async () => {
  const path = join(scratch(), "bus.db");
  const bus = await openSqliteBus({ path, clock: systemClock, boot });
  const [lead, api] = [await joins(bus, "lead"), await joins(bus, "api")];
  const ids: string[] = [];
  for (let n = 0; n < 200; n++) ids.push(await send(bus, lead, [api.session]));
  const taken = (await together(4, "empty", path)).flatMap((line) => line.split(",").filter(Boolean));
  expect(taken.toSorted()).toEqual(ids.toSorted());
  bus.end();
});
