import type { Size } from "./frame.ts";
import { chosenIn, idsOf, type Lists, panesOf } from "./lists.ts";
import { messageRows } from "./messages.ts";
import { requestRows } from "./requests.ts";
import type { Scene } from "./scene.ts";
import { sessionRows } from "./sessions.ts";
import { inRow, inRows, type Line, widthOfLine } from "./text.ts";
import type { Pane, Ui } from "./ui.ts";

// Of the screen, while the messages want the rest.
const mostOfSessions = 0.45;
const mostOfRequests = 0.25;
const margin = 2; // where the chosen one is marked
// Of the messages, those whose names decide how wide the columns are.
const forWidths = 100;

/** The parts below each other, each with a title. */
export function panes(scene: Scene, lists: Lists, ui: Ui, size: Size): readonly Line[] {
  if (scene.trouble !== null && scene.sessions.length === 0 && scene.messages.length === 0)
    return waiting(scene.trouble, size);
  const warning: readonly Line[] =
    scene.trouble === null ? [] : [[{ text: ` ${inRow(scene.trouble)}`, ink: "yellow" }]];
  const there = panesOf(scene);
  const focus = there.includes(ui.pane) ? ui.pane : "sessions";
  const heights = share(lists, there, focus, size.rows - there.length - warning.length);
  const parts = there.flatMap((pane) => [
    title(scene, lists, pane, pane === focus, size.columns),
    ...rowsOf(scene, lists, ui, pane, pane === focus, heights[pane], size.columns),
  ]);
  return [...warning, ...parts];
}

function waiting(trouble: string, { columns, rows }: Size): readonly Line[] {
  const rowsOf = (words: string, ink: "yellow" | "dim") =>
    inRows(words, columns - 4).map((one): Line => [{ text: `  ${one}`, ink }]);
  const text = [...rowsOf(trouble, "yellow"), [], ...rowsOf("It is looked for all the time.", "dim")];
  const above = Math.max(0, Math.floor((rows - text.length) / 3));
  return [...Array.from({ length: above }, (): Line => []), ...text];
}

/** How many rows each part gets. On a low screen the focused one has nearly all. */
export function share(
  lists: Lists,
  there: readonly Pane[],
  focus: Pane,
  rows: number,
): Readonly<Record<Pane, number>> {
  const wanted = (pane: Pane) => Math.max(1, idsOf(lists, pane).length);
  const isLow = rows < 5 * there.length;
  const most = (pane: Pane, part: number) =>
    isLow && pane === focus ? rows - (there.length - 1) : Math.max(1, isLow ? 1 : Math.floor(rows * part));
  const sessions = Math.min(wanted("sessions"), most("sessions", mostOfSessions));
  const requests = there.includes("requests")
    ? Math.min(wanted("requests"), most("requests", mostOfRequests))
    : 0;
  return { sessions, requests, messages: Math.max(1, rows - sessions - requests) };
}

const titles: Readonly<Record<Pane, string>> = {
  sessions: "Sessions",
  requests: "Permissions",
  messages: "Messages",
};

function title(scene: Scene, lists: Lists, pane: Pane, focused: boolean, columns: number): Line {
  const count = idsOf(lists, pane).length;
  const why = pane === "requests" && scene.doubt !== null ? " · to look at only" : "";
  const ink = focused ? "title" : "dim";
  const start: Line = [
    { text: focused ? "━ " : "─ ", ink },
    { text: titles[pane], ink },
    { text: `${pane === "messages" ? "" : ` ${count}`}${why} `, ink: "dim" },
  ];
  const rest = Math.max(0, columns - widthOfLine(start));
  return [...start, { text: (focused ? "━" : "─").repeat(rest), ink: "dim" }];
}

const nothing: Readonly<Record<Pane, string>> = {
  sessions: "No session is here.",
  requests: "Nothing waits for an answer.",
  messages: "No message yet.",
};

function rowsOf(
  scene: Scene,
  lists: Lists,
  ui: Ui,
  pane: Pane,
  focused: boolean,
  height: number,
  columns: number,
): readonly Line[] {
  const ids = idsOf(lists, pane);
  const fill = (lines: readonly Line[]) => [
    ...lines,
    ...Array.from({ length: Math.max(0, height - lines.length) }, (): Line => []),
  ];
  if (ids.length === 0) return fill([[{ text: `  ${nothing[pane]}`, ink: "dim" }]]);
  const at = chosenIn(ids, pane, ui);
  const from = window(ids.length, height, at, pane);
  const to = from + height;
  const width = columns - margin;
  const lines =
    pane === "sessions"
      ? sessionRows(lists.sessions.slice(from, to), lists.sessions, scene.waits, scene.now, width)
      : pane === "requests"
        ? requestRows(lists.requests.slice(from, to), lists.requests, scene.now, width)
        : messageRows(lists.messages.slice(from, to), lists.messages.slice(-forWidths), scene.now, width);
  return fill(lines.map((line, i) => marked(line, focused && from + i === at)));
}

function marked(line: Line, chosen: boolean): Line {
  return chosen
    ? [
        { text: "› ", ink: "title" },
        ...line.map((span) => ({
          ...span,
          ink: span.ink === "dim" || span.ink === undefined ? ("bold" as const) : span.ink,
        })),
      ]
    : [{ text: "  " }, ...line];
}

/** The first row shown, so that the chosen one is among them; of messages the newest, where none is chosen. */
function window(count: number, height: number, at: number, pane: Pane): number {
  const last = Math.max(0, count - height);
  if (at < 0) return pane === "messages" ? last : 0;
  return Math.max(0, Math.min(last, at - Math.floor(height / 2)));
}
