import { describe, expect, test } from "bun:test";
import type { Examined } from "../../plugin/bus/exam.ts";
import { startOfTime } from "../fakes/clock.ts";
import { boot } from "../fakes/people.ts";
import { entries, exam, home, person, said, world } from "./world.ts";

const some = expect.stringContaining;
const read = (more: Parameters<typeof exam>[0]) => world({ bus: { state: "read", exam: exam(more) } });

describe("the folder", () => {
  test("is for its user alone", () => {
    expect(said(world(), "bus.folder")).toEqual(["ok: /home/ann/.cc-dm, for you alone"]);
    expect(said(world(), "bus.rights")).toEqual([]);
  });

  test.each([
    ["missing", "note: /home/ann/.cc-dm is not there yet"],
    ["link", "error: /home/ann/.cc-dm is a symbolic link"],
    ["file", "error: /home/ann/.cc-dm is no folder"],
    ["unreadable", "error: /home/ann/.cc-dm cannot be looked at"],
  ] as const)("is %s", (kind, expected) => {
    expect(said(world({ entries: entries({ [home.folder]: { kind } }) }), "bus.folder")).toEqual([
      some(expected),
    ]);
  });

  const { folder, bus, config } = home;
  test.each([
    [folder, { mode: 0o755 }, `warning: Others may enter or read ${folder} (755)`],
    [bus, { mode: 0o640 }, `warning: Others may enter or read ${bus} (640)`],
    [`${bus}-wal`, { mode: 0o604 }, `warning: Others may enter or read ${bus}-wal (604)`],
    [bus, { mine: false }, `error: ${bus} belongs to another user`],
    [config, { kind: "file", mode: 0o666 }, `warning: Others may enter or read ${config} (666)`],
  ] as const)("%s with %j", (path, changed, expected) => {
    expect(said(world({ entries: entries({ [path]: changed }) }), "bus.rights")).toEqual([expected]);
  });

  test("settings may be read by others: they hold no secret", () => {
    const facts = world({ entries: entries({ [config]: { kind: "file", mode: 0o644 } }) });
    expect(said(facts, "bus.rights")).toEqual([]);
  });

  test("lies on a network share", () => {
    const disk = { ...world().disk, type: "nfs4", share: true };
    expect(said(world({ disk }), "bus.file_system")).toEqual([
      some("error: /home/ann/.cc-dm lies on a network share (nfs4)"),
    ]);
    expect(said(world(), "bus.file_system")).toEqual(["ok: ext4, not a network share"]);
  });

  test("holds what killed processes left", () => {
    const leftovers = { bells: ["a", "b"], clients: ["12-ab"] };
    expect(said(world({ leftovers }), "bus.leftovers")).toEqual([
      "note: Processes that were killed left 2 sockets in bells/",
    ]);
    expect(said(world({ leftovers: { ...leftovers, bells: [] } }), "bus.leftovers")).toEqual([
      "ok: 1 folder of clients that have ended, kept for a day",
    ]);
  });
});

describe("the file", () => {
  test.each([
    [{ state: "missing" }, "bus.file", "note: /home/ann/.cc-dm/bus.db is not there yet"],
    [{ state: "newer", why: "newer" }, "bus.schema", "error: newer"],
    [{ state: "busy", why: "locked" }, "bus.lock", "error: locked"],
    [{ state: "broken", why: "no database" }, "bus.file", "error: no database"],
    [{ state: "unreadable", why: "no right" }, "bus.file", "error: no right"],
  ] satisfies [Examined, string, string][])("%j", (bus, id, expected) => {
    expect(said(world({ bus }), id)).toEqual([some(expected)]);
  });

  test("can be read, but is damaged inside", () => {
    expect(said(read({ damage: "row 3 missing" }), "bus.file")).toEqual([some("error:")]);
    expect(said(read({}), "bus.file")).toEqual([some("ok:")]);
  });

  test("is of an earlier schema", () => {
    expect(said(read({ schema: 1, known: 2 }), "bus.schema")).toEqual([
      "note: Schema 1; the next session brings it to 2",
    ]);
    expect(said(read({}), "bus.schema")).toEqual([some("ok: Schema 2")]);
  });

  test("is locked by a process that does not let go", () => {
    expect(said(world({ writer: { pid: 77, program: "/usr/bin/sqlite3" } }), "bus.lock")).toEqual([
      some("warning: Process 77 (/usr/bin/sqlite3) holds the write lock"),
    ]);
    expect(said(world(), "bus.lock")).toEqual([]);
  });

  test("has a log that nobody could empty", () => {
    const big = entries({ [`${home.bus}-wal`]: { bytes: 300e6 } });
    expect(said(world({ entries: big }), "bus.log")).toEqual([some("grown to 300 MB")]);
    expect(said(world(), "bus.log")).toEqual([]);
  });

  test("holds nearly as much as it may, or more", () => {
    expect(said(read({ bytes: 799e6 }), "bus.room")).toEqual([]);
    expect(said(read({ bytes: 801e6 }), "bus.room")).toEqual([
      "warning: The bus holds 801 MB; above 1.0 GB (CC_DM_MAX_BUS_MB) sends will be refused",
    ]);
    expect(said(read({ bytes: 1001e6 }), "bus.room")).toEqual([some("error: The bus holds 1.0 GB")]);
  });

  test("is used by sessions of an older plugin", () => {
    expect(said(read({ older: ["veteran"] }), "bus.older_plugin")).toEqual([
      some("warning: Sessions of an older plugin"),
    ]);
    expect(said(read({}), "bus.older_plugin")).toEqual([some("ok:")]);
  });

  test("holds rows that something else wrote", () => {
    const quarantined = [{ name: "api", count: 1 }];
    expect(said(read({ quarantined }), "bus.forged")).toEqual([
      some('warning: 1 row for "api" failed the signature or rule check and was not shown'),
    ]);
    expect(said(read({}), "bus.forged")).toEqual([some("ok:")]);
  });

  test("holds messages from the future", () => {
    const ahead = { count: 3, newest: startOfTime + 7_200_000 };
    expect(said(read({ ahead }), "machine.clock")).toEqual([
      "warning: 3 of the messages were sent later than now, up to 2 hours",
    ]);
  });
});

describe("the sweeping", () => {
  const lease = (holder: string, at: number) => ({ holder, until: { at, up: 0, boot } });
  const far = startOfTime + 3_600_000;

  test("waits for a session that is gone, since the clock was set back", () => {
    expect(said(read({ lease: lease("id-old", far) }), "bus.lease")).toEqual([
      some("for another 60 minutes"),
    ]);
  });

  test("is somebody's who is there, or nobody's any more", () => {
    expect(said(read({ lease: lease("id-api", far) }), "bus.lease")).toEqual([]);
    expect(said(read({ lease: lease("id-old", startOfTime - 1) }), "bus.lease")).toEqual([]);
    const facts = read({ lease: lease("id-api", far) });
    expect(said({ ...facts, sessions: [person("api", { standing: "gone" })] }, "bus.lease")).toHaveLength(1);
  });
});

test("without a home nothing is said of a bus", () => {
  const facts = world({ home: null, bus: { state: "missing" }, entries: [] });
  for (const id of ["bus.folder", "bus.file", "bus.file_system", "bus.leftovers"])
    expect(said(facts, id)).toEqual([]);
});
