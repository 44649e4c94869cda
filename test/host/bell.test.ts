import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { systemClock } from "../../plugin/core/clock.ts";
import { bellPath, hangBell, ringer } from "../../plugin/host/bell.ts";
import { nextTurn } from "../fakes/clock.ts";
import { scratch } from "../fakes/scratch.ts";

let path: string;
const hung: (() => void)[] = [];
beforeEach(() => {
  path = bellPath(scratch(), "0123456789abcdefghjkmnpqrs") ?? "";
});
afterEach(() => {
  for (const takeDown of hung.splice(0)) takeDown();
});

/** A bell of which each ring can be awaited. */
function hang(at = path) {
  let rings = 0;
  let heard = Promise.withResolvers<void>();
  const takeDown = hangBell(at, () => {
    rings++;
    heard.resolve();
    heard = Promise.withResolvers();
  });
  hung.push(takeDown);
  return { rings: () => rings, next: () => heard.promise, takeDown };
}

const turns = async (count: number) => {
  for (let n = 0; n < count; n++) await nextTurn();
};

test("a ring reaches the one who hung the bell", async () => {
  const bell = hang();
  const heard = bell.next();
  ringer(systemClock)(path);
  await heard;
  expect(bell.rings()).toBe(1);
});

test("and reaches nobody else", async () => {
  const [mine, other] = [hang(), hang(`${path}-other`)];
  const heard = mine.next();
  ringer(systemClock)(path);
  await heard;
  expect(other.rings()).toBe(0);
});

test("a hundred rings in one turn of the event loop are two at most, and later ones count anew", async () => {
  const bell = hang();
  const ring = ringer(systemClock);
  let heard = bell.next();
  for (let n = 0; n < 100; n++) ring(path);
  await heard;
  await turns(50);
  expect(bell.rings()).toBeLessThanOrEqual(2);
  const before = bell.rings();
  heard = bell.next();
  ring(path);
  await heard;
  expect(bell.rings()).toBe(before + 1);
});

test("a bell is for its owner only, whatever the umask", () => {
  const before = process.umask(0);
  try {
    hang();
  } finally {
    process.umask(before);
  }
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

describe("a bell can be hung", () => {
  test("where a killed server left its socket behind", async () => {
    const child = Bun.spawn(
      [
        process.execPath,
        "-e",
        `Bun.listen({ unix: ${JSON.stringify(path)}, socket: { data() {} } }); console.log("up")`,
      ],
      { stdout: "pipe" },
    );
    await child.stdout.getReader().read();
    child.kill("SIGKILL");
    await child.exited;
    expect(existsSync(path)).toBe(true);
    const bell = hang();
    const heard = bell.next();
    ringer(systemClock)(path);
    await heard;
  });

  test("where a file lies", () => {
    writeFileSync(path, "");
    expect(() => hang()).not.toThrow();
  });

  test("but not in a folder that is not there: the caller goes on without", () => {
    expect(() => hangBell(join(path, "below", "x"), () => {})).toThrow();
  });
});

test("a bell that is taken down leaves nothing behind and hears nothing more", async () => {
  const bell = hang();
  expect(existsSync(path)).toBe(true);
  bell.takeDown();
  expect(existsSync(path)).toBe(false);
  ringer(systemClock)(path);
  await turns(20);
  expect(bell.rings()).toBe(0);
});

describe("ringing is harmless", () => {
  const targets: readonly (readonly [string, () => string])[] = [
    ["where nobody is", () => path],
    ["in a folder that is not there", () => join(path, "x")],
    ["at a path too long for a socket", () => `/tmp/${"x".repeat(300)}`],
    [
      "at a file",
      () => {
        writeFileSync(path, "");
        return path;
      },
    ],
  ];
  for (const [where, target] of targets) {
    test(where, async () => {
      const failures: unknown[] = [];
      const note = (error: unknown) => void failures.push(error);
      process.on("unhandledRejection", note).on("uncaughtException", note);
      try {
        expect(() => ringer(systemClock)(target())).not.toThrow();
        await turns(50);
      } finally {
        process.off("unhandledRejection", note).off("uncaughtException", note);
      }
      expect(failures).toEqual([]);
    });
  }

  test("with more than a ring: what is written to a bell is let go", async () => {
    const bell = hang();
    const heard = bell.next();
    const socket = createConnection(path);
    socket.on("error", () => {});
    socket.write("x".repeat(100_000));
    await heard;
    socket.destroy();
    const again = bell.next();
    ringer(systemClock)(path);
    await again;
  });
});

test("a path too long for a socket has no bell", () => {
  const id = "0123456789abcdefghjkmnpqrs";
  expect(bellPath(`/${"x".repeat(85)}`, id)).toBe(`/${"x".repeat(85)}/${id.slice(0, 13)}`);
  expect(bellPath(`/${"x".repeat(86)}`, id)).toBeNull();
  expect(bellPath(`/${"é".repeat(43)}`, id)).toBeNull(); // bytes count, not characters
});
