import { many } from "../../core/counts.ts";
import { isDmError } from "../../core/errors.ts";
import { homeFrom } from "../../core/home.ts";
import type { Receipt } from "../../core/model.ts";
import { subjectOf } from "../../policy/approval.ts";
import type { Terminal } from "../command.ts";
import { cut, firstLines, pad, paint, widest, wrap } from "../terminal/paper.ts";
import { line } from "../terminal/plain.ts";
import { brief, shortMoment } from "../terminal/times.ts";
import { folderText, shortRoll } from "./roll.ts";
import { ofSessions, overlong, type State, stateOf } from "./state.ts";

/** `cc-dm` alone: how things stand, in one screen, and what to do next. */
export async function front(terminal: Terminal): Promise<number> {
  try {
    terminal.out(screen(await stateOf(terminal), terminal));
  } catch (error) {
    if (!isDmError(error) || error.code !== "no_bus") throw error;
    terminal.out(welcome(terminal));
  }
  return 0;
}

type Hint = readonly [line: string, about: string];

function welcome(terminal: Terminal): string {
  const { folder } = homeFrom(terminal.env);
  return [
    ...wrap(
      `cc-dm ${terminal.version}: no session has run here yet; ${folderText(folder)} is where they will meet.`,
      terminal.columns,
    ),
    "",
    ...hints(terminal, [
      ["cc-dm demo", "watch four sessions talk; nothing else is touched"],
      ["cc-dm doctor", "is everything in place?"],
      ["CC_DM_SESSION_NAME=api claude", "start a session, and a second one of another name"],
      ["cc-dm --help", "all commands"],
    ]),
    "",
  ].join("\n");
}

// The prompt comes back below it, and what was typed stands above.
const around = 3;

function screen(state: State, terminal: Terminal): string {
  const now = terminal.clock.now();
  const next = ["", ...hints(terminal, nextOf(state))];
  const top = [...wrap(heading(state, terminal), terminal.columns), ""];
  const rest = [
    ...latelyLines(state, terminal, now),
    ...openLines(state, terminal, now),
    ...lateLines(state, terminal, now),
    ...doctorLines(state, terminal),
  ];
  const room = Math.max(3, terminal.rows - around - top.length - rest.length - next.length);
  const sessions = peopleLines(state, terminal, { now, room });
  return `${[...top, ...sessions, ...rest, ...next].join("\n")}\n`;
}

function heading({ people, waiting, open, kept, ...state }: State, terminal: Terminal): string {
  const unseen = ofSessions(waiting).reduce((sum, { count }) => sum + count, 0);
  const parts = [
    many(people.length, "session"),
    `${many(kept.today, "message")} today`,
    ...(state.forPerson === 0
      ? []
      : [paint(terminal, "yellow", `${state.forPerson} for ${state.isPerson ? "you" : "the user"}`)]),
    ...(unseen === 0 ? [] : [`${unseen} not seen yet`]),
    ...(open.length === 0 ? [] : [`${many(open.length, "request")} open`]),
  ];
  return `${paint(terminal, "bold", `cc-dm ${terminal.version}`)} · ${parts.join(" · ")}`;
}

function peopleLines({ people }: State, terminal: Terminal, { now, room }: { now: number; room: number }) {
  if (people.length === 0) return ["No session runs now."];
  const all = shortRoll(people, now, terminal);
  if (all.length <= room) return all;
  return [...all.slice(0, room - 1), `… and ${all.length - room + 1} more: cc-dm who`];
}

const mostLately = 5;

