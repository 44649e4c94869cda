import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  fold,
  nameFromFolder,
  normalise,
  normaliseSessionName,
  reservedTwin,
} from "../../plugin/core/names.ts";
import { failure } from "../fakes/failure.ts";

describe("a name is brought into one form", () => {
  const forms: readonly (readonly [string, string])[] = [
    ["backend", "backend"],
    ["  Back End\t2 ", "back-end-2"],
    ["API_v1.2", "api_v1.2"],
    ["a \u00a0\u3000 b", "a-b"],
    ["ＦＵＬＬ", "full"],
    ["ﬁx", "fix"],
    ["Größe", "größe"],
    ["Größe".normalize("NFD"), "größe".normalize("NFC")],
    ["हिन्दी", "हिन्दी"],
    ["中文", "中文"],
    ["бэкенд", "бэкенд"],
    ["7", "7"],
    ["-x-", "-x-"],
    ["x".repeat(64), "x".repeat(64)],
    ["𝕏".repeat(64), "x".repeat(64)],
  ];
  for (const [given, wanted] of forms) {
    test(`${JSON.stringify(given.slice(0, 20))} becomes ${wanted.slice(0, 20)}`, () => {
      expect(normalise(given, "name")).toBe(wanted);
    });
  }

  test("once normal, it stays as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 30 }), (text) => {
        const once = attempt(text);
        return once === null || attempt(once) === once;
      }),
      { numRuns: 5000 },
    );
  });

  test("is made of what is allowed, whatever was given", () => {
    const hostile = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom("a", "Ä", "ſ", "İ", " ", "\t", ".", "-", "\u0345", "\u200b", "x") }),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        const name = attempt(text);
        if (name === null) return;
        expect(name).toMatch(/^[\p{L}\p{M}\p{N}._-]{1,64}$/u);
        expect(name).toBe(fold(name));
      }),
      { numRuns: 3000 },
    );
  });
});

describe("what is no name is refused", () => {
  const refused: readonly (readonly [string, string, RegExp])[] = [
    ["nothing", "", /needs at least one letter/],
    ["blanks", " \t\n ", /needs at least one letter/],
    ["dots and dashes", "..-_", /no name/],
    ["a path", "../etc/passwd", /no name/],
    ["a tag", "<channel>", /no name/],
    ["a quotation mark", 'a"b', /no name/],
    ["a comma", "a,b", /no name/],
    ["a control character", "a\u0000b", /no name/],
    ["an escape sequence", "\u001b[31mred", /no name/],
    ["a line around a corner", "a\u202eb", /no name/],
    ["an emoji", "🚀", /no name/],
    ["65 characters", "x".repeat(65), /64 characters; this one has 65/],
    ["64 letters that fold into more", "ﷺ".repeat(64), /64 characters/],
    ["a name that has something invisible in it", "back\u034fend", /no name/],
    ["a name that ends in something invisible", "backend\ufe0f", /no name/],
    ["a letter that nobody sees", "\u3164", /no name/],
    ["Armenian among Latin letters", "y\u0585u", /look alike/],
    ["Cyrillic among Latin letters", "bаckend", /look alike/],
    ["Greek among Latin letters", "αpi", /look alike/],
  ];
  for (const [what, text, why] of refused) {
    test(what, async () => {
      const error = await failure(() => normalise(text, "name"));
      expect(error.code).toBe("invalid_name");
      expect(error.message).toMatch(why);
    });
  }

  test("the error says of what it speaks", async () => {
    expect((await failure(() => normalise("", "project"))).message).toContain("A project needs");
    expect((await failure(() => normalise("a/b", "role"))).message).toContain("is no role");
  });
});

describe("reserved names are refused, with what reads like them", () => {
  const reserved = ["user", "you", "me", "all", "everyone", "system", "cc-dm"];
  const twins = [
    "USER",
    "Ｕｓｅｒ",
    "us3r",
    "u-s-e-r",
    "usér",
    "a11",
    "АLL",
    "м-е",
    "ccdm",
    "cc_dm",
    "5ystem",
    "у0u",
    "ɑll",
    "ᴀʟʟ",
    "ʏou",
  ];
  for (const name of [...reserved, ...twins]) {
    test(name, async () => {
      const error = await failure(() => normaliseSessionName(name));
      expect(["reserved_name", "invalid_name"]).toContain(error.code ?? "");
    });
  }

  test("the error names the word it reads like", async () => {
    expect((await failure(() => normaliseSessionName("us3r"))).message).toContain('reads like "user"');
    expect((await failure(() => normaliseSessionName("user"))).message).not.toContain("reads like");
  });

  test("whole words of another script are caught too", () => {
    expect(reservedTwin("аӏӏ")).toBe("all");
    expect(reservedTwin("уоυ")).toBe("you");
  });

  test("names that only contain one are free", () => {
    for (const name of ["user-service", "all-tests", "me2", "mee", "systems", "cc-dm-2"]) {
      expect(normaliseSessionName(name)).toBe(name);
    }
  });

  test("roles and projects may be called so", () => {
    expect(normalise("system", "role")).toBe("system");
    expect(normalise("all", "project")).toBe("all");
  });
});

describe("a folder gives a readable name", () => {
  const folders: readonly (readonly [string, string])[] = [
    ["/home/me/My Project", "my-project"],
    ["/home/me/app/", "app"],
    ["/x/.config", "config"],
    ["/x/--weird--", "weird"],
    ["/srv/api (copy) [2]", "api-copy-2"],
    ["/x/naïve café", "naïve-café"],
    ["/", "session"],
    ["", "session"],
    ["/home/user", "session"],
    ["/x/🚀🚀", "session"],
    ["/x/bаckend", "session"],
  ];
  for (const [folder, name] of folders) {
    test(`${JSON.stringify(folder)} gives ${name}`, () => expect(nameFromFolder(folder)).toBe(name));
  }

  test("always one that can be registered", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 100 }), (text) => {
        const name = nameFromFolder(text);
        expect(normaliseSessionName(name)).toBe(name);
      }),
      { numRuns: 2000 },
    );
  });
});

function attempt(text: string): string | null {
  try {
    return normalise(text, "name");
  } catch {
    return null;
  }
}
