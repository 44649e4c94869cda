import { describe, expect, test } from "bun:test";
import { readKeys } from "../../plugin/view/keys.ts";
import { press } from "../../plugin/view/press.ts";
import type { Scene } from "../../plugin/view/scene.ts";
import { atStart, type Ui, type Wish } from "../../plugin/view/ui.ts";
import { entry, party, request, scene } from "./scenes.ts";

const reach = { page: 5, top: 0, lastTop: 12 };
const up = "\u001b[A";
const down = "\u001b[B";

/** Presses keys one after the other. */
function typing(
  keys: string,
  shown: Scene,
  from: Ui = atStart,
): { readonly ui: Ui; readonly wishes: readonly Wish[] } {
  let ui = from;
  const wishes: Wish[] = [];
  for (const key of readKeys(keys, true).keys) {
    const pressed = press(ui, key, shown, reach);
    ui = pressed.ui;
    if (pressed.wish !== null) wishes.push(pressed.wish);
  }
  return { ui, wishes };
}

const messages = [entry("a", { b: "seen" }), entry("b", { a: "seen" }), entry("a", { c: "queued" })];
const ids = messages.map(({ message }) => message.id);
const full = scene({
  sessions: [party("a", { project: "shop" }), party("b"), party("c", { project: "docs" })],
  requests: [request("kxqpa"), request("abcde")],
  messages,
});

describe("choosing", () => {
  test.each([
    ["", "sessions"],
    ["\t", "requests"],
    ["\t\t", "messages"],
    ["\t\t\t", "sessions"],
    ["\u001b[Z", "messages"],
    ["\u001b[C", "requests"],
  ] as const)("%j goes to %s", (keys, pane) => {
    expect(typing(keys, full).ui.pane).toBe(pane);
  });

  test("without requests there is no such part", () => {
    expect(typing("\t", { ...full, requests: [] }).ui.pane).toBe("messages");
  });

  test.each([
    [down, "id-b"],
    ["jj", "id-c"],
    ["jjjjj", "id-c"],
    [`jj${up}`, "id-b"],
    ["Gk", "id-b"],
    ["Gg", "id-a"],
    ["\u001b[6~", "id-c"],
  ])("%j among the sessions", (keys, id) => {
    expect(typing(keys, full).ui.chosen.sessions).toBe(id);
  });

  test("messages follow the newest until one is chosen, and again from the newest on", () => {
    expect(typing("\t\t", full).ui.chosen.messages).toBeNull();
    expect(typing("\t\tk", full).ui.chosen.messages).toBe(ids[1] ?? "");
    expect(typing("\t\tkj", full).ui.chosen.messages).toBeNull();
    expect(typing("\t\tkk\u001b", full).ui.chosen.messages).toBeNull();
  });

  test("enter opens what is chosen", () => {
    expect(typing("j\r", full).ui.over).toEqual({ kind: "session", id: "id-b", top: 0 });
    expect(typing("\t\r", full).ui.over).toEqual({ kind: "request", id: full.requests[0]?.id ?? "", top: 0 });
    expect(typing("\t\t\r", full).ui.over).toEqual({ kind: "message", id: ids[2] ?? "", top: null });
    expect(typing("\r", scene()).ui.over).toBeNull();
  });
});

describe("answering", () => {
  const [first, second] = full.requests.map(({ id }) => id);

  test("y in the list opens the request, y in it allows", () => {
    expect(typing("\ty", full)).toMatchObject({ ui: { over: { kind: "request", id: first } }, wishes: [] });
    expect(typing("\tyy", full)).toMatchObject({
      ui: { over: null },
      wishes: [{ kind: "decide", id: first, behavior: "allow", reason: null }],
    });
  });

  test("n asks for a reason, which may be left out", () => {
    const denied = (reason: string | null) => [{ kind: "decide", id: second, behavior: "deny", reason }];
    expect(typing("\tjnn  no, y \u007f\r", full).wishes).toEqual(denied("no, y") as Wish[]);
    expect(typing("\tjnn\r", full).wishes).toEqual(denied(null) as Wish[]);
    expect(typing("\tjnnoh\u001b", full)).toMatchObject({ ui: { over: { kind: "request" } }, wishes: [] });
  });

  test("y and n are keys in no other part", () => {
    expect(typing("yn\t\tyn", full)).toMatchObject({ ui: { over: null }, wishes: [] });
    expect(typing("\ryn", full).wishes).toEqual([]);
  });

  test("one that was chosen and is gone gives way to none: no key reaches its neighbour", () => {
    const { ui } = typing("\tj", full);
    const later = { ...full, requests: full.requests.slice(0, 1) };
    expect(typing("yy", later, ui)).toMatchObject({ ui: { over: null }, wishes: [] });
  });

  test("one that is open and is gone takes no answer", () => {
    const { ui } = typing("\ty", full);
    expect(typing("yn", { ...full, requests: [] }, ui).wishes).toEqual([]);
  });

  test("what came meanwhile does not move the choice", () => {
    const { ui } = typing("\ty\u001b", full);
    const later = { ...full, requests: [request("zzzzz"), ...full.requests] };
    expect(typing("yy", later, ui).wishes).toMatchObject([{ id: first }]);
  });

  test("who is not the person answers nothing", () => {
    expect(typing("\tyyn\r", { ...full, doubt: "it is a program" }).wishes).toEqual([]);
  });

  test("a paste is no key", () => {
    expect(typing("\ty\u001b[200~y\r\u001b[201~", full).wishes).toEqual([]);
    expect(typing("\u001b[200~q\u001b[201~", full).wishes).toEqual([]);
  });
});

