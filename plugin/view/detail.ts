import type { Entry } from "../bus/journal.ts";
import { brief, iso } from "../core/clock.ts";
import { inkOfState, kindText, partiesText } from "./messages.ts";
import type { Party, Request, Scene } from "./scene.ts";
import { inkOfPresence, presenceText, waitText } from "./sessions.ts";
import { type Ink, inRow, inRows, type Line } from "./text.ts";
import { moment } from "./words.ts";

const indent = "  ";
const mark = "› ";

function rows(text: string, width: number, ink?: Ink): readonly Line[] {
  return inRows(text, width - indent.length).map((one) => [{ text: indent }, { text: one, ink }]);
}

function fact(what: string, text: string, ink?: Ink): Line {
  return [{ text: indent }, { text: what.padEnd(10), ink: "dim" }, { text: inRow(text), ink }];
}

/** A request with its whole input, as a quotation: nothing in it is a word of ours. */
export function requestLines(request: Request, scene: Scene, width: number): readonly Line[] {
  const { letters, name, role, project, tool, askedAt, where, id, warnings, description, input } = request;
  const quoted = (text: string): readonly Line[] =>
    inRows(text, width - 4).map((one) => [
      { text: `${indent}│ `, ink: "dim" },
      { text: one, ink: "cyan" },
    ]);
  return [
    [
      { text: indent },
      { text: inRow(letters), ink: "bold" },
      { text: "  " },
      { text: inRow(name), ink: "bold" },
      { text: " asks to use " },
      { text: inRow(tool), ink: "yellow" },
    ],
    [],
    fact("who", [name, role, project].filter(Boolean).join(", ")),
    fact("where", where),
    fact("waits", brief(scene.now - askedAt)),
    fact("id", id),
    ...warnings.flatMap((text) => [[], ...rows(text, width, "yellow")]),
    ...(description.trim() === "" ? [] : [[], ...rows("Described as", width, "dim"), ...quoted(description)]),
    [],
    ...rows("Input", width, "dim"),
    ...quoted(input),
  ];
}

export function sessionLines(party: Party, scene: Scene, width: number): readonly Line[] {
  const { name, role, project, cwd, branch, id, version, reach, unread, quietUntil, presence } = party;
  const { waits } = scene;
  const mine = waits.filter(({ from }) => from === name);
  const others = waits.filter(({ to }) => to === name);
  return [
    [{ text: indent }, { text: inRow(name), ink: "bold" }],
    [],
    fact("is", presenceText(party, scene.now), inkOfPresence(presence)),
    fact("role", role),
    fact("project", project ?? "none"),
    fact("folder", cwd),
    ...(branch === null ? [] : [fact("branch", branch)]),
    fact("reached", reachText(reach)),
    ...(quietUntil === null ? [] : [fact("quiet", `until ${moment(quietUntil, scene.now)}`)]),
    fact("unread", String(unread)),
    fact("id", id),
    fact("cc-dm", version),
    ...section(
      "Waits for",
      mine.map((wait) => waitText(wait, scene.now)),
    ),
    ...section(
      "Waited for by",
      others.map((wait) => `${wait.from}, ${wait.why} ${brief(scene.now - wait.since)}`),
    ),
  ];

  function section(title: string, texts: readonly string[]): readonly Line[] {
    if (texts.length === 0) return [];
    return [[], ...rows(title, width, "dim"), ...texts.flatMap((text) => rows(text, width, "yellow"))];
  }
}

function reachText(reach: Party["reach"]): string {
  switch (reach) {
    case "push":
      return "at once, by the channel";
    case "wake":
      return "also while idle, by a wake";
    case "turn":
      return "with its next turn";
    case "pull":
      return "when it calls inbox";
    case "deaf":
      return "not: nothing handed over shows as read";
    case null:
      return "not told yet";
  }
}

/** A message and all that belongs to its thread, oldest first. */
export function threadLines(
  entries: readonly Entry[],
  id: string,
  scene: Scene,
  width: number,
): readonly Line[] {
  return entries.flatMap((entry, i) => [
    ...(i === 0 ? [] : [[]]),
    ...messageLines(entry, entry.message.id === id && entries.length > 1, scene, width),
  ]);
}

/** The row at which the message that was opened begins among those of its thread. */
export function openedAt(lines: readonly Line[]): number {
  return Math.max(
    0,
    lines.findIndex(([first]) => first?.text === mark),
  );
}

function messageLines(entry: Entry, isOpen: boolean, scene: Scene, width: number): readonly Line[] {
  const { message, receipts } = entry;
  const kind = kindText(entry);
  return [
    [
      { text: isOpen ? mark : indent, ink: "title" },
      { text: partiesText(entry), ink: "bold" },
      { text: ` · ${moment(message.sentAt, scene.now)}${kind === "" ? "" : ` · ${kind}`}`, ink: "dim" },
      ...(message.threadId === null
        ? []
        : [{ text: ` · thread ${inRow(message.threadId)}`, ink: "dim" as const }]),
    ],
    ...inRows(`${message.id} · ${iso(message.sentAt)}`, width - 2).map(
      (one): Line => [{ text: indent }, { text: one, ink: "dim" }],
    ),
    ...receipts.map(
      ({ name, state, path, handedAt, seenAt, offers }): Line => [
        { text: indent },
        { text: `${inRow(name)} `, ink: "dim" },
        { text: state, ink: inkOfState(state) },
        {
          text: [
            path === null ? "" : ` by ${path}`,
            handedAt === null ? "" : ` · handed after ${brief(handedAt - message.sentAt)}`,
            seenAt === null ? "" : ` · seen after ${brief(seenAt - message.sentAt)}`,
            offers > 1 ? ` · offered ${offers} times` : "",
          ].join(""),
          ink: "dim",
        },
      ],
    ),
    [],
    ...rows(message.body, width),
  ];
}
