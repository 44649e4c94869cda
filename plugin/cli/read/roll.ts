import { homedir } from "node:os";
import { cut, type Paper, pad, paint, widest, wrap } from "../terminal/paper.ts";
import { line } from "../terminal/plain.ts";
import { doing, type Person, painted, reachText, rolesOf } from "./people.ts";

const indent = "  ";

/** Sessions for a person: a line for each, and below it where it works, how mail gets there, for whom it waits. */
export function roll(list: readonly Person[], now: number, paper: Paper): string {
  const widths = widthsOf(list, now, paper);
  return list
    .map((one) => [head(one, now, { paper, widths }), ...details(one, now, { paper, widths })])
    .map((lines) => lines.map((text) => `${text}\n`).join(""))
    .join("");
}

/** The first lines alone. */
export function shortRoll(list: readonly Person[], now: number, paper: Paper): readonly string[] {
  const widths = widthsOf(list, now, paper);
  return list.map((one) => head(one, now, { paper, widths }));
}

interface Widths {
  readonly name: number;
  readonly doing: number;
  readonly mail: number;
  /** 0: there is no room for it. */
  readonly roles: number;
}

interface Layout {
  readonly paper: Paper;
  readonly widths: Widths;
}

const gap = 2;
// Of "blocked: Bash" something must be seen; of "planner, shop" too.
const leastDoing = 28;
const leastRoles = 10;

function widthsOf(list: readonly Person[], now: number, { columns }: Paper): Widths {
  const name = Math.min(widest(list.map(({ session }) => line(session.name))), Math.floor(columns / 3));
  const mail = widest(list.map(mailText));
  const room = columns - name - gap - (mail === 0 ? 0 : mail + gap);
  const wanted = { doing: widest(list.map((one) => doing(one, now))), roles: widest(list.map(rolesOf)) };
  if (wanted.doing + gap + wanted.roles <= room) return { name, mail, ...wanted };
  const doingWidth = Math.min(wanted.doing, Math.max(leastDoing, room - gap - wanted.roles), room);
  const roles = room - gap - doingWidth;
  if (roles >= Math.min(leastRoles, wanted.roles)) return { name, mail, doing: doingWidth, roles };
  return { name, mail, doing: Math.min(wanted.doing, room), roles: 0 };
}

function head(one: Person, now: number, { paper, widths }: Layout): string {
  const cell = (text: string, width: number) => pad(cut(text, width), width);
  const cells = [
    paint(paper, "bold", cell(line(one.session.name), widths.name)),
    painted(paper, one.presence, cell(doing(one, now), widths.doing)),
    ...(widths.mail === 0 ? [] : [paint(paper, "yellow", cell(mailText(one), widths.mail))]),
    ...(widths.roles === 0 ? [] : [paint(paper, "dim", cut(rolesOf(one), widths.roles))]),
  ];
  return cells.join(" ".repeat(gap)).trimEnd();
}

function mailText({ unread }: Person): string {
  return unread === null || unread === 0 ? "" : `✉${unread}`;
}

function details(one: Person, now: number, { paper, widths }: Layout): readonly string[] {
  const { session, awaits } = one;
  const reach = reachText(one, now);
  const waits = awaits.map(({ name, count }) => `${line(name)} (${count})`).join(", ");
  const parts = [
    `${folderText(session.cwd)}${session.branch === null ? "" : ` on ${line(session.branch)}`}`,
    ...(widths.roles === 0 ? [rolesOf(one)] : []),
    ...(reach === "" ? [] : [reach]),
    ...(session.listed ? [] : ["not listed"]),
    ...(waits === "" ? [] : [`waits for ${waits}`]),
  ];
  const room = paper.columns - indent.length;
  return wrap(parts.join(" · "), room).map((text) => indent + paint(paper, "dim", cut(text, room)));
}

/** The person's home as `~`. */
export function folderText(cwd: string): string {
  const home = homedir();
  return line(cwd === home || cwd.startsWith(`${home}/`) ? `~${cwd.slice(home.length)}` : cwd);
}
