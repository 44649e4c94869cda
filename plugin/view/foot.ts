import { cut } from "../core/width.ts";
import type { Scene } from "./scene.ts";
import { endOf, inRow, type Line, widthOf, widthOfLine } from "./text.ts";
import type { Ui } from "./ui.ts";

interface Below {
  /** Rows of what is open that stand below the screen. */
  readonly below: number;
}

/** The last row: what came of the last key, what is being typed, or which keys do something here. */
export function foot(scene: Scene, ui: Ui, { below }: Below, columns: number): Line {
  const { over, note } = ui;
  if (over?.kind === "reason") {
    const what = columns < 80 ? "why not: " : "why not (enter denies, esc goes back): ";
    return typed(what, over.text, columns);
  }
  if (over?.kind === "write") {
    const to = scene.sessions.find(({ id }) => id === over.id);
    if (to !== undefined)
      return typed(`to ${cut(inRow(to.name), Math.floor(columns / 2))}: `, over.text, columns);
  }
  if (ui.typing) return typed("/", ui.filter, columns);
  if (note !== null) {
    const ink = note.tone === "good" ? "green" : note.tone === "bad" ? "yellow" : undefined;
    return [{ text: " " }, { text: inRow(note.text), ink }];
  }
  const moreText = ` ↓ ${below} ${columns < 60 ? "" : "more below "}`;
  const more: Line = below > 0 ? [{ text: moreText, ink: "yellow" }] : [];
  const room = columns - widthOfLine(more) - 1;
  if (over?.kind === "request") {
    if (!scene.requests.some(({ id }) => id === over.id)) return [{ text: " " }, ...keys(room, back)];
    if (scene.doubt !== null)
      return [...more, { text: ` to look at only: ${inRow(scene.doubt)}`, ink: "yellow" }];
    return [...more, { text: " " }, ...keys(room, ["y", "allow"], ["n", "deny"], back)];
  }
  if (over !== null) {
    const write = over.kind === "session" || over.kind === "message" ? [message] : [];
    return [...more, { text: " " }, ...keys(room, back, ["↑↓", "scroll"], ...write)];
  }
  return [{ text: " " }, ...keys(room, ...ofLists)];
}

type Key = readonly [key: string, does: string];

const back: Key = ["esc", "back"];
const message: Key = ["m", "message"];
const ofLists: readonly Key[] = [
  ["tab", "part"],
  ["↑↓", "move"],
  ["enter", "open"],
  message,
  ["p", "project"],
  ["/", "filter"],
  ["?", "help"],
  ["q", "quit"],
];

/** Which go where there is no room for all, the first of them first: what is guessed before what help tells, and that last. */
const spare = ["tab", "↑↓", "p", "/", "m", "enter"];

function keys(room: number, ...pairs: readonly Key[]): Line {
  const wide = laid(pairs, "   ");
  if (widthOfLine(wide) <= room) return wide;
  const close = laid(pairs, "  ");
  if (widthOfLine(close) <= room) return close;
  const least = spare.find((key) => pairs.some(([one]) => one === key));
  return least === undefined ? close : keys(room, ...pairs.filter(([key]) => key !== least));
}

function laid(pairs: readonly Key[], between: string): Line {
  return pairs.flatMap(
    ([key, does], i): Line => [
      { text: key, ink: "bold" },
      { text: ` ${does}${i < pairs.length - 1 ? between : ""}`, ink: "dim" },
    ],
  );
}

/** What is being typed; of a long text its end. */
function typed(what: string, text: string, columns: number): Line {
  const room = Math.max(8, columns - widthOf(what) - 3);
  return [
    { text: ` ${what}`, ink: "title" },
    { text: endOf(inRow(text), room) },
    { text: " ", ink: "chosen" },
  ];
}
