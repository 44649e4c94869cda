import { describe, expect, test } from "bun:test";
import { loadConfig } from "../../plugin/core/config.ts";
import { startOfTime } from "../fakes/clock.ts";
import { exam, person, pile, said, world } from "./world.ts";

const some = expect.stringContaining;
const among = (...sessions: ReturnType<typeof person>[]) => world({ sessions });

describe("the roster", () => {
  test("names who is there and what they do", () => {
    const activity = { state: "busy", since: startOfTime, on: "Bash" } as const;
    expect(said(among(person("lead"), person("api", { activity })), "sessions.roster")).toEqual([
      "ok: 2 sessions: lead (live), api (busy: Bash)",
    ]);
  });

  test("is empty", () => {
    expect(said(among(), "sessions.roster")).toEqual(["note: No session is on the bus now"]);
  });

  test("still has somebody who was killed", () => {
    const facts = among(person("lead"), person("old", { standing: "gone" }));
    expect(said(facts, "sessions.roster")).toEqual([
      "ok: 1 session: lead (live)",
      some('note: "old" ended without taking leave'),
    ]);
  });

  test("stays short with many sessions", () => {
    const many = Array.from({ length: 50 }, (_, n) => person(`s${n}`));
    expect(said(among(...many), "sessions.roster")[0]).toEndWith("and 38 more");
  });

  test("cannot be told of a bus that cannot be read", () => {
    const bus = { state: "busy", why: "" } as const;
    expect(said(world({ bus, sessions: [] }), "sessions.roster")).toEqual([]);
  });
});

describe("reach", () => {
  test("everybody can be reached", () => {
    expect(said(world(), "sessions.deaf")).toEqual(["ok: Every session can be reached"]);
  });

  test.each([
    [person("api", { standing: "deaf" }), 'warning: The server of "api" has died'],
    [person("api", { reach: "deaf" }), 'warning: "api" was handed mail and shows no sign of having read it'],
    [person("api", { reach: "pull" }), 'warning: Mail reaches "api" only when it calls inbox'],
  ])("%#", (api, expected) => {
    expect(said(among(api), "sessions.deaf")).toEqual([some(expected)]);
  });

  test("a plain MCP client that calls inbox is as it should be", () => {
    const plain = person("tool", { reach: "pull", client: { program: null } });
    expect(said(among(plain), "sessions.deaf")).toEqual([some("ok:")]);
  });

  test("who is silent is away", () => {
    expect(said(among(person("api", { standing: "away" })), "sessions.away")).toEqual([
      some('warning: "api" runs, but was last heard at '),
    ]);
  });

  test("who asked for quiet is told, as long as it lasts", () => {
    const until = (by: number) =>
      person("api", {
        session: { condition: { activity: null, reach: "wake", quietUntil: startOfTime + by } },
      });
    expect(said(among(until(60_000)), "sessions.quiet")).toHaveLength(1);
    expect(said(among(until(-1)), "sessions.quiet")).toEqual([]);
  });

  test("a bell that was removed is told", () => {
    expect(said(among(person("api", { bellHangs: false })), "sessions.bell")).toEqual([
      some('note: The bell of "api" is gone'),
    ]);
    expect(said(among(person("api", { bellHangs: null })), "sessions.bell")).toEqual([]);
  });
});

test("the session that asks is told who it is and how mail reaches it", () => {
  const here = { session: "id-api", inClient: true };
  expect(said(world({ here }), "sessions.here")).toEqual([
    'ok: This is "api" (role worker, no project); mail reaches it by a wake, also while idle',
  ]);
  expect(said(world(), "sessions.here")).toEqual([]);
});

test("sessions of another version are told, together", () => {
  const old = { session: { version: "0.0.9" } };
  const facts = among(person("a", old), person("b", old), person("c"));
  expect(said(facts, "sessions.version")).toEqual(['warning: "a", "b" run cc-dm 0.0.9; this is 0.1.0']);
  expect(said(world(), "sessions.version")).toEqual([]);
});

describe("mail", () => {
  const waits = (mail: ReturnType<typeof pile>, ...sessions: ReturnType<typeof person>[]) => {
    const facts = world({ sessions, bus: { state: "read", exam: exam({ waiting: [mail] }) } });
    return [...said(facts, "mail.unseen"), ...said(facts, "mail.unproven")];
  };
  const doing = (state: "busy" | "blocked" | "idle") =>
    person("api", { activity: { state, since: startOfTime, on: null } });
  const handed = { state: "handed", path: "wake" } as const;

  test("that was only just sent or handed over is on its way", () => {
    const since = startOfTime - 5000;
    expect(waits(pile("api", { since }), person("api"))).toEqual(["ok: 2 messages on the way"]);
    expect(waits(pile("api", { ...handed, since }), person("api"))).toEqual(["ok: 2 messages on the way"]);
    expect(waits(pile("api", { since }))).toEqual([some("no session of that name runs")]);
  });

  test("none waits", () => {
    expect(said(world(), "mail.unseen")).toEqual(["ok: No message waits unseen"]);
  });

  test.each([
    ["for an idle session, an hour", pile("api"), [doing("idle")], "warning: 2 messages for"],
    ["for a busy one", pile("api"), [doing("busy")], "note: 2 messages"],
    ["for a blocked one", pile("api"), [doing("blocked")], "held up by an open prompt"],
    ["of low priority", pile("api", { low: 2 }), [person("api")], "waits for a turn"],
    ["some of it low", pile("api", { low: 1 }), [person("api")], "warning:"],
    [
      "for nobody",
      pile("api", { project: "shop" }),
      [],
      'note: 2 messages for "api" (shop) unread, the oldest for 60 minutes: no session',
    ],
    [
      "handed over an hour ago",
      pile("api", handed),
      [person("api")],
      'warning: 2 messages for "api" handed over (wake) without a sign',
    ],
    ["handed over to a busy one", pile("api", handed), [doing("busy")], "note: 2 messages"],
  ] as const)("waits %s", (_case, mail, sessions, expected) => {
    expect(waits(mail, ...sessions)).toEqual([some(expected)]);
  });
});

describe("settings", () => {
  const home = { HOME: "/nowhere" };

  test("are all told, with where each came from", () => {
    const config = loadConfig({ env: { ...home, CC_DM_WAKE: "off", CC_DM_DM_BLOCKLIST: "a, b" }, args: [] });
    const facts = world({ settings: { config }, homeGiven: true });
    expect(said(facts, "settings.CC_DM_WAKE")).toEqual(["ok: off (environment)"]);
    expect(said(facts, "settings.CC_DM_BELL")).toEqual(["ok: on (default)"]);
    expect(said(facts, "settings.CC_DM_DM_BLOCKLIST")).toEqual(["ok: a, b (environment)"]);
    expect(said(facts, "settings.CC_DM_SESSION_PROJECT")).toEqual(["ok: none (default)"]);
    expect(said(facts, "settings.CC_DM_HOME")).toEqual(["ok: /home/ann/.cc-dm (environment)"]);
  });

  test("that are wrong are an error in the words of the start", () => {
    const wrong = 'CC_DM_WAKE is "maybe" (environment): Invalid option';
    expect(said(world({ settings: { wrong } }), "settings")).toEqual([`error: ${wrong}`]);
  });
});
