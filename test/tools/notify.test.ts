import { beforeEach, describe, expect, test } from "bun:test";
import { type House, house, type Seat, seat } from "../fakes/house.ts";
import { call, refusal } from "./use.ts";

let home: House;
let lead: Seat;
let api: Seat;
beforeEach(async () => {
  home = await house();
  lead = await seat(home, "lead", { project: "shop" });
  api = await seat(home, "api", { project: "shop" });
});

const watched = async (by: Seat) =>
  (await home.bus.watches(by.session().mailbox)).map(({ kind, receipt }) => [kind, receipt.name]);

describe("who wants to hear how a message fares", () => {
  test("says so with dm and reply, for when it was seen or its reader is idle again", async () => {
    const { message_id } = await call(lead, "dm", { to: "api", content: "x", notify: "idle" });
    expect(await watched(lead)).toEqual([["idle", "api"]]);
    await call(api, "inbox", {});
    await call(api, "reply", { message_id, content: "y", notify: "seen" });
    expect(await watched(api)).toEqual([["seen", "lead"]]);
  });

  test("hears nothing without asking", async () => {
    await call(lead, "dm", { to: "api", content: "x" });
    await call(lead, "broadcast", { content: "x" });
    expect(await watched(lead)).toEqual([]);
  });

  test("asks for nothing else", async () => {
    for (const args of [{ notify: "read" }, { notify: true }, { notify: null }])
      expect((await refusal(lead, "dm", { to: "api", content: "x", ...args })).code).toBe(
        "invalid_arguments",
      );
    expect((await refusal(lead, "broadcast", { content: "x", notify: "seen" })).code).toBe(
      "invalid_arguments",
    );
    expect(await home.bus.unread(api.session())).toBe(0);
  });
});

describe("who is blocked gets its mail back", () => {
  test("and the one that blocks is told how much it was", async () => {
    for (let n = 0; n < 2; n++) await call(lead, "dm", { to: "api", content: "x" });
    expect(await call(api, "block", { name: "Lead" })).toMatchObject({
      blocked: ["lead"],
      note: "2 waiting messages went back to lead as refused.",
    });
    const [first] = (await call(lead, "inbox", {})).messages as readonly { from: string; content: string }[];
    expect(first?.from).toBe("cc-dm");
    expect(first?.content).toContain("api takes no messages from lead any more (block)");
    const states = (await call(lead, "history", {})).messages as readonly {
      receipts: readonly { state: string }[];
    }[];
    expect(states.map((one) => one.receipts[0]?.state)).toContain("refused");
  });

  test("but not who is muted, or whose block ends", async () => {
    await call(lead, "dm", { to: "api", content: "x" });
    expect(await call(api, "mute", { name: "lead" })).not.toHaveProperty("note");
    expect(await call(api, "block", { name: "lead", off: true })).not.toHaveProperty("note");
    expect(await home.bus.unread(api.session())).toBe(1);
    expect(await call(api, "block", { name: "lead" })).toMatchObject({
      note: "1 waiting message went back to lead as refused.",
    });
  });
});

describe("a sender is told beforehand how its message will be read", () => {
  const note = async () => (await call(lead, "dm", { to: "api", content: "x" })).note;
  const tell = (more: Partial<Parameters<House["bus"]["tell"]>[1]>) =>
    home.bus.tell(api.keys.id, { activity: null, reach: "wake", quietUntil: null, ...more });

  test("nothing, if it comes at once or nobody knows", async () => {
    expect(await note()).toBeUndefined();
    for (const reach of ["wake", "push"] as const) {
      await tell({ reach });
      expect(await note()).toBeUndefined();
    }
  });

  for (const [reach, words] of [
    ["turn", "api cannot be woken; it reads the message with its next turn."],
    ["pull", "api reads messages only when it calls inbox."],
    ["deaf", "nothing shows that it read it"],
  ] as const) {
    test(`${reach}: ${words}`, async () => {
      await tell({ reach });
      expect(await note()).toContain(words);
    });
  }

  test("until when its reader does not want to be disturbed, and not afterwards", async () => {
    await tell({ quietUntil: home.clock.now() + 60_000 });
    expect(await note()).toContain("does not want to be disturbed until 2026-03-01T12:01:00.000Z");
    await home.clock.pass(60_000);
    expect(await note()).toBeUndefined();
  });
});
