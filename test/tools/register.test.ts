import { beforeEach, expect, test } from "bun:test";
import { type House, house, type Seat, seat } from "../fakes/house.ts";
import { call, refusal } from "./use.ts";

let home: House;
let me: Seat;
beforeEach(async () => {
  home = await house();
  me = await seat(home, "auto", { role: "backend", project: "shop" });
});

test("sets all three, in their normal form, and answers as who one is now", async () => {
  const answer = await call(me, "register", { name: " My Api ", role: "Tests", project: "New Shop" });
  expect(answer).toEqual({
    id: me.keys.id,
    name: "my-api",
    role: "tests",
    project: "new-shop",
    you: { name: "my-api", role: "tests", project: "new-shop" },
  });
  expect(await home.bus.named("my-api")).toMatchObject({
    id: me.keys.id,
    role: "tests",
    project: "new-shop",
  });
});

test("what is left out keeps its value, and an empty project clears it", async () => {
  expect(await call(me, "register", { name: "api" })).toMatchObject({ role: "backend", project: "shop" });
  expect(await call(me, "register", { name: "api", role: "tests" })).toMatchObject({
    role: "tests",
    project: "shop",
  });
  expect(await call(me, "register", { name: "api", project: " " })).toMatchObject({
    role: "tests",
    project: null,
  });
});

test("a name that may not be is refused, and nothing changes", async () => {
  const table: readonly (readonly [Record<string, string>, string])[] = [
    [{ name: "user" }, "reserved_name"],
    [{ name: "ＡＬＬ" }, "reserved_name"],
    [{ name: "a/b" }, "invalid_name"],
    [{ name: "" }, "invalid_name"],
    [{ name: "x".repeat(65) }, "invalid_name"],
    [{ name: "fine", role: "" }, "invalid_name"],
    [{ name: "fine", project: "a/b" }, "invalid_name"],
  ];
  for (const [args, code] of table) expect((await refusal(me, "register", args)).code).toBe(code);
  expect(me.session()).toMatchObject({ name: "auto", role: "backend", project: "shop" });
});

test("a name that somebody has is refused, and one still sends as who one was", async () => {
  const other = await seat(home, "api", { project: "shop" });
  const refused = await refusal(me, "register", { name: "api" });
  expect(refused.code).toBe("name_taken");
  expect(refused.message).toContain(`pid ${other.session().server.pid}`);
  await call(me, "dm", { to: "api", content: "hi" });
  const [waiting] = await home.bus.peek(other.session(), 1);
  expect(waiting?.message.fromName).toBe("auto");
});