describe("writing", () => {
  test("m writes to the chosen session, and enter sends", () => {
    expect(typing("jm", full).ui.over).toEqual({ kind: "write", id: "id-b", top: 0, text: "" });
    expect(typing("jm q then \r", full)).toMatchObject({
      ui: { over: null },
      wishes: [{ kind: "send", to: "id-b", text: "q then" }],
    });
    expect(typing("j\rmhi\r", full).wishes).toMatchObject([{ to: "id-b" }]);
  });

  test("or to who wrote the message, while they are there", () => {
    expect(typing("\t\tkm", full).ui.over).toMatchObject({ kind: "write", id: "id-b" });
    expect(typing("\t\tkm", { ...full, sessions: [] }).ui.over).toBeNull();
  });

  test("nothing said is nothing sent, and escape goes back", () => {
    expect(typing("m  \r", full)).toMatchObject({ ui: { over: null }, wishes: [] });
    expect(typing("mhi\u001b", full)).toMatchObject({ ui: { over: null }, wishes: [] });
  });

  test("not among the requests, where letters answer", () => {
    expect(typing("\tm", full).ui.over).toBeNull();
  });
});

describe("filters", () => {
  test("p leafs through the projects", () => {
    const at = (presses: number) => typing("p".repeat(presses), full).ui.project;
    expect([at(0), at(1), at(2), at(3), at(4)]).toEqual([undefined, "docs", "shop", null, undefined]);
  });

  test("/ takes letters, q among them, until enter", () => {
    expect(typing("/quick\u007f", full).ui).toMatchObject({ filter: "quic", typing: true });
    expect(typing("/q\r", full)).toMatchObject({ ui: { filter: "q", typing: false }, wishes: [] });
    expect(typing("/q\u001b", full).ui).toMatchObject({ filter: "", typing: false });
    expect(typing("/\u001b[200~two\nlines\u001b[201~", full).ui.filter).toBe("two ⏎ lines");
  });
});

describe("reading", () => {
  test.each([
    [down, 1],
    ["jjj", 3],
    [" ", 5],
    ["   ", 12],
    ["G", 12],
    ["Gkk", 10],
    ["Gg", 0],
    ["k", 0],
  ])("%j scrolls to row %d, and no further than the text goes", (keys, top) => {
    expect(typing(`?${keys}`, full).ui.over).toEqual({ kind: "help", top });
  });

  test("a screen that was made larger leaves nothing to scroll back first", () => {
    const ui: Ui = { ...atStart, over: { kind: "help", top: 90 } };
    expect(typing("k", full, ui).ui.over).toEqual({ kind: "help", top: 11 });
  });

  test.each(["\u001b", "q", "\r", "?"])("%j closes the help and ends nothing", (key) => {
    expect(typing(`?${key}`, full)).toMatchObject({ ui: { over: null }, wishes: [] });
  });
});

test.each([
  ["q", "quit"],
  ["\u0003", "quit"],
  ["?\u0003", "quit"],
  ["/\u0003", "quit"],
  ["\u000c", "redraw"],
  ["\u001a", "suspend"],
] as const)("%j: %s", (keys, kind) => {
  expect(typing(keys, full).wishes).toEqual([{ kind }]);
});

test("what came of a key stands until the next", () => {
  const ui: Ui = { ...atStart, note: { text: "done", tone: "good" } };
  expect(typing("j", full, ui).ui.note).toBeNull();
});
