import { afterAll, describe, expect, test } from "bun:test";
import { Writable } from "node:stream";
import { outletOf } from "../../../plugin/cli/terminal/outlet.ts";
import { scratch } from "../../fakes/scratch.ts";
import { builtProgram, machine } from "../program.ts";

/** A descriptor that takes so much at once, and then what `then` says. */
function descriptor({ atOnce = 1_000, room = 1_000, code = "EAGAIN" } = {}) {
  const took = { directly: "", byStream: "", streams: 0, failed: [] as (string | undefined)[] };
  let left = room;
  const stream = new Writable({
    write(chunk, _, done) {
      took.byStream += String(chunk);
      done();
    },
  }) as unknown as NodeJS.WriteStream;
  const outlet = outletOf({
    write(bytes) {
      const some = Math.min(bytes.length, atOnce, left);
      if (some === 0) throw Object.assign(new Error("no"), { code });
      left -= some;
      took.directly += Buffer.from(bytes.subarray(0, some)).toString("latin1");
      return some;
    },
    stream() {
      took.streams++;
      return stream;
    },
    failed: (error) => void took.failed.push(error.code),
  });
  return { outlet, took };
}

describe("what goes to stdout", () => {
  test("goes straight there, a piece after the other, and no stream is made", async () => {
    const { outlet, took } = descriptor({ atOnce: 2, room: 100 });
    outlet.write("hello ");
    outlet.write("you");
    expect(await outlet.written()).toBe(true);
    expect(took).toEqual({ directly: "hello you", byStream: "", streams: 0, failed: [] });
  });

  test("goes on by the stream where no more is taken at once, in order, bytes within a letter too", async () => {
    const { outlet, took } = descriptor({ room: 4 });
    outlet.write("ab→c");
    outlet.write("d");
    expect(await outlet.written()).toBe(true);
    expect(Buffer.from(took.directly, "latin1").toString("hex")).toBe("6162e286");
    expect({ ...took, directly: "" }).toEqual({
      directly: "",
      byStream: `${Buffer.from([0x92])}cd`,
      streams: 1,
      failed: [],
    });
  });

  test("goes by the stream once somebody asked for that", () => {
    const { outlet, took } = descriptor();
    outlet.write("a");
    outlet.stream();
    outlet.write("b");
    expect(took).toEqual({ directly: "a", byStream: "b", streams: 1, failed: [] });
  });

  test("that nobody takes any more is told, once and for all", async () => {
    const { outlet, took } = descriptor({ room: 1, code: "EPIPE" });
    outlet.write("ab");
    expect(took.failed).toEqual(["EPIPE"]);
    expect(await outlet.written()).toBe(false);
  });
});

describe("the program", async () => {
  const built = await builtProgram();
  afterAll(built.remove);
  async function ran(line: string, more: Readonly<Record<string, string>> = {}) {
    const { env, home } = machine(scratch());
    const child = Bun.spawn(["sh", "-c", line], {
      env: { ...env, PATH: process.env.PATH ?? "", ...more, BUN: process.execPath, CLI: built.file },
      cwd: home,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const [out, err, exit] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    return { out, err, exit };
  }

  test("ends quietly when nobody reads any more", async () => {
    expect(await ran('("$BUN" "$CLI" --help; echo $? >&2) | true')).toEqual({
      out: "",
      err: "0\n",
      exit: 0,
    });
  });

  test.if(process.platform === "linux")("tells that the disk is full, and fails", async () => {
    expect(await ran('"$BUN" "$CLI" --help >/dev/full')).toEqual({
      out: "",
      err: expect.stringMatching(/^cc-dm: what it found could not be written: .*ENOSPC.*\n$/),
      exit: 3,
    });
  });

  test.each([
    ["36", 36],
    ["", 80],
    ["0", 80],
    ["wide", 80],
  ])("in a pipe lays its text out in COLUMNS=%j", async (columns, most) => {
    const { out } = await ran('"$BUN" "$CLI" --help', { COLUMNS: columns });
    const widest = Math.max(...out.split("\n").map((line) => Bun.stringWidth(line)));
    expect(widest).toBeLessThanOrEqual(most);
    expect(widest).toBeGreaterThan(most - 12);
  });
});
