import { brief, type Piece } from "../../conversation/brief.ts";
import { passagesOf } from "../../conversation/find.ts";
import type { Hit, OneTurn, Veil } from "../../conversation/read.ts";
import type { Turn } from "../../conversation/turn.ts";
import { dayOf, iso, timeOfDay } from "../../core/clock.ts";
import type { EpochMs } from "../../core/model.ts";
import { neutralise } from "../../core/neutral.ts";
import { cut, type Ink, type Paper, paint, wrap } from "../terminal/paper.ts";
import { line } from "../terminal/plain.ts";
import { shortMoment } from "../terminal/times.ts";

// Of a turn in short, in bytes: about two screens at most.
const shortBytes = 8_000;
const mostLines = 12;
const indent = "  ";

const givers = {
  person: "the user",
  message: "a message",
  notification: "a notice of the client",
  command: "a command",
  shell: "a shell line",
} as const;

/** A turn as a person reads it in a list, and as a script does. */
export const inShort = {
  text(turn: Turn, paper: Paper, veil: Veil): string {
    const { prompt, answer, tools, moreTools, notes } = brief(turn, shortBytes, veil);
    const inked = (ink: Ink, text: string) => paint(paper, ink, cut(text, paper.columns));
    const more = moreTools > 0 ? [`and ${moreTools} more`] : [];
    return lines([
      head(turn, paper),
      ...block(prompt, paper),
      ...[...tools.map(line), ...more].map((text) => inked("cyan", `${indent}· ${text}`)),
      ...notes.map((text) => inked("yellow", `${indent}(${line(text)})`)),
      ...(answer.text === "" ? [] : block(answer, paper, "> ")),
    ]);
  },
  json(turn: Turn, veil: Veil) {
    const { prompt, answer, tools, moreTools, notes } = brief(turn, Number.POSITIVE_INFINITY, veil);
    const plain = { prompt: prompt.text, answer: answer.text, tools, more_tools: moreTools, notes };
    return { ...aboutJson(turn), ...plain };
  },
};

/** One turn, all of it. */
export const inFull = {
  text({ turn, abandoned }: OneTurn, paper: Paper, veil: Veil): string {
    const taken = "It was taken back: the conversation does not go on from it.";
    const [prompt, ...rest] = passagesOf(turn);
    return lines([
      head(turn, paper),
      ...(abandoned ? [paint(paper, "yellow", taken)] : []),
      "",
      ...plain(veil(prompt?.text ?? "")),
      ...rest.flatMap(({ of, text }) => ["", paint(paper, "bold", `── ${line(of)}`), ...plain(veil(text))]),
    ]);
  },
  json(turn: Turn, veil: Veil) {
    const parts = passagesOf(turn).map(({ of, text }) => ({ of, text: veil(text) }));
    return { ...aboutJson(turn), parts };
  },
};

export function hitsPage(hits: readonly Hit[], paper: Paper, now: EpochMs): string {
  if (hits.length === 0) return "Nothing was found.\n";
  // The newest turn last, where the person looks; the texts of one turn as they came.
  return [...hits]
    .sort((a, b) => a.turn - b.turn)
    .map(({ turn, at, of, text }) => {
      const when = at === null ? "" : ` · ${shortMoment(at, now)}`;
      const first = `${paint(paper, "bold", `turn ${turn}`)}${when} · ${line(of)}`;
      return lines([first, ...block({ text, left: 0 }, paper)]);
    })
    .join("\n");
}

function aboutJson({ number, at, until, prompt: { by, from } }: Turn) {
  return {
    turn: number,
    at: at === null ? null : iso(at),
    until: until === null ? null : iso(until),
    by,
    from: from ?? [],
  };
}

function head({ number, at, prompt: { by, from = [] } }: Turn, paper: Paper): string {
  const who = by === "message" ? `a message of ${from.map(line).join(", ")}` : givers[by];
  const when = at === null ? "" : ` · ${dayOf(at)} ${timeOfDay(at)}`;
  return `${paint(paper, "bold", `turn ${number}`)}${when} · ${who}`;
}

function block({ text, left }: Piece, paper: Paper, mark = ""): readonly string[] {
  const room = paper.columns - indent.length - mark.length;
  const all = plain(text.trim()).flatMap((one) => wrap(one, room));
  const shown = all.slice(0, mostLines).map((one) => `${indent}${mark}${one}`);
  const hidden = all.length > mostLines || left > 0;
  return hidden ? [...shown, paint(paper, "dim", `${indent}${mark}… (--turn shows all)`)] : shown;
}

/** Foreign text line by line, harmless for a terminal. */
function plain(text: string): readonly string[] {
  return neutralise(text).replaceAll("\t", "    ").split("\n");
}

function lines(all: readonly string[]): string {
  return `${all.join("\n")}\n`;
}
