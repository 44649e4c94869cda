import { describe, expect, test } from "bun:test";
import type { Message } from "../../plugin/core/model.ts";
import { type Lists, mayBroadcast, mayWriteTo, recheck, scope } from "../../plugin/policy/rules.ts";

const none: Lists = { broadcastRoles: [], dmAllow: [], dmBlock: [] };

describe("whom a new message may reach", () => {
  const table: readonly (readonly [string | null, string | null, string])[] = [
    [null, null, "no-project"],
    [null, "shop", "no-project"],
    ["shop", "shop", "same-project"],
    ["shop", "other", "out_of_scope"],
    ["shop", null, "out_of_scope"],
  ];
  for (const [from, to, expected] of table) {
    test(`from ${from ?? "no project"} to ${to ?? "no project"}: ${expected}`, () => {
      const verdict = scope({ name: "a", role: "r", project: from }, { name: "b", project: to });
      expect(verdict.ok ? verdict.rule : verdict.code).toBe(expected);
    });
  }

  test("a refusal names both projects and the way out", () => {
    const verdict = scope({ name: "a", role: "r", project: "shop" }, { name: "b", project: "other" });
    if (verdict.ok) throw new Error("it was allowed");
    expect(verdict.message).toMatch(/"b" is in project "other".*you are in "shop".*register/);
  });
});

describe("the sender's own lists", () => {
  const table: readonly (readonly [string, Partial<Lists>, string, boolean])[] = [
    ["empty lists restrict nothing", {}, "api", true],
    ["on the allowlist", { dmAllow: ["api", "web"] }, "api", true],
    ["not on the allowlist", { dmAllow: ["web"] }, "api", false],
    ["on the blocklist", { dmBlock: ["api"] }, "api", false],
    ["not on the blocklist", { dmBlock: ["web"] }, "api", true],
  ];
  for (const [what, lists, name, ok] of table) {
    test(what, () => expect(mayWriteTo(name, { ...none, ...lists }).ok).toBe(ok));
  }

  test("a refusal names its list", () => {
    const messages = [
      mayWriteTo("api", { ...none, dmAllow: ["web"] }),
      mayWriteTo("api", { ...none, dmBlock: ["api"] }),
    ];
    expect(messages.map((verdict) => (verdict.ok ? "" : verdict.message))).toEqual([
      expect.stringMatching(/web.*CC_DM_DM_ALLOWLIST/),
      expect.stringMatching(/"api".*CC_DM_DM_BLOCKLIST/),
    ]);
  });

  test("who may broadcast", () => {
    expect(mayBroadcast("worker", none).ok).toBe(true);
    expect(mayBroadcast("lead", { ...none, broadcastRoles: ["lead"] }).ok).toBe(true);
    const verdict = mayBroadcast("worker", { ...none, broadcastRoles: ["lead"] });
    expect(verdict).toMatchObject({ ok: false, code: "not_allowed" });
    // The lists for messages to one session say nothing about broadcasts, nor the other way round.
    expect(mayBroadcast("worker", { ...none, dmAllow: ["x"] }).ok).toBe(true);
    expect(mayWriteTo("x", { ...none, broadcastRoles: ["lead"] }).ok).toBe(true);
  });
});

describe("the receiver asks again whether the rule on record lets a message in", () => {
  const to = { mailbox: 1, name: "api", project: "shop" };
  type Record = Pick<Message, "rule" | "kind" | "fromProject" | "inReplyTo">;
  const dm: Record = { rule: "no-project", kind: "dm", fromProject: null, inReplyTo: null };
  const reply: Record = { rule: "reply", kind: "dm", fromProject: "other", inReplyTo: "01" };
  const notice: Record = { rule: "notice", kind: "notice", fromProject: null, inReplyTo: "01" };
  const table: readonly (readonly [string, Record, boolean, boolean])[] = [
    ["from no project", dm, false, true],
    ["from no project, but it has one", { ...dm, fromProject: "shop" }, false, false],
    ["from the same project", { ...dm, rule: "same-project", fromProject: "shop" }, false, true],
    [
      "from the same project, but it is another",
      { ...dm, rule: "same-project", fromProject: "other" },
      false,
      false,
    ],
    ["from the same project, but it has none", { ...dm, rule: "same-project" }, false, false],
    ["a reply to what I wrote", reply, true, true],
    ["a reply to what I never wrote", reply, false, false],
    ["a reply to nothing", { ...reply, inReplyTo: null }, true, false],
    ["a reply that claims to be a notice", { ...reply, kind: "notice" }, true, false],
    ["a notice about what I wrote", notice, true, true],
    ["a notice about what I never wrote", notice, false, false],
    ["a notice about nothing", { ...notice, inReplyTo: null }, true, false],
    ["a message that claims a notice's right", { ...notice, kind: "dm" }, true, false],
    ["a rule nobody knows", { ...dm, rule: "because" as Message["rule"] }, true, false],
  ];
  for (const [what, record, answered, allowed] of table) {
    test(`${what}: ${allowed ? "comes in" : "stays out"}`, () => {
      expect(recheck(record as Message, to, { answered, asked: false }) === true).toBe(allowed);
    });
  }

  for (const [what, record, asked, allowed] of [
    ["a permission request put to me", { rule: "relay", kind: "request" }, true, true],
    ["a permission request put to others", { rule: "relay", kind: "request" }, false, false],
    ["a message that claims a request's right", { rule: "relay", kind: "dm" }, true, false],
    ["a request that claims a message's right", { rule: "no-project", kind: "request" }, true, false],
    [
      "a request that claims an answer's right",
      { rule: "reply", kind: "request", inReplyTo: "01" },
      true,
      false,
    ],
  ] as const) {
    test(`${what}: ${allowed ? "comes in" : "stays out"}`, () => {
      expect(recheck({ ...dm, ...record } as Message, to, { answered: true, asked })).toBe(allowed);
    });
  }

  test("no project is not a project that two share", () => {
    const record = { ...dm, rule: "same-project" } as Message;
    expect(recheck(record, { ...to, project: null }, { answered: false, asked: false })).toBe(false);
  });
});
