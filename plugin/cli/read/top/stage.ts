import type { Clock } from "../../../core/clock.ts";
import { frame } from "../../../view/frame.ts";
import { readKeys } from "../../../view/keys.ts";
import { difference, row } from "../../../view/paint.ts";
import { press } from "../../../view/press.ts";
import type { Reach } from "../../../view/reading.ts";
import { nothingYet, type Scene } from "../../../view/scene.ts";
import type { Note, Ui, Wish } from "../../../view/ui.ts";
import type { Screen } from "../../terminal/screen.ts";

/** What stands on the screen, and what the person does there. */
export interface Stage {
  readonly show: (scene: Scene) => void;
  /** The scene of the last `show`, drawn as it is now. */
  readonly draw: () => void;
  /** The same on a screen of which nothing is known. */
  readonly redraw: () => void;
  readonly typed: (text: string) => void;
  readonly note: (note: Note) => void;
  /** Keeps a text that could not be sent. */
  readonly unsent: (message: NonNullable<Ui["unsent"]>) => void;
  readonly scene: () => Scene;
  readonly ui: () => Ui;
}

export interface Staging {
  readonly clock: Clock;
  readonly colour: boolean;
  readonly screen: () => Screen;
  readonly ui: Ui;
  readonly grant: (wish: Wish) => void;
  /** Runs what comes later; an error there ends the view as any other. */
  readonly guarded: (run: () => void) => void;
}

// How long an escape may wait for the rest of a key.
const pieceMs = 40;

export function stage({ clock, colour, screen, grant, guarded, ui: first }: Staging): Stage {
  let ui = first;
  let scene: Scene = { ...nothingYet, now: clock.now() };
  let shown: readonly string[] = [];
  let reach: Reach = { page: 1, top: 0, lastTop: 0 };
  let rest = "";

  function draw(): void {
    const next = frame({ ...scene, now: clock.now() }, ui, screen().size());
    const rows = next.lines.map((one) => row(one, colour));
    screen().write(difference(shown, rows));
    shown = rows;
    reach = next.reach;
  }

  function take(text: string, all: boolean): void {
    const read = readKeys(rest + text, all);
    rest = read.rest;
    for (const key of read.keys) {
      const pressed = press(ui, key, scene, reach);
      ui = pressed.ui;
      if (pressed.wish !== null) grant(pressed.wish);
    }
    if (read.keys.length > 0) draw();
    if (rest === "" || all) return;
    const waits = rest;
    void clock.sleep(pieceMs).then(() => {
      if (rest === waits) guarded(() => take("", true));
    });
  }

  return {
    draw,
    redraw() {
      shown = [];
      draw();
    },
    show(next) {
      scene = next;
    },
    typed: (text) => take(text, false),
    note(note) {
      ui = { ...ui, note };
      draw();
    },
    unsent(message) {
      ui = { ...ui, unsent: message };
    },
    scene: () => scene,
    ui: () => ui,
  };
}
