/** Files that somebody wrote, by hand or against us: what cannot be meant is said, and nothing else happens. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { readProfiles } from "../../plugin/cli/run/profiles.ts";
import { question } from "../../plugin/cli/run/question.ts";
import { loadConfig } from "../../plugin/core/config.ts";
import { isDmError } from "../../plugin/core/errors.ts";
import { settingKeys } from "../../plugin/core/settings.ts";
import { hostileText, liveTag } from "../core/hostile.ts";
import { scratch } from "../fakes/scratch.ts";
import { budget, patience } from "./budget.ts";

setDefaultTimeout(patience);

const obeyed = /(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u;
const odd = fc.oneof(
  hostileText,
  fc.constantFrom(
    "on",
    "off",
    "lead",
    "role:lead",
    "0",
    "-1",
    "1e9",
    "NaN",
    "Infinity",
    "__proto__",
    "${HOME}",
    ",",
    "[]",
  ),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.array(hostileText, { maxLength: 2 }),
);
const object = (keys: readonly string[], values: fc.Arbitrary<unknown>) =>
  fc.dictionary(
    fc.oneof(fc.constantFrom(...keys), fc.constantFrom("__proto__", "constructor", "toString", "")),
    values,
    { maxKeys: 4 },
  );
/** JSON as somebody may have written it, or nearly. */
const written = (whole: fc.Arbitrary<unknown>) =>
  fc.oneof(
    { weight: 6, arbitrary: whole.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: hostileText },
    { weight: 1, arbitrary: whole.map((value) => JSON.stringify(value).slice(0, -1)) },
  );

describe("config.json", () => {
  const rule = object(["tool", "pattern", "then", "session", "role", "project"], odd);
  const whole = fc.oneof(
    object([...settingKeys], odd),
    fc.record({
      locked: object([...settingKeys], odd),
      permissions: fc.oneof(odd, fc.array(rule, { maxLength: 2 })),
    }),
    odd,
  );

  test("is taken, or refused with what is wrong in it", () => {
    const home = scratch();
    mkdirSync(join(home, ".cc-dm"));
    const outcomes = new Set<string>();
    fc.assert(
      fc.property(written(whole), (text) => {
        writeFileSync(join(home, ".cc-dm", "config.json"), text);
        try {
          const { values } = loadConfig({ env: { HOME: home }, args: [] });
          expect(Object.keys(values).sort()).toEqual([...settingKeys].sort());
          outcomes.add("taken");
        } catch (error) {
          if (!isDmError(error)) throw error;
          expect(error.code).toBe("bad_setting");
          outcomes.add("refused");
        }
        expect(({} as Record<string, unknown>).polluted).toBeUndefined();
      }),
      budget(400),
    );
    expect([...outcomes].sort()).toEqual(["refused", "taken"]);
  });
});

describe(".cc-dm.json", () => {
  const keys = ["name", "role", "project", "cwd", "folder", "prompt", "env", "command"];
  const profile = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record(
        { name: fc.constantFrom("api", "web"), prompt: hostileText },
        { requiredKeys: [] },
      ),
    },
    { weight: 2, arbitrary: object(keys, odd) },
  );
  const whole = fc.oneof(
    fc.record({
      profiles: fc.dictionary(fc.constantFrom("api", "web", "__proto__", "a b", "..", "-x"), profile, {
        maxKeys: 3,
      }),
    }),
    odd,
  );

  test("is taken and asked about in words that show all of it, or refused", () => {
    const outcomes = new Set<string>();
    const folder = scratch();
    fc.assert(
      fc.property(written(whole), (text) => {
        try {
          const { profiles, unfit } = readProfiles({ file: join(folder, ".cc-dm.json"), text });
          const shown = question(join(folder, ".cc-dm.json"), [...Object.values(profiles)], 80);
          expect(obeyed.exec(shown)?.[0]).toBeUndefined();
          for (const why of unfit.values()) throw why;
          outcomes.add("taken");
        } catch (error) {
          if (!isDmError(error)) throw error;
          expect(error.code).toBe("bad_profiles");
          expect(obeyed.exec(error.message)?.[0]).toBeUndefined();
          expect(liveTag(error.message)).toBeNull();
          outcomes.add("refused");
        }
      }),
      budget(400),
    );
    expect([...outcomes].sort()).toEqual(["refused", "taken"]);
  });
});
