import { many, size, someOf } from "../../core/counts.ts";
import type { Presence } from "../../core/model.ts";
import { type Paper, pad, paint, widest, wrap } from "../terminal/paper.ts";
import { line } from "../terminal/plain.ts";
import { brief } from "../terminal/times.ts";
import { folderText } from "./roll.ts";
import { ofSessions, overlong, type State } from "./state.ts";

type Fact = readonly [what: string, text: string, ink?: "yellow" | "red"];

/** The state as a list of facts, one below the other. */
export function factsText(state: State, now: number, paper: Paper): string {
  const rows = factsOf(state, now);
  const left = widest(rows.map(([what]) => what));
  return rows
    .flatMap(([what, text, ink]) =>
      wrap(text, paper.columns - left - 2).map((part, i) => {
        const shown = ink === undefined ? part : paint(paper, ink, part);
        return `${paint(paper, "bold", pad(i === 0 ? what : "", left))}  ${shown}\n`;
      }),
    )
    .join("");
}

function factsOf(state: State, now: number): readonly Fact[] {
  const { path, bytes, logBytes, schema, people, kept, worst } = state;
  const log = logBytes > 0 ? ` and ${size(logBytes)} of log` : "";
  return [
    ["bus", `${folderText(path)}, ${size(bytes)}${log}, schema ${schema}`],
    ["sessions", `${people.length} running${presences(state)}, ${kept.closed} closed`],
    ["messages", `${kept.today} today, ${kept.messages} kept`],
    ...ownFacts(state),
    ...mailFacts(state, now),
    ...openFacts(state, now),
    worst === null
      ? ["doctor", "all is well"]
      : [
          "doctor",
          `${worst.finding.severity}: ${line(worst.finding.found)}${worst.others === 0 ? "" : ` (and ${worst.others} more)`}. cc-dm doctor tells how to mend it.`,
          worst.finding.severity === "error" ? "red" : "yellow",
        ],
  ];
}

function presences({ people }: State): string {
  const counts = Map.groupBy(people, ({ presence }): Presence => presence);
  counts.delete("live"); // there, and nothing more known
  const texts = [...counts].map(([presence, of]) => `${of.length} ${presence}`);
  return texts.length === 0 ? "" : ` (${texts.join(", ")})`;
}

function ownFacts({ forPerson, isPerson }: State): readonly Fact[] {
  if (forPerson === 0) return [];
  return isPerson
    ? [["for you", `${many(forPerson, "message")}: cc-dm inbox`, "yellow"]]
    : [["for user", many(forPerson, "message")]];
}

function mailFacts({ waiting: all }: State, now: number): readonly Fact[] {
  const waiting = ofSessions(all);
  const sum = (piles: State["waiting"]) => piles.reduce((total, { count }) => total + count, 0);
  if (waiting.length === 0) return [["mail", "everything was seen"]];
  const handed = sum(waiting.filter(({ state }) => state === "handed"));
  const queued = sum(waiting) - handed;
  const parts = [
    ...(queued > 0 ? [`${queued} waiting`] : []),
    ...(handed > 0 ? [`${handed} handed over without a sign of being read yet`] : []),
  ];
  const late = overlong(waiting, now);
  const names = someOf(
    late.map((pile) => `${pile.count} for ${line(pile.name)} (${brief(now - pile.since)})`),
  );
  return [["mail", parts.join(", ")], ...(late.length === 0 ? [] : [["unseen", names, "yellow"] as const])];
}

function openFacts({ open }: State, now: number): readonly Fact[] {
  if (open.length === 0) return [["approvals", "nothing waits for an answer"]];
  const texts = open.map(
    ({ request }) =>
      `${request.letters} ${line(request.name)}: ${line(request.tool)} (${brief(now - request.askedAt)})`,
  );
  return [["approvals", `${many(open.length, "request")} open: ${someOf(texts)}`, "yellow"]];
}
