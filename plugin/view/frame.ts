import { timeOfDay } from "../core/clock.ts";
import { many } from "../core/counts.ts";
import { openedAt, requestLines, sessionLines, threadLines } from "./detail.ts";
import { foot } from "./foot.ts";
import { helpLines } from "./help.ts";
import { idsOf, type Lists, listsOf } from "./lists.ts";
import { panes } from "./panes.ts";
import type { Reach } from "./reading.ts";
import type { Scene } from "./scene.ts";
import { fitLine, inRow, inRows, type Line, type Span, widthOfLine } from "./text.ts";
import type { Over, Ui } from "./ui.ts";

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export interface Frame {
  /** As many as the screen has rows, none wider than it. */
  readonly lines: readonly Line[];
  readonly reach: Reach;
}

const leastSize: Size = { columns: 40, rows: 10 };

/** The whole screen. */
export function frame(scene: Scene, ui: Ui, size: Size): Frame {
  const { columns, rows } = size;
  if (columns < leastSize.columns || rows < leastSize.rows) return tooSmall(size);
  const lists = listsOf(scene, ui);
  const room = rows - 2;
  const body =
    ui.over === null
      ? { lines: panes(scene, lists, ui, { columns, rows: room }), top: 0, lastTop: 0, below: 0 }
      : over(scene, ui.over, columns, room);
  const lines = [
    head(scene, lists, ui, columns),
    ...filled(body.lines, room),
    foot(scene, ui, body, columns),
  ];
  return {
    lines: lines.map((line) => fitLine(line, columns)),
    reach: { page: Math.max(1, room - 2), top: body.top, lastTop: body.lastTop },
  };
}

function filled(lines: readonly Line[], rows: number): readonly Line[] {
  return [
    ...lines.slice(0, rows),
    ...Array.from({ length: Math.max(0, rows - lines.length) }, (): Line => []),
  ];
}

function tooSmall({ columns, rows }: Size): Frame {
  const text = `cc-dm top needs ${leastSize.columns} × ${leastSize.rows}; this is ${columns} × ${rows}. Make the window larger, or press q.`;
  const lines = inRows(text, Math.max(1, columns)).map((one) => fitLine([{ text: one }], columns));
  return { lines: filled(lines, rows), reach: { page: 1, top: 0, lastTop: 0 } };
}

function head(scene: Scene, lists: Lists, ui: Ui, columns: number): Line {
  const { now, requests, forPerson, forged, trouble } = scene;
  const filters: readonly Span[] = [
    ...(ui.project === undefined
      ? []
      : [
          { text: " · " },
          {
            text: ui.project === null ? "no project" : `project ${inRow(ui.project)}`,
            ink: "title" as const,
          },
        ]),
    ...(ui.filter === "" && !ui.typing
      ? []
      : [{ text: " · " }, { text: `/${ui.filter}`, ink: "title" as const }]),
  ];
  const left: Line = [
    { text: " cc-dm", ink: "title" },
    { text: `  ${many(idsOf(lists, "sessions").length, "session")}` },
    ...(requests.length > 0
      ? [{ text: " · " }, { text: `${requests.length} to decide`, ink: "yellow" as const }]
      : []),
    ...(forPerson > 0
      ? [
          { text: " · " },
          { text: `${forPerson} for you${columns < 80 ? "" : ": cc-dm inbox"}`, ink: "yellow" as const },
        ]
      : []),
    ...filters,
    ...(forged > 0 ? [{ text: " · " }, { text: `${forged} forged`, ink: "red" as const }] : []),
    ...(trouble !== null && scene.sessions.length > 0
      ? [{ text: " · " }, { text: "not up to date", ink: "red" as const }]
      : []),
  ];
  const clock = timeOfDay(now);
  const kept = fitLine(left, columns - clock.length - 2);
  const blanks = columns - widthOfLine(kept) - clock.length - 1;
  return [...kept, { text: " ".repeat(Math.max(1, blanks)) }, { text: clock, ink: "dim" }];
}

function over(scene: Scene, open: Over, columns: number, rows: number) {
  const all = linesOf(scene, open, columns);
  const lastTop = Math.max(0, all.length - rows);
  const top = Math.min(open.top ?? openedAt(all), lastTop);
  return { lines: all.slice(top, top + rows), top, lastTop, below: all.length - top - rows };
}

function linesOf(scene: Scene, open: Over, columns: number): readonly Line[] {
  const gone = (what: string): readonly Line[] => [
    [],
    [{ text: `  ${what}` }],
    [],
    [{ text: "  esc goes back", ink: "dim" }],
  ];
  switch (open.kind) {
    case "help":
      return helpLines();
    case "session":
    case "write": {
      const party = scene.sessions.find(({ id }) => id === open.id);
      return party === undefined ? gone("This session is gone.") : sessionLines(party, scene, columns);
    }
    case "message": {
      const known = scene.messages.filter(({ message }) => message.id === open.id);
      const thread =
        scene.thread?.some(({ message }) => message.id === open.id) === true ? scene.thread : known;
      return thread.length === 0
        ? gone("This message is not kept any more.")
        : threadLines(thread, open.id, scene, columns);
    }
    case "request":
    case "reason": {
      const request = scene.requests.find(({ id }) => id === open.id);
      return request === undefined
        ? gone("Nobody waits for this answer any more.")
        : requestLines(request, scene, columns);
    }
  }
}
