/** What a session does besides its bus: nothing on a network, nothing outside its folder. */
import { expect, test } from "bun:test";
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { testBus } from "../support/testbus.ts";

const bus = testBus();
const hasProc = process.platform === "linux";

/** Inodes of all network sockets of this machine that are visible here. */
function inetSockets(): Set<string> {
  return new Set(
    ["tcp", "tcp6", "udp", "udp6", "raw", "raw6"].flatMap((name) => {
      const [, ...rows] = readFileSync(`/proc/net/${name}`, "utf8").trim().split("\n");
      return rows.map((row) => row.trim().split(/\s+/)[9] ?? "");
    }),
  );
}

function socketsOf(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
    } catch {
      return []; // closed meanwhile
    }
  });
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => !statSync(join(folder, name)).isDirectory())
    .toSorted();
}

test.if(hasProc)("sessions that talk have no socket of a network, and listen on none", async () => {
  const [api, web] = await bus.startAll("api", "web");
  for (let i = 0; i < 5; i++) {
    await api.ok("dm", { to: "web", content: `note ${i}` });
    await web.ok("dm", { to: "user", content: `note ${i}` });
    const inet = inetSockets();
    for (const { pid } of [api, web]) {
      const sockets = socketsOf(pid);
      expect(sockets.length).toBeGreaterThan(0); // its bell
      expect(sockets.filter((inode) => inet.has(inode))).toEqual([]);
    }
  }
});

test("nothing is written but in the bus folder", async () => {
  const before = filesBelow(bus.folder).filter((name) => !name.startsWith("bus/"));
  const api = await bus.start({ name: "api" });
  const web = await bus.start({ name: "web" });
  const sent = await api.ok("dm", { to: "web", content: "hello" });
  await web.ok("inbox");
  await web.ok("reply", { message_id: sent.message_id, content: "hi" });
  await api.ok("dm", { to: "user", content: "done" });
  await api.stop();
  const after = filesBelow(bus.folder).filter((name) => !name.startsWith("bus/"));
  expect(after).toEqual(before);
  expect(filesBelow(bus.home).length).toBeGreaterThan(0);
});
