import type { Key, Named } from "./keys.ts";
import { chosenIn, idsOf, listsOf, panesOf, projectsOf } from "./lists.ts";
import { type Reach, readingKey, writing } from "./reading.ts";
import type { Scene } from "./scene.ts";
import { editing } from "./typing.ts";
import type { Over, Pane, Ui, Wish } from "./ui.ts";

export interface Pressed {
  readonly ui: Ui;
  readonly wish: Wish | null;
}

const longestFilter = 100;

/** What a key does. */
export function press(ui: Ui, key: Key, scene: Scene, reach: Reach): Pressed {
  const fresh: Ui = ui.note === null ? ui : { ...ui, note: null };
  if (key.name === "interrupt") return { ui: fresh, wish: { kind: "quit" } };
  if (key.name === "redraw" || key.name === "suspend") return { ui: fresh, wish: { kind: key.name } };
  if (fresh.typing) return stay(filterKey(fresh, key));
  if (fresh.over !== null) return readingKey(fresh, fresh.over, key, scene, reach);
  if (key.name === "paste") return stay(fresh); // nobody means a key by it
  return key.name === "text"
    ? letterKey(fresh, key.text, scene)
    : stay(paneKey(fresh, key.name, scene, reach));
}

function stay(ui: Ui): Pressed {
  return { ui, wish: null };
}

function filterKey(ui: Ui, key: Key): Ui {
  if (key.name === "enter") return { ...ui, typing: false };
  if (key.name === "escape") return { ...ui, typing: false, filter: "" };
  return { ...ui, filter: editing(ui.filter, key, longestFilter) };
}

function letterKey(ui: Ui, letter: string, scene: Scene): Pressed {
  switch (letter) {
    case "q":
      return { ui, wish: { kind: "quit" } };
    case "?":
    case "h":
      return stay({ ...ui, over: { kind: "help", top: 0 } });
    case "/":
      return stay({ ...ui, typing: true });
    case "p":
      return stay(nextProject(ui, scene));
    case "j":
      return stay(moved(ui, scene, 1));
    case "k":
      return stay(moved(ui, scene, -1));
    case "g":
      return stay(moved(ui, scene, Number.NEGATIVE_INFINITY));
    case "G":
      return stay(moved(ui, scene, Number.POSITIVE_INFINITY));
    case "m":
      return stay(ui.pane === "requests" ? ui : writing(ui, chosenId(ui, scene) ?? "", scene));
    case "y":
    case "n":
      // Never unread: the request opens first, whole, and is answered there.
      return stay(ui.pane === "requests" ? opened(ui, scene) : ui);
    default:
      return stay(ui);
  }
}

function paneKey(ui: Ui, key: Exclude<Named, "interrupt">, scene: Scene, { page }: Reach): Ui {
  switch (key) {
    case "up":
      return moved(ui, scene, -1);
    case "down":
      return moved(ui, scene, 1);
    case "page up":
      return moved(ui, scene, -page);
    case "page down":
      return moved(ui, scene, page);
    case "home":
      return moved(ui, scene, Number.NEGATIVE_INFINITY);
    case "end":
      return moved(ui, scene, Number.POSITIVE_INFINITY);
    case "tab":
    case "right":
      return nextPane(ui, scene, 1);
    case "back tab":
    case "left":
      return nextPane(ui, scene, -1);
    case "enter":
      return opened(ui, scene);
    case "escape":
      return { ...ui, filter: "", chosen: { ...ui.chosen, messages: null } };
    default:
      return ui;
  }
}

function nextPane(ui: Ui, scene: Scene, by: 1 | -1): Ui {
  const panes = panesOf(scene);
  const at = panes.indexOf(ui.pane);
  return { ...ui, pane: panes[(at + by + panes.length) % panes.length] ?? "sessions" };
}

function nextProject(ui: Ui, scene: Scene): Ui {
  const all = projectsOf(scene);
  const at = all.indexOf(ui.project);
  return { ...ui, project: all[(at + 1) % all.length] };
}

function moved(ui: Ui, scene: Scene, by: number): Ui {
  const ids = idsOf(listsOf(scene, ui), ui.pane);
  const at = chosenIn(ids, ui.pane, ui);
  // From one that is gone on to the first, or in the messages to the newest.
  const from = at >= 0 ? at : ui.pane === "messages" ? ids.length : -1;
  const next = Math.max(0, Math.min(ids.length - 1, from + by));
  // At the newest message the view follows again.
  const follows = ui.pane === "messages" && next === ids.length - 1;
  return { ...ui, chosen: { ...ui.chosen, [ui.pane]: follows ? null : (ids[next] ?? null) } };
}

function chosenId(ui: Ui, scene: Scene): string | undefined {
  const ids = idsOf(listsOf(scene, ui), ui.pane);
  return ids[chosenIn(ids, ui.pane, ui)];
}

function opened(ui: Ui, scene: Scene): Ui {
  const id = chosenId(ui, scene);
  if (id === undefined) return ui;
  // What is open stays chosen, whatever comes meanwhile.
  return { ...ui, chosen: { ...ui.chosen, [ui.pane]: id }, over: overOf(ui.pane, id) };
}

function overOf(pane: Pane, id: string): Over {
  switch (pane) {
    case "sessions":
      return { kind: "session", id, top: 0 };
    case "requests":
      return { kind: "request", id, top: 0 };
    case "messages":
      return { kind: "message", id, top: null };
  }
}
