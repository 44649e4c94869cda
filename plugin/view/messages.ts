import type { Entry } from "../bus/journal.ts";
import type { DeliveryState, EpochMs, Receipt } from "../core/model.ts";
import { type Column, table } from "./table.ts";
import { type Ink, inRow, type Line } from "./text.ts";
import { moment } from "./words.ts";

/** yellow is on its way, green was read, red came to nothing. */
export function inkOfState(state: DeliveryState): Ink | undefined {
  switch (state) {
    case "queued":
      return "dim";
    case "handed":
      return "yellow";
    case "seen":
    case "replied":
      return "green";
    case "expired":
    case "refused":
    case "quarantined":
      return "red";
  }
}

const ways: readonly DeliveryState[] = ["queued", "handed", "seen", "replied"];

/** How far a message has come: of one delivery its state, of several how many were seen. */
function receiptText(receipts: readonly Receipt[]): {
  readonly text: string;
  readonly ink: Ink | undefined;
} {
  const [only] = receipts;
  if (only === undefined) return { text: "", ink: undefined };
  if (receipts.length === 1) return { text: only.state, ink: inkOfState(only.state) };
  const seen = receipts.filter(({ state }) => ways.indexOf(state) >= 2).length;
  const lost = receipts.find(({ state }) => !ways.includes(state));
  const least = receipts.some(({ state }) => state === "queued") ? "queued" : "handed";
  return {
    text: `seen ${seen}/${receipts.length}`,
    ink: lost !== undefined ? "red" : inkOfState(seen === receipts.length ? "seen" : least),
  };
}

export function partiesText({ message }: Entry): string {
  const to =
    message.kind === "broadcast" || message.recipients.length > 2
      ? `all (${message.recipients.length})`
      : message.recipients.map(({ name }) => inRow(name)).join(", ");
  return `${inRow(message.fromName)} → ${to}`;
}

/** What kind of message it is, where that says something. */
export function kindText({ message: { kind, type, priority, inReplyTo } }: Entry): string {
  const what = kind === "notice" || kind === "request" ? kind : (type ?? (inReplyTo === null ? "" : "reply"));
  const urgency = priority === "urgent" || priority === "low" ? priority : "";
  return [urgency, what].filter(Boolean).join(" ");
}

export function messageRows(
  shown: readonly Entry[],
  all: readonly Entry[],
  now: EpochMs,
  width: number,
): readonly Line[] {
  const columns: readonly Column<Entry>[] = [
    {
      cell: ({ message }) => ({ text: moment(message.sentAt, now), ink: "dim" }),
      most: 5,
      least: 5,
      spare: 3,
    },
    { cell: (one) => ({ text: partiesText(one), ink: "bold" }), most: 34, least: 12, spare: 0 },
    {
      cell: (one) => ({ text: kindText(one), ink: one.message.priority === "urgent" ? "yellow" : "dim" }),
      most: 15,
      least: 6,
      spare: 4,
    },
    { cell: ({ receipts }) => receiptText(receipts), most: 11, least: 11, spare: 0 },
    {
      cell: ({ message }) => ({ text: inRow(message.body) }),
      most: Number.POSITIVE_INFINITY,
      least: 10,
      spare: 2,
    },
  ];
  return table(shown, columns, width, all);
}
