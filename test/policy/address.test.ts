import { beforeEach, describe, expect, test } from "bun:test";
import type { DmError } from "../../plugin/core/errors.ts";
import { resolve } from "../../plugin/policy/address.ts";
import { failure } from "../fakes/failure.ts";
import { type House, house, type Seat, seat } from "../fakes/house.ts";

let home: House;
let me: Seat;
beforeEach(async () => {
  home = await house();
  me = await seat(home, "me-here", { cwd: "/code/mine" });
});

const find = (address: string, by: Seat = me) =>
  resolve({ bus: home.bus, self: by.session(), standing: home.standing, person: home.person }, address);
const refusal = async (address: string, by: Seat = me) => {
  const error = (await failure(find(address, by))) as DmError;
  return { code: error.code, candidates: error.candidates, message: error.message };
};

describe("an address is found as", () => {
  test("the name of a live session, however it is written", async () => {
    const { session } = await seat(home, "back-end");
    for (const address of ["back-end", " Back End ", "BACK-END", "ｂack-end"]) {
      expect(await find(address)).toMatchObject({
        mailbox: session().mailbox,
        name: "back-end",
        presence: "live",
      });
    }
    home.standings.set(session().id, "away");
    expect((await find("back-end")).presence).toBe("away");
  });

  test("a live session's id, or the beginning of it", async () => {
    const { session } = await seat(home, "api");
    const { id } = session();
    for (const address of [id, id.slice(0, 8), id.slice(0, 4), ` ${id.toUpperCase()} `]) {
      expect((await find(address)).session?.id).toBe(id);
    }
    expect((await refusal(id.slice(0, 3))).code).toBe("unknown_recipient");
  });

  test("the folder of one live session: its name in any case, or its path", async () => {
    const { session } = await seat(home, "api", { cwd: "/home/me/Shop-API" });
    for (const address of ["Shop-API", "shop-api", "/home/me/Shop-API", "/home/me/Shop-API/"]) {
      expect((await find(address)).session?.id).toBe(session().id);
    }
  });

  test("a name before a folder of that name", async () => {
    const named = await seat(home, "shop", { cwd: "/x" });
    await seat(home, "other", { cwd: "/code/shop" });
    expect((await find("shop")).session?.id).toBe(named.session().id);
  });

  test("a name with its project behind it, as candidates are listed", async () => {
    const shop = await seat(home, "api", { project: "shop" });
    await home.bus.close([shop.session().id]);
    const none = await seat(home, "api");
    for (const [address, { session }] of [
      ["api (shop)", shop],
      [" API (Shop) ", shop],
      ["api (no project)", none],
    ] as const)
      expect((await find(address)).mailbox).toBe(session().mailbox);
    expect((await find("api (no project)")).presence).toBe("live");
    await home.bus.close([none.session().id]);
    const { code, candidates = [] } = await refusal("api");
    expect(code).toBe("ambiguous_recipient");
    expect(candidates.toSorted()).toEqual(["api (no project)", "api (shop)"]);
    for (const candidate of candidates) expect((await find(candidate)).name).toBe("api");
    expect((await refusal("api (bank)")).code).toBe("unknown_recipient");
  });

  test("a closed name, whose mail waits", async () => {
    const { session } = await seat(home, "api");
    await home.bus.close([session().id]);
    expect(await find("api")).toEqual({
      mailbox: session().mailbox,
      name: "api",
      project: null,
      session: null,
      presence: "closed",
    });
  });

  test("a closed name, where the holder's process turns out to be gone", async () => {
    const { session } = await seat(home, "api");
    home.standings.set(session().id, "gone");
    expect(await find("api")).toMatchObject({ presence: "closed", session: null });
    expect(await home.bus.named("api")).toBeNull();
  });

  test("an unlisted session by its name, but not by its folder", async () => {
    await seat(home, "hidden", { listed: false, cwd: "/code/secret" });
    expect((await find("hidden")).name).toBe("hidden");
    const refused = await refusal("secret");
    expect(refused.code).toBe("unknown_recipient");
    expect(refused.candidates).toEqual([]);
  });
});

describe("of several mailboxes with one name", () => {
  test("the live session's is meant by who is in its reach", async () => {
    const old = await seat(home, "api", { project: "shop" });
    await home.bus.close([old.session().id]);
    const live = await seat(home, "api", { project: "other" });
    const colleague = await seat(home, "lead", { project: "shop" });
    expect((await find("api")).mailbox).toBe(live.session().mailbox);
    // A shop session cannot reach the live one; the closed one of its own project it can.
    expect((await find("api", colleague)).mailbox).toBe(old.session().mailbox);
  });

  test("the closed one in reach is meant, and two in reach are too many", async () => {
    for (const project of ["shop", "other"]) {
      const { session } = await seat(home, "api", { project });
      await home.bus.close([session().id]);
    }
    const colleague = await seat(home, "lead", { project: "shop" });
    expect((await find("api", colleague)).project).toBe("shop");
    const refused = await refusal("api");
    expect(refused.code).toBe("ambiguous_recipient");
    expect(refused.candidates?.toSorted()).toEqual(["api (other)", "api (shop)"]);
  });
});

describe("what is not found is an error that helps", () => {
  test("two live sessions in folders of one name", async () => {
    await seat(home, "one", { cwd: "/a/shop" });
    await seat(home, "two", { cwd: "/b/Shop" });
    const refused = await refusal("shop");
    expect(refused.code).toBe("ambiguous_recipient");
    expect(refused.message).toContain("fits 2 live sessions");
    expect(refused.candidates).toEqual([
      expect.stringMatching(/^one \(.*\/a\/shop\)$/),
      expect.stringMatching(/^two /),
    ]);
  });

  test("nobody: the live sessions in reach, the likeliest first", async () => {
    for (const name of ["zebra", "backend-2", "backend"]) await seat(home, name);
    const stranger = await seat(home, "stranger", { project: "other" });
    const refused = await refusal("back");
    expect(refused.code).toBe("unknown_recipient");
    expect(refused.candidates).toEqual(["backend", "backend-2", "stranger", "zebra"]);
    expect((await refusal("back", stranger)).candidates).toEqual([]);
  });

  test("at most twenty of them", async () => {
    for (let n = 0; n < 25; n++) await seat(home, `s${n}`);
    expect((await refusal("nobody")).candidates).toHaveLength(20);
  });

  test("no candidates is said as well", async () => {
    expect((await refusal("x")).message).toContain("No other session is in your reach");
    expect((await refusal("")).code).toBe("unknown_recipient");
    expect((await refusal("/")).code).toBe("unknown_recipient");
  });

  test("oneself, by any address", async () => {
    for (const address of ["me-here", me.session().id, "mine"]) {
      expect((await refusal(address)).code).toBe("self_message");
    }
  });

  test("a reserved name: the way to the many, or to the user", async () => {
    for (const address of ["all", "Everyone", "me", "us3r"]) {
      const refused = await refusal(address);
      expect(refused.code).toBe("reserved_name");
      expect(refused.message).toContain("broadcast");
    }
  });

  test("the person of this machine, whom no session stands for", async () => {
    const { mailbox } = await home.person();
    const found = { mailbox, name: "user", project: null, session: null, presence: "closed" };
    for (const address of ["user", " USER ", "ＵＳＥＲ"]) expect(await find(address)).toEqual(found as never);
  });

  test("a hostile address is shortened", async () => {
    expect((await refusal("x".repeat(5000))).message.length).toBeLessThan(300);
  });
});
