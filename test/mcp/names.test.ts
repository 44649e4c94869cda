/** Which names a session may have. */
import { describe, expect, test } from "bun:test";
import { testBus } from "../support/testbus.ts";

const bus = testBus();

describe("a name", () => {
  test("is trimmed, put in lower case, and its white space becomes a hyphen", async () => {
    const { ok } = await bus.start();
    for (const [given, taken] of [
      ["Ada", "ada"],
      ["  Ada \t Byron\n", "ada-byron"],
      ["back.end_2-x", "back.end_2-x"],
      ["Ｂｏｂ", "bob"],
      ["ÉCOLE", "école"],
      ["e\u0301cole", "école"],
      ["日本", "日本"],
      ["мария", "мария"],
      ["7", "7"],
      ["n".repeat(64), "n".repeat(64)],
    ] as const) {
      expect([given, (await ok("register", { name: given })).you.name]).toEqual([given, taken]);
    }
  });

  test("with anything else in it, of more than 64 characters, or with nothing to say is refused", async () => {
    const { refused, ok } = await bus.start({ name: "alice" });
    const before = (await ok("who")).you;
    for (const name of [
      ...["", " ", "-", "...", "n".repeat(65), "x".repeat(1_000_000)],
      ...[
        "a/b",
        "../x",
        "a\\b",
        "a,b",
        "a:b",
        "a@b",
        "a;b",
        'a"b',
        "a'b",
        "a(b)",
        "<b>",
        "a&b",
        "a·b",
        "🙂",
        "a🙂",
      ],
      ...["a\u0000b", "a\u001b[31mb", "a\u200bb", "a\u202eb", "a\u00adb", "zw\u200dj"],
      ...["pаypal", "αlpha"], // a Cyrillic and a Greek letter among Latin ones
    ]) {
      const fault = await refused("register", { name });
      expect([name.slice(0, 20), fault.code]).toEqual([name.slice(0, 20), "invalid_name"]);
    }
    expect((await refused("register", { name: "ok", role: "a/b" })).code).toBe("invalid_name");
    expect((await refused("register", { name: "ok", project: "p".repeat(65) })).code).toBe("invalid_name");
    expect((await ok("who")).you).toEqual(before);
  });

  test("that speaks for the person, for everybody or for cc-dm is reserved, and so is one that looks like it", async () => {
    const { refused } = await bus.start({ name: "alice" });
    const reserved = ["user", "you", "me", "all", "everyone", "system", "cc-dm"];
    const alike = [
      ...[
        "User",
        " USER ",
        "ｕｓｅｒ",
        "us-er",
        "u.s.e.r",
        "us3r",
        "üser",
        "user-",
        "a11",
        "a1l",
        "5ystem",
        "sys_tem",
      ],
      ...["ccdm", "cc_dm", "cc.dm", "CC DM", "y0u", "m3", "everyоnе".normalize(), "еvеrуоnе", "ѕуѕтем"],
    ];
    for (const name of [...reserved, ...alike]) {
      const { code } = await refused("register", { name });
      expect([name, ["reserved_name", "invalid_name"].includes(code)]).toEqual([name, true]);
    }
    for (const name of reserved) expect((await refused("register", { name })).code).toBe("reserved_name");
  });

  test("that only contains a reserved one is free", async () => {
    const { ok } = await bus.start();
    for (const name of ["users", "user-service", "all-tests", "system-a", "mel", "cc-dm-2"]) {
      expect((await ok("register", { name })).you.name).toBe(name);
    }
  });

  test("that is reserved cannot be written to as if it were a session", async () => {
    const { refused } = await bus.start({ name: "alice" });
    for (const to of ["me", "all", "everyone", "system", "cc-dm", "EVERYONE"]) {
      const fault = await refused("dm", { to, content: "x" });
      expect([to, fault.code]).toEqual([to, "reserved_name"]);
      expect(fault.message).toContain("broadcast");
    }
  });
});

describe("a session that was given no name", () => {
  test("makes a readable one from its folder, and `session` where the folder gives none", async () => {
    for (const [folder, name] of [
      ["My Web  App", "my-web-app"],
      ["it's a folder!", "it-s-a-folder"],
      ["x".repeat(100), "x".repeat(48)],
      ["user", "session"],
      ["🙂🙂", "session"],
    ] as const) {
      const session = await bus.start({ folder });
      expect([folder, (await session.ok("who")).you.name]).toEqual([folder, name]);
      await session.stop();
    }
  });
});
