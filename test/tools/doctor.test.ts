import { beforeEach, expect, test } from "bun:test";
import { fault, note, ok, warning } from "../../plugin/core/finding.ts";
import { callDoctor, callTool } from "../../plugin/tools/call.ts";
import { house, type Seat, seat } from "../fakes/house.ts";

let me: Seat;
beforeEach(async () => {
  me = await seat(await house(), "lead");
});

const findings = [
  ok("machine.bun", "Bun 1.4.5"),
  note("bus.lock", "n"),
  fault("bus.file", "e", "mend it"),
  warning("client.hooks", "w", "see /hooks"),
];
const body = {
  severity: "error",
  findings: [findings[2], findings[3], findings[1]],
  in_order: ["machine.bun: Bun 1.4.5"],
};

test("what is wrong stands first, the worst above all; what is in order takes a line each", async () => {
  const { result } = await callTool({ ...me, examine: async () => findings }, "doctor", {});
  expect(result.structuredContent).toMatchObject({ ...body, you: { name: "lead" } });
});

test("a session that is not on the bus is told the same, but not who it is", async () => {
  const { result } = await callDoctor(async () => findings);
  expect(result.structuredContent).toEqual({ ...body, you: null });
  expect(result.isError).toBeUndefined();
});

test("an examination that fails is an error, and not the end of the server", async () => {
  const examine = () => Promise.reject(new Error("no such thing"));
  const answers = [await callDoctor(examine), await callTool({ ...me, examine }, "doctor", {})];
  for (const { result } of answers) {
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain("no such thing");
  }
});

test("where nobody can examine, the way to the command is told", async () => {
  const { result } = await callTool(me, "doctor", {});
  expect(result.structuredContent).toMatchObject({
    error: { code: "unavailable", message: expect.stringContaining("run cc-dm doctor") },
  });
});
