import { beforeEach, describe, expect, test } from "bun:test";
import { failure } from "../fakes/failure.ts";
import { type House, type Seat, seat } from "../fakes/house.ts";
import { bodies, codeOf, hi, office } from "./office.ts";

let home: House;
let lead: Seat;
let api: Seat;
beforeEach(async () => {
  ({ home, lead, api } = await office());
});

describe("what is not sent", () => {
  const refused: readonly (readonly [string, string, string])[] = [
    ["nothing", "", "empty_content"],
    ["blanks", " \n\t ", "empty_content"],
    ["what would not be seen", "\u200b\u001b[31m", "empty_content"],
    ["too much", "x".repeat(10_001), "too_long"],
    ["too many emoji", "🚀".repeat(10_001), "too_long"],
  ];
  for (const [what, content, code] of refused) {
    test(what, async () => {
      expect(await codeOf(lead.desk.dm("api", { content }))).toBe(code);
      expect(await home.bus.unread(api.session())).toBe(0);
    });
  }

  test("but as much as fits is, counted as characters", async () => {
    await lead.desk.dm("api", { content: "🚀".repeat(10_000) });
    expect((await bodies(api))[0]).toHaveLength(20_000);
  });

  test("too much says how much it was and what to do", async () => {
    const small = await seat(home, "small", { limits: { maxChars: 5 } });
    expect((await failure(small.desk.dm("api", { content: "123456" }))).message).toMatch(
      /6 characters; at most 5.*file/,
    );
  });

  test("half a character arrives as the sign for it, and is not taken for a forgery", async () => {
    await lead.desk.dm("api", { content: "a\ud800b" });
    expect(await bodies(api)).toEqual(["a\ufffdb"]);
  });

  test("more than a minute's share", async () => {
    const quick = await seat(home, "quick", { limits: { sendsPerMinute: 3 } });
    for (let n = 0; n < 3; n++) await quick.desk.dm("api", hi);
    const error = await failure(quick.desk.dm("api", hi));
    expect([error.code, error.message]).toEqual([
      "too_many",
      expect.stringContaining("3 messages within a minute"),
    ]);
    await home.clock.pass(60_000);
    await quick.desk.dm("api", hi);
    expect(await home.bus.unread(api.session())).toBe(4);
  });

  test("more than the whole bus may hold, from half a minute on, until there is room", async () => {
    const one = await seat(home, "one", { limits: { busMegabytes: 1, maxChars: 1_000_000 } });
    for (let n = 0; n < 2; n++) await one.desk.dm("api", { content: "x".repeat(700_000) });
    await home.clock.pass(30_000);
    await one.desk.dm("api", hi); // it is looked at now, and nothing is kept waiting for it
    const error = await failure(one.desk.dm("api", hi));
    expect([error.code, error.message]).toEqual([
      "bus_at_limit",
      expect.stringMatching(/holds 2 MB, and 1 are the most \(CC_DM_MAX_BUS_MB\)/),
    ]);
    const late = await seat(home, "late", { limits: { busMegabytes: 1 } });
    expect((await failure(late.desk.dm("api", hi))).code).toBe("bus_at_limit"); // a command sends once
    await late.desk.dm("api", hi).catch(() => {});
    expect(await home.bus.unread(api.session())).toBe(3);

    await home.bus.erase({ olderThanMs: null, unread: true });
    expect((await failure(one.desk.dm("api", hi))).code).toBe("bus_at_limit"); // looked at behind it
    await one.desk.dm("api", hi);
  });

  test("nothing for what the bus held long ago", async () => {
    const one = await seat(home, "one", { limits: { busMegabytes: 1, maxChars: 1_000_000 } });
    for (let n = 0; n < 2; n++) await one.desk.dm("api", { content: "x".repeat(700_000) });
    await home.clock.pass(30_000);
    await one.desk.dm("api", hi);
    expect((await failure(one.desk.dm("api", hi))).code).toBe("bus_at_limit");
    await home.bus.erase({ olderThanMs: null, unread: true });
    await home.clock.pass(3_600_000);
    await one.desk.dm("api", hi);
  });

  test("more than a mailbox holds", async () => {
    const quick = await seat(home, "quick", { limits: { mailbox: 2 } });
    for (let n = 0; n < 2; n++) await quick.desk.dm("api", hi);
    const error = await failure(quick.desk.dm("api", hi));
    expect([error.code, error.message]).toEqual([
      "mailbox_full",
      expect.stringContaining('"api" has 2 unread'),
    ]);
  });
});
