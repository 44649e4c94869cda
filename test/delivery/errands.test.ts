import { expect, test } from "bun:test";
import type { Errand } from "../../plugin/bus/errand.ts";
import { DmError } from "../../plugin/core/errors.ts";
import { runErrands } from "../../plugin/delivery/errands.ts";

const errand: Errand = {
  id: "01ARZ3NDEKTSV4RRFFQ69G5FAV",
  session: "s",
  asker: { pid: 1, start: "1" },
  tool: "dm",
  arguments: "{}",
};

test("an errand whose answer cannot be written is done once, and its answer written later", async () => {
  const written: string[] = [];
  const waiting = [errand];
  let held = true;
  let calls = 0;
  const parts = {
    bus: {
      ask: async () => {},
      errands: async () => waiting,
      async fulfil(id: string) {
        if (held) throw new DmError("bus_busy", "another program holds the bus");
        written.push(id);
        waiting.pop();
      },
      answer: async () => null,
      forget: async () => {},
    },
    session: "s",
    unwritten: new Map<string, string>(),
    log: () => {},
    isBelow: () => true,
    async call() {
      calls++;
      return { result: { content: [], structuredContent: {} }, shown: [] };
    },
  };
  await expect(runErrands(parts)).rejects.toThrow("holds the bus");
  held = false;
  await runErrands(parts);
  expect({ calls, written }).toEqual({ calls: 1, written: [errand.id] });
  expect(parts.unwritten.size).toBe(0);
  await runErrands(parts);
  expect(calls).toBe(1);
});
