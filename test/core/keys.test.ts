import { describe, expect, test } from "bun:test";
import { idOfKey, makeKeys, signedText, verifies } from "../../plugin/core/keys.ts";
import type { Letter } from "../../plugin/core/model.ts";

const full: Letter = {
  id: "01ARZ3NDEKTSV4RRFFQ69G5FAV",
  kind: "dm",
  fromId: "abc",
  fromName: "lead",
  fromRole: "planner",
  fromProject: "shop",
  recipients: [
    { mailbox: 3, name: "api", project: "shop" },
    { mailbox: 4, name: "web", project: null },
  ],
  body: "hello",
  priority: "urgent",
  type: "task",
  threadId: "T-1",
  inReplyTo: "01ARZ3NDEKTSV4RRFFQ69G5FAW",
  hops: 2,
  rule: "same-project",
  sentAt: 1_772_366_400_000,
  ttlMs: 60_000,
};

describe("a signature covers every field of a letter", () => {
  const keys = makeKeys();
  const signature = keys.sign(signedText(full));
  const holds = (letter: Letter) =>
    verifies({ publicKey: keys.publicKey, text: signedText(letter), signature });

  test("as signed, it holds", () => expect(holds({ ...full })).toBe(true));

  for (const field of Object.keys(full) as (keyof Letter)[]) {
    test(`another ${field} breaks it`, () => {
      const value = full[field];
      const other = Array.isArray(value)
        ? [...value, value[0]]
        : typeof value === "number"
          ? value + 1
          : `${value} `;
      expect(holds({ ...full, [field]: other })).toBe(false);
      if (typeof value === "string") expect(holds({ ...full, [field]: null })).toBe(false);
    });
  }

  test("any other recipient, order or number of recipients breaks it", () => {
    const [api, web] = full.recipients;
    if (api === undefined || web === undefined) throw new Error("two recipients expected");
    const others = [
      [],
      [api],
      [web, api],
      [{ ...api, mailbox: 9 }, web],
      [{ ...api, name: "apl" }, web],
      [{ ...api, project: null }, web],
    ];
    for (const recipients of others) expect(holds({ ...full, recipients })).toBe(false);
  });

  test("text cannot move from one field to the next", () => {
    const shifted = { ...full, fromName: "leadplanner", fromRole: "" };
    expect(signedText(shifted)).not.toBe(signedText({ ...full, fromName: "lead", fromRole: "planner" }));
    expect(signedText({ ...full, body: 'a","b' })).not.toBe(
      signedText({ ...full, body: "a", priority: null }),
    );
  });
});

describe("a key", () => {
  test("verifies its own signatures and nobody else's", () => {
    const [mine, other] = [makeKeys(), makeKeys()];
    const signature = mine.sign("text");
    expect(verifies({ publicKey: mine.publicKey, text: "text", signature })).toBe(true);
    expect(verifies({ publicKey: other.publicKey, text: "text", signature })).toBe(false);
    expect(verifies({ publicKey: mine.publicKey, text: "texT", signature })).toBe(false);
  });

  test("gives a session its id: another key, another id", () => {
    const [mine, other] = [makeKeys(), makeKeys()];
    expect(mine.id).toBe(idOfKey(mine.publicKey));
    expect(mine.id).toMatch(/^[0-9a-z]{26}$/);
    expect(other.id).not.toBe(mine.id);
  });

  test("of a fixed value gives a fixed id, for other versions to agree on", () => {
    expect(idOfKey("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")).toBe("47z33qx1ajh62rkbz1a08vyj4w");
  });

  test("that is none, or a signature that is none, verifies nothing and throws nothing", () => {
    const keys = makeKeys();
    const signature = keys.sign("text");
    for (const bad of ["", "not a key", "AAAA", "\u0000", "é".repeat(43)]) {
      expect(verifies({ publicKey: bad, text: "text", signature })).toBe(false);
      expect(verifies({ publicKey: keys.publicKey, text: "text", signature: bad })).toBe(false);
    }
  });
});
