import { iso } from "../../core/clock.ts";
import { lasted } from "../../core/counts.ts";
import type { EpochMs } from "../../core/model.ts";
import { wholeInput } from "../../core/permission.ts";
import { subjectOf } from "../../policy/approval.ts";
import { quote, readable } from "../../policy/petition.ts";
import { folderText } from "../read/roll.ts";
import { cut, firstLines, type Paper, pad, paint, widest, wrap } from "../terminal/paper.ts";
import { hidesSomething, line } from "../terminal/plain.ts";
import { shortMoment } from "../terminal/times.ts";
import type { Asked } from "./requests.ts";

const indent = "       "; // five letters and two blanks
const longestSubject = 4_000;
const mostLines = 3;

/** Requests for a person: who wants to use what, on which input, where, asked of whom. */
export function listing(list: readonly Asked[], now: EpochMs, paper: Paper): string {
  const rows = list.map((one) => ({ one, since: sinceOf(one, now), who: whoOf(one) }));
  const wide = { since: widest(rows.map(({ since }) => since)), who: widest(rows.map(({ who }) => who)) };
  return rows
    .map(({ one, since, who }) => {
      const { letters, tool } = one.request;
      const head = `${pad(since, wide.since)}  ${pad(who, wide.who)}  ${line(tool)}`;
      const room = paper.columns - indent.length;
      const lines = [
        `${paint(paper, "bold", letters)}  ${cut(head, room)}`,
        ...firstLines(subject(one), room, mostLines).map((text) => `${indent}${paint(paper, "cyan", text)}`),
        ...warnings(one).map((text) => `${indent}${paint(paper, "yellow", cut(text, room))}`),
        ...wrap(`${whereOf(one)} · ${one.request.id}`, room).map(
          (text) => `${indent}${paint(paper, "dim", text)}`,
        ),
      ];
      return `${lines.join("\n")}\n`;
    })
    .join("\n");
}

/** One request in one line, for a log. */
export function inOneLine(one: Asked): string {
  const { id, letters, tool, askedAt } = one.request;
  const text = line(subjectOf(one.request.input));
  return `${iso(askedAt)} ${letters} ${id} ${line(one.request.name)} ${line(tool)} ${cut(text, 200)}\n`;
}

/** All of one request, its whole input as a quotation. */
export function whole(one: Asked, now: EpochMs, paper: Paper): string {
  const { id, letters, tool, description, input } = one.request;
  const parts = [
    `${paint(paper, "bold", letters)}  ${whoOf(one)} asks to use ${paint(paper, "bold", line(tool))}, ${sinceOf(one, now)}`,
    `${indent}${whereOf(one)}\n${indent}${id}`,
    ...warnings(one).map((text) => paint(paper, "yellow", text)),
    description.trim() === "" ? "" : `Described as:\n${quote(description)}`,
    `Input:\n${quote(readable(input))}`,
  ];
  return `${parts.filter(Boolean).join("\n\n")}\n`;
}

/** The same for a script: foreign text as it is. */
export function asJson({ request, asked, live }: Asked, now: EpochMs) {
  const { settlement } = request;
  return {
    request_id: request.id,
    letters: request.letters,
    from: request.name,
    from_id: request.session,
    role: request.role,
    project: request.project,
    cwd: request.cwd,
    branch: request.branch,
    tool: request.tool,
    description: request.description,
    input: request.input,
    since: iso(request.askedAt),
    waits_s: settlement.state === "open" ? Math.round((now - request.askedAt) / 1000) : null,
    asked: [...asked, "user"],
    live,
    state: settlement.state,
    by: settlement.by,
    verdict: settlement.behavior,
    reason: settlement.reason,
    settled_at: settlement.at === null ? null : iso(settlement.at),
  };
}

function whoOf({ request: { name, role, project } }: Asked): string {
  return `${line(name)} (${line([role, project].filter(Boolean).join(", "))})`;
}

export function whereOf({ request: { cwd, branch }, asked }: Asked): string {
  const place = `${folderText(cwd)}${branch === null ? "" : ` on ${line(branch)}`}`;
  return `${place} · asked: ${[...asked, "you"].join(", ")}`;
}

function sinceOf({ request, live }: Asked, now: EpochMs): string {
  const { state, by, behavior } = request.settlement;
  if (state === "open") return `waits ${lasted(now - request.askedAt)}${live ? "" : ", its session is gone"}`;
  const how = behavior === "allow" ? "allowed" : behavior === "deny" ? "denied" : state;
  return `${shortMoment(request.askedAt, now)} ${how}${by === null ? "" : ` by ${line(by)}`} (${state})`;
}

/** What the tool acts on; the rest of its input by name, so that nobody takes this for all of it. */
function subject({ request: { input } }: Asked): string {
  const text = subjectOf(input);
  const rest = text.length - longestSubject;
  const shown = line(text.slice(0, longestSubject));
  const others = text === input ? "" : othersOf(input, text);
  return `${shown}${rest > 0 ? ` … ${rest} characters more` : ""}${others === "" ? "" : `  (and ${others})`}`;
}

function othersOf(input: string, text: string): string {
  const entries = Object.entries(JSON.parse(input) as Readonly<Record<string, unknown>>);
  const others = entries.filter(([key, value]) => value !== text && key !== "description");
  return line(others.map(([key]) => key).join(", "));
}

export function warnings({ request: { input, tool, description } }: Asked): readonly string[] {
  const hides = [readable(input), tool, description].some(hidesSomething);
  return [
    ...(hides ? ["It holds characters that cannot be shown: it may be another than it seems."] : []),
    ...(wholeInput(input) === null
      ? ["Perhaps not all of it: by the channel the client tells a beginning only."]
      : []),
  ];
}

export function forgedText(forged: number): string {
  return forged === 1
    ? "1 request is not what its session signed and is not shown: something writes to the bus past cc-dm."
    : `${forged} requests are not what their sessions signed and are not shown: something writes to the bus past cc-dm.`;
}
