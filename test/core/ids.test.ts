import { describe, expect, test } from "bun:test";
import { base32, messageIds, offerToken } from "../../plugin/core/ids.ts";

describe("message ids", () => {
  test("are ULIDs that grow, even within a millisecond and when the clock is set back", () => {
    const newId = messageIds();
    const ids = [5000, 5000, 5000, 4000, 6000].map((now) => newId(now));
    for (const id of ids) expect(id).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("of two processes differ within one millisecond", () => {
    const made = Array.from({ length: 1000 }, () => messageIds()(5000));
    expect(new Set(made).size).toBe(1000);
  });
});

describe("an evidence token", () => {
  test("is 12 characters that nobody misreads", () => {
    for (let n = 0; n < 1000; n++) expect(offerToken()).toMatch(/^[0-9abcdefghjkmnpqrstvwxyz]{12}$/);
  });

  test("is another one every time, and any character may stand anywhere", () => {
    const tokens = Array.from({ length: 5000 }, offerToken);
    expect(new Set(tokens).size).toBe(5000);
    for (let place = 0; place < 12; place++) {
      expect(new Set(tokens.map((token) => token[place])).size).toBe(32);
    }
  });
});

test("base 32 takes five bits a character, from the left", () => {
  expect(base32(Uint8Array.of(0b00000_000, 0b01_00010_0, 0b0011_0010, 0b0_00101_00, 0b110_00111), 8)).toBe(
    "01234567",
  );
  expect(base32(new Uint8Array(32).fill(255), 26)).toBe("z".repeat(26));
  expect(base32(new Uint8Array(8).fill(255), 3)).toBe("zzz");
});
