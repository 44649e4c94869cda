import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { frame } from "../../plugin/view/frame.ts";
import { widthOfLine } from "../../plugin/view/text.ts";
import { atStart, type Over, type Ui } from "../../plugin/view/ui.ts";
import { waitsIn } from "../../plugin/view/waits.ts";
import { entry, minute, now, party, request, scene, textOf } from "./scenes.ts";

const draw = (shown: ReturnType<typeof scene>, ui: Partial<Ui> = {}, columns = 100, rows = 16) =>
  textOf(frame(shown, { ...atStart, ...ui }, { columns, rows }).lines);

const messages = [
  entry(
    "planner",
    { backend: "seen" },
    { body: "Is it\ngreen?", type: "question", sentAt: now - 4 * minute },
  ),
  entry("planner", { backend: "queued", テスト: "seen" }, { body: "standup" }),
];
const full = scene({
  sessions: [
    party("planner", { role: "lead", project: "shop", presence: "busy", on: "Bash" }),
    party("backend", { project: "shop", presence: "blocked", on: "Edit", unread: 2, reach: "turn" }),
    party("テスト"),
  ],
  requests: [request("kxqpa", { name: "backend", subject: "npm publish\nrm -rf ~" })],
  messages,
  waits: waitsIn(messages, now),
});

test("everything on one screen, aligned", () => {
  expect(draw(full)).toBe(
    ` cc-dm  3 sessions · 1 to decide                                                              14:03
━ Sessions 3 ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
› planner  lead    shop  busy Bash 3 min               wake  → backend no answer 4 min
  backend  worker  shop  blocked Edit 3 min  2 unread  turn
  テスト   worker        idle 3 min                    wake
─ Permissions 1 ────────────────────────────────────────────────────────────────────────────────────
  kxqpa  backend  Bash  1 min  npm publish ⏎ rm -rf ~
─ Messages ─────────────────────────────────────────────────────────────────────────────────────────
  13:59  planner → backend  question  seen      Is it ⏎ green?
  14:02  planner → all (2)            seen 1/2  standup





 tab part   ↑↓ move   enter open   m message   p project   / filter   ? help   q quit`,
  );
});

test("tells of mail for the person, and where there is room how to read it", () => {
  const shown = { ...full, forPerson: 2 };
  expect(draw(shown).split("\n")[0]).toStartWith(
    " cc-dm  3 sessions · 1 to decide · 2 for you: cc-dm inbox   ",
  );
  expect(draw(shown, {}, 60).split("\n")[0]).toStartWith(" cc-dm  3 sessions · 1 to decide · 2 for you   ");
});

test("in forty columns and ten rows", () => {
  expect(draw(full, { pane: "requests" }, 40, 10)).toBe(
    ` cc-dm  3 sessions · 1 to decide  14:03
─ Sessions 3 ───────────────────────────
  planner  busy Bash 3 min
━ Permissions 1 ━━━━━━━━━━━━━━━━━━━━━━━━
› kxqpa  backend  Bash  1 min  npm publ…
─ Messages ─────────────────────────────
  planner → backe…  seen      Is it ⏎ g…
  planner → all (…  seen 1/2  standup

 enter open  m message  ? help  q quit`,
  );
});

test("a request in full: what it does, where, what to beware of, every line of its input", () => {
  const asked = request("kxqpa", {
    input: "command: ls\n\u001b[2Jrm -rf ~\u202e",
    warnings: ["It holds characters that cannot be shown."],
    description: "List files",
  });
  const text = draw(
    scene({ requests: [asked] }),
    { over: { kind: "request", id: asked.id, top: 0 } },
    60,
    20,
  );
  expect(text).toContain("kxqpa  api asks to use Bash");
  expect(text).toContain("It holds characters that cannot be shown.");
  expect(text).toContain("│ List files");
  expect(text).toContain("│ command: ls\n  │ rm -rf ~");
  expect(text).toContain("y allow   n deny");
  const doubted = scene({ requests: [asked], doubt: "it was started by Claude Code" });
  const looked = draw(doubted, { over: { kind: "request", id: asked.id, top: 0 } }, 60, 20);
  expect(looked).toContain("to look at only: it was started by Claude Code");
  expect(looked).not.toContain("y allow");
});

