import { beforeEach, expect, test } from "bun:test";
import { type House, house, type Seat, seat } from "../fakes/house.ts";
import { call, refusal } from "./use.ts";

let home: House;
let lead: Seat;
let api: Seat;
beforeEach(async () => {
  home = await house();
  lead = await seat(home, "lead", { project: "shop" });
  api = await seat(home, "api", { project: "shop", role: "tests" });
});

const you = { name: "lead", role: "worker", project: "shop" };

test("dm says to whom it went", async () => {
  expect(await call(lead, "dm", { to: "API", content: "hi", thread_id: " T-1 " })).toEqual({
    message_id: expect.stringMatching(/^[0-9A-Z]{26}$/),
    recipients: [{ name: "api", presence: "live" }],
    you,
  });
  const [waiting] = await home.bus.peek(api.session(), 1);
  expect(waiting?.message.threadId).toBe("T-1");
});

test("dm to oneself is refused", async () => {
  expect((await refusal(lead, "dm", { to: "lead", content: "hi" })).code).toBe("self_message");
});

test("broadcast says to whom it went, and finds a role however it is written", async () => {
  await seat(home, "web", { project: "shop" });
  expect((await call(lead, "broadcast", { content: "hi" })).recipients).toEqual([
    { name: "api", presence: "live" },
    { name: "web", presence: "live" },
  ]);
  expect((await call(lead, "broadcast", { content: "hi", role: " Tests " })).recipients).toEqual([
    { name: "api", presence: "live" },
  ]);
  expect((await refusal(lead, "broadcast", { content: "hi", role: "a/b" })).code).toBe("invalid_name");
});

test("reply says to whom it went", async () => {
  const { message_id } = await call(lead, "dm", { to: "api", content: "hi" });
  expect(await call(api, "reply", { message_id, content: "yes" })).toMatchObject({
    recipients: [{ name: "lead", presence: "live" }],
    you: { name: "api" },
  });
});

test("thread names in any script pass", async () => {
  for (const thread_id of ["T-1", "#42", "org/repo#7", "नमस्ते", "ä b", "x".repeat(64), "a:b@c.d_e"]) {
    if (thread_id === "#42") {
      expect((await refusal(lead, "dm", { to: "api", content: "x", thread_id })).code).toBe(
        "invalid_arguments",
      );
    } else await call(lead, "dm", { to: "api", content: "x", thread_id });
  }
});

test("mute and block say what is muted and blocked, and take it back", async () => {
  expect(await call(api, "mute", { name: " Lead " })).toMatchObject({ muted: ["lead"], blocked: [] });
  expect(await call(api, "block", { name: "nobody-yet" })).toMatchObject({
    muted: ["lead"],
    blocked: ["nobody-yet"],
  });
  expect(await call(api, "mute", { name: "lead", off: true })).toMatchObject({
    muted: [],
    blocked: ["nobody-yet"],
  });
  expect((await refusal(api, "block", { name: "API" })).code).toBe("self_message");
  expect((await refusal(api, "block", { name: "User" })).code).toBe("reserved_name");
  expect((await refusal(api, "block", { name: "" })).code).toBe("invalid_name");
});

test("who is blocked is told so, and heard again when it is taken back", async () => {
  await call(api, "block", { name: "lead" });
  expect((await refusal(lead, "dm", { to: "api", content: "hi" })).code).toBe("blocked");
  await call(api, "block", { name: "lead", off: true });
  await call(lead, "dm", { to: "api", content: "hi" });
});
