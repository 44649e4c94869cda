import { expect, test } from "bun:test";
import fc from "fast-check";
import { report } from "../../../plugin/cli/setup/report.ts";
import { distance, suggest } from "../../../plugin/cli/suggest.ts";
import { wrap } from "../../../plugin/cli/terminal/paper.ts";
import { fault, note, ok, warning } from "../../../plugin/core/finding.ts";

const findings = [
  ok("machine.bun", "Bun 1.4.5"),
  warning("machine.environment", "No setting is called CC_DM_NMAE", "Correct the name of it, or unset it."),
  fault("bus.file", "It is broken", "Move it away."),
  note("bus.lock", "Locked"),
];

test("findings stand under their place, aligned, with the way out below", () => {
  expect(report(findings, { columns: 60, colour: false })).toBe(`machine
  ok       bun          Bun 1.4.5
  warning  environment  No setting is called CC_DM_NMAE
                        → Correct the name of it, or unset
                          it.

bus
  error    file  It is broken
                 → Move it away.
  note     lock  Locked

1 error, 1 warning, 1 note.
`);
});

test("with nothing but ok, all is well", () => {
  expect(report([ok("machine.bun", "x")], { columns: 80, colour: false })).toEndWith("\nAll is well.\n");
  expect(report([], { columns: 80, colour: false })).toBe("All is well.\n");
});

test("colours change no letter and no alignment", () => {
  const coloured = report(findings, { columns: 60, colour: true });
  expect(coloured).toContain("\u001b[31merror");
  expect(Bun.stripANSI(coloured)).toBe(report(findings, { columns: 60, colour: false }));
});

test("text is broken between words only, and none is lost", () => {
  const words = fc.array(fc.stringMatching(/^[a-z/]{1,50}$/), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(words, fc.integer({ min: 0, max: 100 }), (all, columns) => {
      const lines = wrap(all.join(" "), columns);
      expect(lines.join(" ").split(" ")).toEqual(all);
      for (const line of lines) {
        if (line.includes(" ")) expect(line.length).toBeLessThanOrEqual(Math.max(30, columns));
      }
    }),
  );
});

test.each([
  ["doctr", "doctor"],
  ["dcotor", "doctor"],
  ["doc", "doctor"],
  ["DOCTOR", "doctor"],
  ["snd", "send"],
  ["xyz", null],
  ["d", null],
  ["", null],
])("for %p, %p was meant", (word, meant) => {
  expect(suggest(word, ["who", "send", "log", "top", "doctor"])).toBe(meant);
});

test("what begins two commands suggests neither by that alone", () => {
  expect(suggest("ap", ["approve", "apply"])).toBeNull();
});

test("the distance of words is a distance", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
      expect(distance(a, b)).toBe(distance(b, a));
      expect(distance(a, b) === 0).toBe(a === b);
      expect(distance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  );
});
