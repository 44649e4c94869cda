/** What came of a verdict that the client was handed. */
import { describe, expect, test } from "bun:test";
import { aftermath, type Handed, type Signs } from "../../../plugin/delivery/relay/aftermath.ts";

const at = 1_000_000;
const before = { at };
const given: Handed = { at, behavior: "allow", after: before };
const quiet: Signs = { decisions: [], status: null, step: before, now: at + 60_000 };

describe("what came of a verdict", () => {
  test("nobody knows where there is no transcript", () => {
    expect(aftermath(given, { ...quiet, decisions: null, step: { at: at + 1 } })).toBeNull();
  });

  test("nobody knows while the turn has not gone on", () => {
    expect(aftermath(given, quiet)).toBeNull();
  });

  // A client may take its next step in the millisecond in which it was answered, and a clock may be set back.
  test.each([1, 0, -5_000])("is overtaken by a later step, noted %i ms after it, without a record", (ms) => {
    const step = { at: at + ms };
    expect(aftermath(given, { ...quiet, step })).toBe("overtaken");
    expect(aftermath(given, { ...quiet, step, now: step.at + 2_999 })).toBeNull();
  });

  test("is overtaken by the end of its turn without a record", () => {
    const idle = (since: number) =>
      aftermath(given, { ...quiet, status: { status: "idle", at: since, waitingFor: null } });
    expect(idle(at)).toBe("overtaken");
    expect(idle(at - 1)).toBeNull();
  });

  test("is effective by the client's record of it, and of no other", () => {
    const of = (behavior: "allow" | "deny", ms: number) =>
      aftermath(given, { ...quiet, decisions: [{ behavior, at: at + ms }] });
    expect(of("allow", 8)).toBe("effective");
    expect(of("deny", 8)).toBeNull();
    expect(of("allow", -51)).toBeNull();
    expect(of("allow", 1_001)).toBeNull();
  });
});