function latelyLines({ lately }: State, terminal: Terminal, now: number): readonly string[] {
  const shown = lately.slice(-mostLately);
  if (shown.length === 0) return [];
  const rows = shown.map(({ message, receipts }) => ({
    time: shortMoment(message.sentAt, now),
    who: `${line(message.fromName)} → ${line(message.recipients.length === 1 ? (message.recipients[0]?.name ?? "") : `${message.recipients.length} sessions`)}`,
    text: line(message.body.slice(0, 400)),
    state: fateOf(receipts),
  }));
  const wide = {
    time: widest(rows.map(({ time }) => time)),
    who: Math.min(widest(rows.map(({ who }) => who)), Math.floor(terminal.columns / 3)),
  };
  return [
    "",
    paint(terminal, "bold", "Lately"),
    ...rows.map(({ time, who, text, state }) => {
      const left = `${pad(time, wide.time)}  ${pad(cut(who, wide.who), wide.who)}  `;
      const room = terminal.columns - Bun.stringWidth(left) - Bun.stringWidth(state) - 2;
      return `${left}${cut(text, Math.max(4, room))}  ${paint(terminal, "dim", state)}`;
    }),
  ];
}

/** How far it has come with everybody it is for. */
function fateOf(receipts: readonly Receipt[]): string {
  const seen = receipts.filter(({ state }) => state === "seen" || state === "replied").length;
  if (receipts.length > 1) return `${seen} of ${receipts.length} seen`;
  return receipts[0]?.state ?? "";
}

const mostRequests = 4;

function openLines({ open }: State, terminal: Terminal, now: number): readonly string[] {
  if (open.length === 0) return [];
  const more = open.length - mostRequests;
  return [
    "",
    paint(terminal, "bold", "Waits for an answer"),
    ...open.slice(0, mostRequests).map(({ request }) => {
      const { letters, name, tool, input, askedAt } = request;
      const text = `${letters}  ${line(name)}: ${line(tool)} ${line(subjectOf(input).slice(0, 400))}`;
      const age = brief(now - askedAt);
      return `${paint(terminal, "yellow", cut(text, terminal.columns - age.length - 2))}  ${age}`;
    }),
    ...(more > 0 ? [`… and ${more} more: cc-dm approvals`] : []),
  ];
}

const mostLate = 4;

function lateLines({ waiting }: State, terminal: Terminal, now: number): readonly string[] {
  const late = overlong(waiting, now);
  if (late.length === 0) return [];
  const texts = late.slice(0, mostLate).map(({ name, count, since }) => {
    return cut(
      `${many(count, "message")} for ${line(name)}, the oldest for ${brief(now - since)}`,
      terminal.columns,
    );
  });
  const more = late.length - mostLate;
  return [
    "",
    paint(terminal, "bold", "Not seen yet"),
    ...texts,
    ...(more > 0 ? [`… and for ${more} more: cc-dm status`] : []),
  ];
}

const mostOfFinding = 3;

function doctorLines({ worst }: State, terminal: Terminal): readonly string[] {
  if (worst === null) return [];
  const { severity, found } = worst.finding;
  const lines = firstLines(`${severity}: ${line(found)}`, terminal.columns, mostOfFinding);
  return ["", ...lines.map((text) => paint(terminal, severity === "error" ? "red" : "yellow", text))];
}

function nextOf({ people, open, worst, forPerson, isPerson }: State): readonly Hint[] {
  const [first] = open;
  const name = people.find(({ presence }) => presence !== "closed")?.session.name ?? "NAME";
  return [
    ...(first === undefined
      ? []
      : ([[`cc-dm approve ${first.request.letters}`, "or deny; cc-dm approvals shows all of it"]] as const)),
    ...(forPerson === 0 || !isPerson
      ? []
      : ([["cc-dm inbox", `${many(forPerson, "message")} for you`]] as const)),
    ...(worst === null ? [] : ([["cc-dm doctor", "what is wrong, and how to mend it"]] as const)),
    ["cc-dm log --follow", "messages as they come"],
    [`cc-dm send ${line(name)} "…"`, "write to a session"],
    ["cc-dm --help", "all commands"],
  ];
}

// Of less one reads nothing.
const leastAbout = 30;

function hints(terminal: Terminal, list: readonly Hint[]): readonly string[] {
  const left = widest(list.map(([text]) => text));
  const room = terminal.columns - left - 4;
  if (room < leastAbout) return list.map(([text]) => `  ${paint(terminal, "cyan", text)}`);
  return list.map(
    ([text, about]) =>
      `  ${paint(terminal, "cyan", pad(text, left))}  ${paint(terminal, "dim", cut(about, room))}`,
  );
}
