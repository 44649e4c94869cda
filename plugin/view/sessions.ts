import { brief } from "../core/clock.ts";
import type { EpochMs, Presence } from "../core/model.ts";
import type { Party } from "./scene.ts";
import { type Column, table } from "./table.ts";
import { type Ink, inRow, type Line } from "./text.ts";
import type { Wait } from "./waits.ts";

/** green works, yellow waits for the person, red cannot be heard. */
export function inkOfPresence(presence: Presence): Ink | undefined {
  switch (presence) {
    case "busy":
      return "green";
    case "blocked":
      return "yellow";
    case "deaf":
      return "red";
    case "away":
    case "closed":
      return "dim";
    case "idle":
    case "live":
      return undefined;
  }
}

export function presenceText({ presence, on, since }: Party, now: EpochMs): string {
  return [presence, on === null ? "" : inRow(on), brief(now - since)].filter(Boolean).join(" ");
}

export function waitText({ to, why, since }: Wait, now: EpochMs): string {
  return `→ ${inRow(to)} ${why} ${brief(now - since)}`;
}

/** The longest wait of a session, and how many more it has. */
function waitsText(waits: readonly Wait[], now: EpochMs): string {
  const [first, ...others] = waits;
  if (first === undefined) return "";
  return `${waitText(first, now)}${others.length === 0 ? "" : ` +${others.length}`}`;
}

export function sessionRows(
  shown: readonly Party[],
  all: readonly Party[],
  waits: readonly Wait[],
  now: EpochMs,
  width: number,
): readonly Line[] {
  const waitsOf = (party: Party) => waits.filter(({ from }) => from === party.name);
  const columns: readonly Column<Party>[] = [
    { cell: ({ name }) => ({ text: inRow(name), ink: "bold" }), most: 24, least: 10, spare: 0 },
    { cell: ({ role }) => ({ text: inRow(role), ink: "dim" }), most: 12, least: 6, spare: 4 },
    { cell: ({ project }) => ({ text: inRow(project ?? ""), ink: "dim" }), most: 14, least: 6, spare: 3 },
    {
      cell: (one) => ({ text: presenceText(one, now), ink: inkOfPresence(one.presence) }),
      most: 26,
      least: 12,
      spare: 0,
    },
    {
      cell: ({ unread }) => ({ text: unread === 0 ? "" : `${unread} unread`, ink: "cyan" }),
      most: 12,
      least: 8,
      spare: 1,
    },
    {
      cell: ({ reach }) => ({ text: reach ?? "", ink: reach === "deaf" ? "red" : "dim" }),
      most: 5,
      least: 4,
      spare: 5,
    },
    { cell: (one) => ({ text: waitsText(waitsOf(one), now), ink: "yellow" }), most: 60, least: 14, spare: 2 },
  ];
  return table(shown, columns, width, all);
}
