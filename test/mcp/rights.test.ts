/** What lies on the disk is the user's alone, whatever the umask. */
import { describe, expect, test } from "bun:test";
import { chmodSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { testBus } from "../support/testbus.ts";

const bus = testBus();

const through = ["sh", "-c", 'umask 000; exec "$@"', "sh"];
const headless = { CLAUDECODE: "1" };

/** Everything below a folder, with its kind and rights. */
function rights(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const all = [folder, ...entries.map((entry) => join(entry.parentPath, entry.name))];
  return Object.fromEntries(
    all.map((path) => {
      const found = lstatSync(path);
      const kind = found.isDirectory() ? "folder" : found.isSocket() ? "socket" : "file";
      return [relative(folder, path), `${kind} ${(found.mode & 0o777).toString(8)}`];
    }),
  );
}

describe("with a umask of 000", () => {
  test("folders are 0700, and files and sockets 0600", async () => {
    const a = await bus.start({ name: "alice", through, env: headless });
    const b = await bus.start({ name: "bob", through, channel: true });
    await b.ok("dm", { to: "alice", content: "one" });
    await a.ok("dm", { to: "bob", content: "two" });
    await b.events.next();
    const found = rights(bus.home);
    expect(found).toMatchObject({
      "": "folder 700",
      "bus.db": "file 600",
      "bus.db-wal": "file 600",
      "bus.db-shm": "file 600",
      bells: "folder 700",
      clients: "folder 700",
    });
    const kinds = Object.values(found);
    expect(kinds.filter((kind) => kind.startsWith("socket"))).toEqual(["socket 600", "socket 600"]);
    expect([...new Set(kinds)].sort()).toEqual(["file 600", "folder 700", "socket 600"]);
  });

  test("what was there with wider rights is tightened", async () => {
    mkdirSync(join(bus.home, "bells"), { recursive: true });
    mkdirSync(join(bus.home, "clients"));
    writeFileSync(bus.file, "");
    for (const path of [bus.home, join(bus.home, "bells"), join(bus.home, "clients")]) chmodSync(path, 0o777);
    chmodSync(bus.file, 0o666);
    await bus.start({ name: "alice", through });
    expect([...new Set(Object.values(rights(bus.home)))].sort()).toEqual([
      "file 600",
      "folder 700",
      "socket 600",
    ]);
  });
});

describe("stderr", () => {
  test("has events, but never what was written", async () => {
    const [a, b] = await bus.startAll("alice", "bob");
    const { message_id } = await a.ok("dm", { to: "bob", content: "top-secret words", thread_id: "t" });
    await b.events.next();
    await b.ok("reply", { message_id, content: "top-secret answer" });
    await a.events.next();
    await a.refused("dm", { to: "nobody", content: "top-secret mistake" });
    await b.ok("history", { query: "top-secret" });
    const lines = [...a.stderr.all, ...b.stderr.all];
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      expect(line).not.toContain("secret");
      expect(JSON.parse(line)).toMatchObject({ at: expect.any(String), event: expect.any(String) });
    }
  });
});
