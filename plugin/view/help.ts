import type { Line } from "./text.ts";

const keys: readonly (readonly [key: string, does: string])[] = [
  ["tab ← →", "next part: sessions, permissions, messages"],
  ["↑ ↓ j k", "move; page up, page down, home, end too"],
  ["enter", "open: a session, a request in full, a message with its thread"],
  ["esc", "back; in the lists: no filter, and follow the newest message"],
  ["y", "in an open request: allow it"],
  ["n", "in an open request: deny it, with a reason for the session"],
  ["m", "write to the session, or to who wrote the message; enter sends it as you"],
  ["p", "the next project, then all again"],
  ["/", "show only what holds a text"],
  ["ctrl-l", "draw anew"],
  ["q ctrl-c", "end"],
];

const words: readonly (readonly [word: string, means: string])[] = [
  ["queued", "waits for its session"],
  ["handed", "given to a path, no sign yet that it was read"],
  ["seen", "its session's model has it, with evidence"],
  ["replied", "and has answered"],
  ["unseen", "who wrote it waits: it was not seen"],
  ["no answer", "it was seen, and who wrote it has heard nothing"],
];

export function helpLines(): readonly Line[] {
  const pairs = (list: typeof keys): readonly Line[] =>
    list.map(([left, right]) => [{ text: `  ${left.padEnd(11)}`, ink: "bold" }, { text: right }]);
  return [
    [{ text: "  Keys", ink: "title" }],
    ...pairs(keys),
    [],
    [{ text: "  Words", ink: "title" }],
    ...pairs(words),
    [],
    [{ text: "  The newest messages only: cc-dm log and cc-dm search know all.", ink: "dim" }],
  ];
}
