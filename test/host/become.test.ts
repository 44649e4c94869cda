import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { accompany } from "../../plugin/host/become.ts";
import { scratch } from "../fakes/scratch.ts";

const shell = (script: string, env = {}) =>
  accompany({ file: "/bin/sh", words: ["-c", script], env, cwd: scratch() });

// That a process becomes another is seen from outside: test/cli/run.
describe("where that is not possible, the program runs as a child", () => {
  test("and its exit code is told as a shell does", async () => {
    expect(await shell("exit 7")).toBe(7);
    expect(await shell("kill -TERM $$")).toBe(143);
    expect(await shell("kill -KILL $$")).toBe(137);
  });

  test("in its folder, with its environment and no other", async () => {
    expect(await shell('test "$A" = "b c" && test -z "$HOME"', { A: "b c", HOME: undefined })).toBe(0);
  });

  test("a signal to us is one to it, and none is kept from us afterwards", () => {
    // In a process of its own: the test runner does not outlive a SIGTERM.
    const script = `
      import { join } from "node:path";
import { accompany } from ${JSON.stringify(join(import.meta.dir, "../../plugin/host/become.ts"))};
      const exit = await accompany({ file: "/bin/sh", words: ["-c", "kill -TERM $PPID; exec sleep 30"], env: {}, cwd: "/" });
      console.log(exit, process.listenerCount("SIGTERM"));`;
    const { stdout } = Bun.spawnSync([process.execPath, "-e", script]);
    expect(stdout.toString()).toBe("143 0\n");
  });

  test("what cannot be started says so", () => {
    expect(accompany({ file: "/nowhere", words: [], env: {}, cwd: "/" })).rejects.toThrow("ENOENT");
  });
});
