import { afterEach, describe, expect, test } from "bun:test";
import { isKinOf, type Kinsman } from "../../plugin/host/kinship.ts";
import { thisPlace } from "../../plugin/host/place.ts";
import { markOf } from "../../plugin/host/process.ts";

const place = thisPlace();
const own: Kinsman = { place, client: markOf(process.pid), clientSession: "one" };
const elsewhere = { ...place, boot: "another", pidSpace: "pid:[1]" };

const running: Bun.Subprocess[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) {
    one.kill("SIGKILL");
    await one.exited;
  }
});

function child(): number {
  const process = Bun.spawn(["sleep", "60"]);
  running.push(process);
  return process.pid;
}

describe("of one's own kind is", () => {
  test("who serves the same client session", () => {
    expect(isKinOf(own, own)).toBe(true);
  });

  test("whose client was started below one's own", () => {
    expect(isKinOf(own, { ...own, client: markOf(child()), clientSession: "two" })).toBe(true);
  });

  test("whose client cannot be looked at any more", () => {
    const gone = Bun.spawnSync(["sh", "-c", "echo $$"]).stdout.toString();
    const client = { pid: Number(gone), start: "1" };
    expect(isKinOf(own, { ...own, client, clientSession: "two" })).toBe(true);
  });
});

describe("not of one's own kind is", () => {
  test("another server of the same parent, whose client session is another or not known", () => {
    expect(isKinOf(own, { ...own, clientSession: "two" })).toBe(false);
    expect(isKinOf({ ...own, clientSession: null }, { ...own, clientSession: null })).toBe(false);
  });

  test("a client beside or above one's own", () => {
    const here: Kinsman = { ...own, client: markOf(child()) };
    expect(isKinOf(here, { ...own, client: markOf(child()), clientSession: "two" })).toBe(false);
    expect(isKinOf(here, { ...own, clientSession: "two" })).toBe(false);
  });

  test("the very same numbers in another boot or namespace", () => {
    expect(isKinOf(own, { ...own, place: elsewhere })).toBe(false);
  });
});
