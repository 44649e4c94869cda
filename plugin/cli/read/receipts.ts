import type { Delivery, Entry } from "../../bus/journal.ts";
import { dayOf } from "../../core/clock.ts";
import type { EpochMs } from "../../core/model.ts";
import { command } from "../command.ts";
import { withStore } from "../store.ts";
import { envelope } from "../terminal/envelope.ts";
import { type Paper, pad, paint, widest, wrap } from "../terminal/paper.ts";
import { line } from "../terminal/plain.ts";
import { brief, exactMoment, took } from "../terminal/times.ts";
import { beginning, heading, messageJson, nameText } from "./entry.ts";
import { messageOf, onlyOperand } from "./find.ts";
import { allSeen, standingOf } from "./standing.ts";

export const receipts = command({
  details: `ID is a message's, or its beginning or end (six characters at least).
queued: it waits. handed: given to the receiver's client, without evidence yet that it was read. seen: with evidence. replied: answered. expired: never read in time. refused: the receiver takes nothing from this sender. quarantined: set aside as forged.
Exit code: 0 if all have seen it, 1 if not; 3 if the bus cannot be read, or there is no such message.`,
  operands: "ID",
  options: { json: { type: "boolean", about: "One JSON object instead of text" } },
  examples: [
    ["cc-dm receipts K3M9QX7B", "who has seen it, when, and what shows that"],
    ["until cc-dm receipts K3M9QX7B >/dev/null; do sleep 5; done", "wait for it in a script"],
  ],
  async run(terminal, { options, operands }) {
    const word = onlyOperand(operands, "receipts", "a message's ID");
    const entry = await withStore(terminal, (store) => messageOf(store, word));
    const now = terminal.clock.now();
    const seen = allSeen(entry);
    if (options.json === true) {
      const message = messageJson(entry);
      terminal.out(envelope(terminal, { all_seen: seen, ...message }));
    } else terminal.out(page(entry, now, terminal));
    return seen ? 0 : 1;
  },
});

function page(entry: Entry, now: EpochMs, paper: Paper): string {
  const { message } = entry;
  const day = `${dayOf(message.sentAt)}  ${message.id}`;
  const head = [paint(paper, "dim", day), ...heading(entry, paper), ...beginning(message, paper, 2), ""];
  const names = widest(entry.receipts.map(({ name }) => nameText(name)));
  const rows = entry.receipts.flatMap((one) => row(one, { entry, now, paper, names: Math.min(names, 24) }));
  return `${[...head, ...rows].join("\n")}\n`;
}

function row(
  receipt: Delivery,
  { entry, now, paper, names }: { entry: Entry; now: EpochMs; paper: Paper; names: number },
): readonly string[] {
  const { mark, word, ink } = standingOf(receipt.state);
  const front = `${mark} ${pad(nameText(receipt.name), names)}  `;
  const left = paper.columns < 60 ? 4 : Bun.stringWidth(front) + 13;
  const [first = "", ...rest] = wrap(details(receipt, entry.message.sentAt, now), paper.columns - left);
  const state = `${paint(paper, ink, mark)}${front.slice(mark.length)}${paint(paper, ink, pad(word, 11))}`;
  const below = (text: string) => `${" ".repeat(left)}${text}`;
  if (paper.columns < 60) return [state.trimEnd(), ...[first, ...rest].map(below)];
  return [`${state}  ${first}`.trimEnd(), ...rest.map(below)];
}

function details(receipt: Delivery, sentAt: EpochMs, now: EpochMs): string {
  const { state, path, offers, handedAt, seenAt, evidence, expiresAt } = receipt;
  const moment = (at: EpochMs) => `${exactMoment(at, now)} (after ${took(at - sentAt)})`;
  const evident =
    evidence === null
      ? []
      : [`${state === "refused" || state === "quarantined" ? "because" : "evidence"}: ${line(evidence)}`];
  const parts = [
    ...(path === null ? [] : [`by ${line(path)}`]),
    ...(offers > 1 ? [`offered ${offers} times`] : []),
    ...(handedAt === null ? [] : [`handed ${moment(handedAt)}`]),
    ...(seenAt === null ? [] : [`seen ${moment(seenAt)}`]),
    ...evident,
    ...(state === "queued" || state === "handed"
      ? [expiresAt > now ? `expires in ${brief(expiresAt - now)}` : "its time is over"]
      : []),
  ];
  return parts.join(" · ");
}
