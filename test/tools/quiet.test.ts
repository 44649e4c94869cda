import { beforeEach, describe, expect, test } from "bun:test";
import { type House, house, type Seat, seat } from "../fakes/house.ts";
import { call, refusal } from "./use.ts";

let home: House;
let me: Seat;
beforeEach(async () => {
  home = await house();
  me = await seat(home, "me");
});

const until = async (args: Record<string, unknown> = {}) => (await call(me, "quiet", args)).quiet_until;
const minute = 60_000;
const local = (moment: number) => {
  const date = new Date(moment);
  return `${date.getHours()}:${String(date.getMinutes()).padStart(2, "0")}`;
};
const at = (ms: number) => new Date(home.clock.now() + ms).toISOString();

describe("a session is not disturbed", () => {
  test("for some minutes", async () => {
    expect(await until({ minutes: 90 })).toBe("2026-03-01T13:30:00.000Z");
  });

  test("until a time of day, today or tomorrow", async () => {
    expect(await until({ until: local(home.clock.now() + 5 * minute) })).toBe(at(5 * minute));
    expect(await until({ until: ` ${local(home.clock.now() - 5 * minute)} ` })).toBe(at(1435 * minute));
    expect(await until({ until: local(home.clock.now()) })).toBe(at(1440 * minute));
  });

  test("until a moment within a week", async () => {
    for (const ms of [1000, 7 * 1440 * minute]) expect(await until({ until: at(ms) })).toBe(at(ms));
  });

  test("until it says so, and when it asks it hears how long", async () => {
    expect(await until()).toBeNull();
    await until({ minutes: 5 });
    expect(await until()).toBe(at(5 * minute));
    expect(await until({ off: true })).toBeNull();
    expect(await until()).toBeNull();
  });
});

describe("nothing changes for what is no such moment", () => {
  const moments = ["tomorrow", "", "25:00", "12:60", "2026-03-01T11:59:59Z", "2026-03-08T12:00:00.001Z"];
  for (const moment of moments) {
    test(JSON.stringify(moment), async () => {
      await until({ minutes: 5 });
      const { code, message } = await refusal(me, "quiet", { until: moment });
      expect([code, message]).toEqual([
        "invalid_arguments",
        expect.stringContaining("within the next 7 days"),
      ]);
      expect(await until()).toBe(at(5 * minute));
    });
  }
  for (const minutes of [0, -1, 1.5, 10_081, "5"]) {
    test(`${JSON.stringify(minutes)} minutes`, async () => {
      expect((await refusal(me, "quiet", { minutes })).code).toBe("invalid_arguments");
    });
  }
});
