import { beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { clientStatus, statusFile } from "../../plugin/host/status.ts";
import { scratch } from "../fakes/scratch.ts";

const client = { pid: 1973, start: "1304910" };
let file: string;
beforeEach(() => {
  file = statusFile(scratch(), client);
  mkdirSync(dirname(file), { recursive: true });
});

/** As 2.1.329 wrote it. */
const note = {
  pid: 1973,
  sessionId: "c-1",
  procStart: "1304910",
  version: "2.1.329",
  kind: "interactive",
  entrypoint: "cli",
  status: "busy",
  updatedAt: 1795250006996,
  statusUpdatedAt: 1795250006990,
};
function read(more: Record<string, unknown> = {}) {
  writeFileSync(file, JSON.stringify({ ...note, ...more }));
  return clientStatus(file, client);
}

describe("what a client notes of itself", () => {
  for (const status of ["busy", "idle", "waiting"] as const) {
    test(`is that it is ${status}, and since when`, () => {
      expect(read({ status })).toEqual({ status, at: 1795250006990, waitingFor: null });
    });
  }

  test("is for what it waits, too", () => {
    expect(read({ status: "waiting", waitingFor: "permission prompt" })?.waitingFor).toBe(
      "permission prompt",
    );
  });

  test("is found by its pid in its own folder", () => {
    expect(statusFile("/home/me/.claude", client)).toBe("/home/me/.claude/sessions/1973.json");
  });
});

describe("nothing is believed", () => {
  test("that is not there, or half written", () => {
    expect(clientStatus(file, client)).toBeNull();
    writeFileSync(file, '{"pid":1973,"status":"id');
    expect(clientStatus(file, client)).toBeNull();
  });

  for (const text of ["null", "7", "[]", '"busy"', "{}"]) {
    test(`of another form: ${text}`, () => {
      writeFileSync(file, text);
      expect(clientStatus(file, client)).toBeNull();
    });
  }

  test("of a state that nobody here knows, or without its moment", () => {
    for (const status of ["shell", "", undefined, 7]) expect(read({ status })).toBeNull();
    for (const statusUpdatedAt of [undefined, "1795250006990", null])
      expect(read({ statusUpdatedAt })).toBeNull();
  });

  test("that another process of that number left behind", () => {
    expect(read({ pid: 1974 })).toBeNull();
    if (process.platform === "linux") expect(read({ procStart: "99" })).toBeNull();
    expect(read({ procStart: undefined })?.status).toBe("busy");
  });
});