test("what is longer than the screen tells how much is below", () => {
  const asked = request("kxqpa", { input: Array.from({ length: 50 }, (_, i) => `line ${i}`).join("\n") });
  const open = (top: number): Over => ({ kind: "request", id: asked.id, top });
  const shown = scene({ requests: [asked] });
  expect(draw(shown, { over: open(0) }, 60, 12)).toContain("more below");
  const end = draw(shown, { over: open(1_000) }, 60, 12);
  expect(end).toContain("line 49");
  expect(end).not.toContain("more below");
});

test("a message opens where it stands in its thread; those before it are a scroll away", () => {
  const thread = Array.from({ length: 9 }, (_, i) => entry("a", { b: "seen" }, { body: `number ${i}.` }));
  const shown = scene({ messages: thread, thread });
  const id = thread[4]?.message.id ?? "";
  const opened = draw(shown, { over: { kind: "message", id, top: null } }, 60, 12);
  expect(opened.split("\n")[1]).toStartWith("› a → b");
  expect(opened).toContain("number 4.");
  expect(opened).not.toContain("number 3.");
  expect(draw(shown, { over: { kind: "message", id, top: 0 } }, 60, 12)).toContain("number 0.");
});

test.each([
  ["session", "This session is gone."],
  ["message", "This message is not kept any more."],
  ["request", "Nobody waits for this answer any more."],
] as const)("an open %s that is gone: %s", (kind, text) => {
  expect(draw(scene(), { over: { kind, id: "x", top: 0 } })).toContain(text);
});

describe("trouble with the bus", () => {
  test("without anything to show it has the screen", () => {
    expect(draw(scene({ trouble: "There is no bus at ~/.cc-dm/bus.db." }))).toContain("There is no bus");
  });
  test("over an older look it stands above", () => {
    const text = draw({ ...full, trouble: "~/.cc-dm/bus.db is locked." });
    expect(text).toContain("not up to date");
    expect(text.split("\n")[1]).toBe(" ~/.cc-dm/bus.db is locked.");
    expect(text).toContain("planner");
  });
});

test("the newest messages are shown where there are more than rows, and the one chosen", () => {
  const many = Array.from({ length: 50 }, (_, i) => entry("a", { b: "seen" }, { body: `number ${i}.` }));
  const shown = scene({ sessions: [party("a")], messages: many });
  expect(draw(shown)).toContain("number 49.");
  expect(draw(shown)).not.toContain("number 10.");
  const chosen = { ...atStart.chosen, messages: many[10]?.message.id ?? "" };
  expect(draw(shown, { pane: "messages", chosen })).toContain("number 10.");
});

const foreign = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("日", "👩‍👩‍👧‍👦", "\u001b[2J", "\u202e", "\n", "\t", "a", "\u0301") }),
);

test("whatever strangers write and however large the screen: as many rows as it has, none wider", () => {
  const overs = (id: string): readonly (Over | null)[] => [
    null,
    { kind: "help", top: 3 },
    { kind: "session", id: "id-x", top: 0 },
    { kind: "request", id: "01REQUESTkxqpa", top: 2 },
    { kind: "reason", id: "01REQUESTkxqpa", top: 0, text: "no" },
    { kind: "message", id, top: 0 },
  ];
  fc.assert(
    fc.property(
      foreign,
      fc.integer({ min: 1, max: 130 }),
      fc.integer({ min: 1, max: 40 }),
      fc.nat({ max: 5 }),
      fc.constantFrom("sessions", "requests", "messages"),
      (text, columns, rows, which, pane) => {
        const message = entry(
          text,
          { [text]: "handed" },
          { body: text.repeat(3), threadId: text, fromProject: text },
        );
        const shown = scene({
          sessions: [
            party("x", { name: text, role: text, project: text, on: text, cwd: text, branch: text }),
          ],
          requests: [
            request("kxqpa", {
              name: text,
              tool: text,
              subject: text,
              where: text,
              input: text,
              description: text,
            }),
          ],
          messages: [message],
          waits: waitsIn([message], now),
          forged: 2,
        });
        const over = overs(message.message.id)[which] ?? null;
        const { lines } = frame(shown, { ...atStart, over, pane, filter: "" }, { columns, rows });
        expect(lines.length).toBe(rows);
        for (const line of lines) expect(widthOfLine(line)).toBeLessThanOrEqual(columns);
      },
    ),
    { numRuns: 300 },
  );
});
