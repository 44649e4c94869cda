// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the client passes an unset variable on like that
import { describe, expect, test } from "bun:test";
import { homeFrom, setting } from "../../plugin/core/home.ts";
import { failure } from "../fakes/failure.ts";

describe("where cc-dm keeps its things", () => {
  test("in ~/.cc-dm, under names of their own", () => {
    expect(homeFrom({ HOME: "/home/me" })).toEqual({
      folder: "/home/me/.cc-dm",
      bus: "/home/me/.cc-dm/bus.db",
      config: "/home/me/.cc-dm/config.json",
      clients: "/home/me/.cc-dm/clients",
      bells: "/home/me/.cc-dm/bells",
    });
  });

  const folders: readonly (readonly [string, Record<string, string>, string])[] = [
    ["where CC_DM_HOME says", { HOME: "/home/me", CC_DM_HOME: "/srv/dm" }, "/srv/dm"],
    ["~ is the home", { HOME: "/home/me", CC_DM_HOME: "~/dm" }, "/home/me/dm"],
    ["a bare ~ too", { HOME: "/home/me", CC_DM_HOME: "~" }, "/home/me"],
    ["an empty CC_DM_HOME is none", { HOME: "/home/me", CC_DM_HOME: " " }, "/home/me/.cc-dm"],
    ["an unexpanded one is none", { HOME: "/home/me", CC_DM_HOME: "${CC_DM_HOME}" }, "/home/me/.cc-dm"],
    ["without HOME, USERPROFILE", { USERPROFILE: "/c/me" }, "/c/me/.cc-dm"],
    ["without either, CC_DM_HOME does", { CC_DM_HOME: "/srv/dm" }, "/srv/dm"],
  ];
  for (const [what, env, folder] of folders) {
    test(what, () => expect(homeFrom(env).folder).toBe(folder));
  }

  test("nowhere is an error that says what to set", async () => {
    const error = await failure(() => homeFrom({}));
    expect(error.code).toBe("bad_setting");
    expect(error.message).toContain("set CC_DM_HOME to an absolute path");
  });

  test("a relative path is an error that shows it", async () => {
    for (const path of ["dm", "./dm", "~other/dm"]) {
      const error = await failure(() => homeFrom({ HOME: "/home/me", CC_DM_HOME: path }));
      expect(error.code).toBe("bad_setting");
      expect(error.message).toContain(`"${path}"`);
    }
  });
});

describe("a variable counts as unset", () => {
  for (const value of ["", "  ", "${X}", "${X:-}", "${CC_DM_SESSION_NAME}", undefined]) {
    test(JSON.stringify(value) ?? "absent", () => expect(setting({ X: value }, "X")).toBeUndefined());
  }
  test("unless something is in it", () => {
    expect(setting({ X: " a b " }, "X")).toBe("a b");
    expect(setting({ X: "${X}y" }, "X")).toBe("${X}y");
    expect(setting({ X: "0" }, "X")).toBe("0");
  });
});
