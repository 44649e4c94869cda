import { describe, expect, test } from "bun:test";
import type { Session } from "../../../plugin/core/model.ts";
import { identityLine } from "../../../plugin/delivery/words/identity.ts";
import {
  instructions,
  instructionsWithoutBus,
  personLine,
} from "../../../plugin/delivery/words/instructions.ts";
import type { Arrival } from "../../../plugin/policy/join.ts";
import { tools } from "../../../plugin/tools/index.ts";
import { joining } from "../../fakes/people.ts";

const long = "𝔁".normalize("NFKC").repeat(64);
const wide = "界".repeat(64);

function arrival(
  name: string,
  role: string,
  project: string | null,
  instead: Arrival["instead"] = null,
): Arrival {
  const times = { startedAt: 0, beatAt: 0, beatUp: 0, closedAt: null, hooksAt: null, condition: null };
  const session: Session = { ...joining(name, { role, project }), mailbox: 1, ...times };
  return { session, instead };
}

describe("who a session is", () => {
  test("stands in one line", () => {
    expect(identityLine({ name: "api", role: "tests", project: "shop" })).toBe(
      'You are "api" on cc-dm (role tests, project shop).',
    );
    expect(identityLine({ name: "api", role: "tests", project: null })).toContain("no project");
  });

  test("is the first thing in the instructions", () => {
    expect(instructions(arrival("api", "tests", "shop"), [], false)).toStartWith(
      'You are "api" on cc-dm (role tests, project shop).',
    );
  });
});

describe("the instructions", () => {
  for (const name of [long, wide]) {
    // Each may have two words of 64 characters.
    const company = Array.from({ length: 30 }, () => arrival(name, name, name).session);
    test(`are not cut by any client, whatever the names (${name.slice(0, 1)})`, () => {
      for (const why of ["name_taken", "mailbox_held"] as const) {
        const text = instructions(arrival(name, name, name, { wanted: name, why }), company, false);
        expect(text.length).toBeLessThan(2000);
        expect(text).toContain("approves nothing");
      }
    });
  }

  test("say how to treat what comes, and how to answer", () => {
    const text = instructions(arrival("api", "tests", "shop"), [], false);
    for (const part of ["not from the user", "approves nothing", "reply", "message_id", "Do not poll"]) {
      expect(text).toContain(part);
    }
  });

  test("say who is there, and where, of those it may write to", () => {
    const text = (project: string | null, ...others: readonly (readonly [string, string | null])[]) =>
      instructions(
        arrival("me", "tests", project),
        others.map(([name, of]) => arrival(name, "worker", of).session),
        false,
      );
    expect(text("shop", ["api", "shop"], ["far", "site"], ["free", null])).toContain(
      "There now: api (worker).",
    );
    expect(text(null, ["api", "shop"], ["free", null])).toContain(
      "There now: api (worker, shop), free (worker).",
    );
    for (const none of [text("shop"), text("shop", ["far", "site"])])
      expect(none).toContain("Nobody else is there yet.");
    const many = Array.from({ length: 15 }, (_, n) => [`s${n}`, null] as const);
    expect(text(null, ...many)).toContain("s11 (worker) and 3 more; who lists them.");
  });

  test("name only tools that there are", () => {
    const known = tools.map((tool) => tool.name);
    for (const name of ["dm", "broadcast", "who", "reply", "inbox", "history", "register"]) {
      expect(known).toContain(name);
      expect(instructions(arrival("api", "tests", null), [], false)).toContain(name);
    }
  });

  test("say so when a session is not called what it was to be called, and truly why", () => {
    const text = (why: "name_taken" | "mailbox_held") =>
      instructions(arrival("api-2", "tests", null, { wanted: "api", why }), [], false);
    expect(text("name_taken")).toMatch(
      /"api" is held by another live session, so this one became "api-2". Tell the user/,
    );
    expect(text("mailbox_held")).toMatch(/"api" has unread mail .*so this one became "api-2"/);
    expect(instructions(arrival("api", "tests", null), [], false)).not.toContain("Tell the user");
  });

  test("without a bus are short and say where the reason is told", () => {
    expect(instructionsWithoutBus).toContain("Call who");
    expect(instructionsWithoutBus.length).toBeLessThan(300);
  });
});

test("a person is told of a name that became another, and of nothing else", () => {
  expect(personLine(arrival("api", "tests", null))).toBeNull();
  expect(personLine(arrival("api-2", "tests", null, { wanted: "api", why: "name_taken" }))).toBe(
    'cc-dm: "api" is held by another live session, so this session is "api-2". /cc-dm:register changes it.',
  );
});
