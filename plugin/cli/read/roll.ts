import { homedir } from "node:os";
import { cut, type Paper, pad, paint, widest, wrap } from "../terminal/paper.ts";
import { line } from "../terminal/plain.ts";
import { doing, type Person, painted, reachText, rolesOf } from "./people.ts";

const indent = "  ";

/** Sessions for a person: a line for each, and below it where it works, how mail gets there, for whom it waits. */
export function roll(list: readonly Person[], now: number, paper: Paper): string {
  return list
    .map((one) =>
      [heads(list, now, paper)(one), ...details(one, now, paper)].map((text) => `${text}\n`).join(""),
    )
    .join("");
}

/** The first lines alone. */
export function shortRoll(list: readonly Person[], now: number, paper: Paper): string {
  return list.map((one) => `${heads(list, now, paper)(one)}\n`).join("");
}

function heads(list: readonly Person[], now: number, paper: Paper): (one: Person) => string {
  const width = {
    name: widest(list.map(({ session }) => line(session.name))),
    doing: Math.min(40, widest(list.map((one) => doing(one, now)))),
    mail: widest(list.map(mailText)),
  };
  return (one) => {
    const name = line(one.session.name);
    const room = Math.max(8, paper.columns - width.name - 2);
    const what = cut(doing(one, now), Math.min(width.doing, room));
    const mail = mailText(one);
    const left = paper.columns - width.name - width.doing - width.mail - 6;
    const cells = [
      paint(paper, "bold", pad(name, width.name)),
      pad("", 0) + painted(paper, one.presence, pad(what, Math.min(width.doing, room))),
      ...(width.mail === 0 ? [] : [paint(paper, "yellow", pad(mail, width.mail))]),
      ...(left < 10 ? [] : [paint(paper, "dim", cut(rolesOf(one), left))]),
    ];
    return cells.join("  ").trimEnd();
  };
}

function mailText({ unread }: Person): string {
  return unread === null || unread === 0 ? "" : `✉${unread}`;
}

function details(one: Person, now: number, paper: Paper): readonly string[] {
  const { session, awaits } = one;
  const reach = reachText(one, now);
  const roles = rolesOf(one);
  const waits = awaits.map(({ name, count }) => `${line(name)} (${count})`).join(", ");
  const parts = [
    `${folderText(session.cwd)}${session.branch === null ? "" : ` on ${line(session.branch)}`}`,
    ...(paper.columns < 72 ? [roles] : []),
    ...(reach === "" ? [] : [reach]),
    ...(session.listed ? [] : ["not listed"]),
    ...(waits === "" ? [] : [`waits for ${waits}`]),
  ];
  return wrap(parts.join(" · "), paper.columns - indent.length).map(
    (text) => indent + paint(paper, "dim", cut(text, paper.columns - indent.length)),
  );
}

/** The person's home as `~`. */
export function folderText(cwd: string): string {
  const home = homedir();
  return line(cwd === home || cwd.startsWith(`${home}/`) ? `~${cwd.slice(home.length)}` : cwd);
}
