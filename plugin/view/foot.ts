import type { Scene } from "./scene.ts";
import { inRow, type Line } from "./text.ts";
import type { Ui } from "./ui.ts";

interface Below {
  /** Rows of what is open that stand below the screen. */
  readonly below: number;
}

/** The last row: what came of the last key, what is being typed, or which keys do something here. */
export function foot(scene: Scene, ui: Ui, { below }: Below, columns: number): Line {
  const { over, note } = ui;
  if (over?.kind === "reason") return typed("why not (enter denies, esc goes back): ", over.text, columns);
  if (over?.kind === "write") {
    const to = scene.sessions.find(({ id }) => id === over.id);
    if (to !== undefined) return typed(`to ${inRow(to.name)}: `, over.text, columns);
  }
  if (ui.typing) return typed("/", ui.filter, columns);
  if (note !== null) {
    const ink = note.tone === "good" ? "green" : note.tone === "bad" ? "yellow" : undefined;
    return [{ text: " " }, { text: inRow(note.text), ink }];
  }
  const more = below > 0 ? [{ text: ` ↓ ${below} more below `, ink: "yellow" as const }] : [];
  if (over?.kind === "request") {
    if (!scene.requests.some(({ id }) => id === over.id)) return [{ text: " " }, ...keys(["esc", "back"])];
    if (scene.doubt !== null)
      return [...more, { text: ` to look at only: ${inRow(scene.doubt)}`, ink: "yellow" }];
    return [...more, { text: " " }, ...keys(["y", "allow"], ["n", "deny"], ["esc", "back"])];
  }
  if (over !== null) {
    const write = over.kind === "session" || over.kind === "message" ? ([["m", "message"]] as const) : [];
    return [...more, { text: " " }, ...keys(["esc", "back"], ["↑↓", "scroll"], ...write)];
  }
  return [
    { text: " " },
    ...keys(
      ["tab", "part"],
      ["↑↓", "move"],
      ["enter", "open"],
      ["m", "message"],
      ["p", "project"],
      ["/", "filter"],
      ["?", "help"],
      ["q", "quit"],
    ),
  ];
}

function keys(...pairs: readonly (readonly [key: string, does: string])[]): Line {
  return pairs.flatMap(
    ([key, does]): Line => [
      { text: key, ink: "bold" },
      { text: ` ${does}   `, ink: "dim" },
    ],
  );
}

/** What is being typed; of a long text its end. */
function typed(what: string, text: string, columns: number): Line {
  const room = Math.max(8, columns - what.length - 4);
  const letters = [...text];
  const end = letters.length > room ? `…${letters.slice(1 - room).join("")}` : text;
  return [{ text: ` ${what}`, ink: "title" }, { text: inRow(end) }, { text: " ", ink: "chosen" }];
}
