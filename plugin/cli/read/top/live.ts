import { fold } from "../../../core/names.ts";
import { type Frame, frame } from "../../../view/frame.ts";
import { readKeys } from "../../../view/keys.ts";
import { difference, row } from "../../../view/paint.ts";
import { press } from "../../../view/press.ts";
import { nothingYet, type Scene } from "../../../view/scene.ts";
import { atStart, type Ui, type Wish } from "../../../view/ui.ts";
import type { Terminal } from "../../command.ts";
import type { Screen } from "../../terminal/screen.ts";
import { answer } from "./answer.ts";
import { line as lineTo } from "./line.ts";
import type { Found } from "./look.ts";

// `changed()` is 1.6 µs, so this is what a receipt may take to tick.
const pollMs = 200;
// Ages grow, and a session that was killed writes nothing.
const ageMs = 1_000;
const lookAtLeastMs = 5_000;
// How long an escape may wait for the rest of a key.
const pieceMs = 40;

/** Shows everything until the person ends it, or somebody else does. @returns the exit code. */
export async function live(terminal: Terminal, project: string | undefined): Promise<number> {
  const { clock } = terminal;
  const line = lineTo(terminal);
  const state = {
    ui: { ...atStart, ...(project === undefined ? {} : { project: fold(project) || null }) } as Ui,
    scene: { ...nothingYet, now: clock.now() } as Scene,
    found: null as Found | null,
    shown: [] as readonly string[],
    reach: { page: 1, lastTop: 0 } as Frame["reach"],
    rest: "",
    ended: false,
    failure: null as { readonly error: unknown } | null,
    wake: () => {},
  };
  const stop = () => {
    state.ended = true;
    state.wake();
  };
  const fail = (error: unknown) => {
    state.failure ??= { error };
    stop();
  };
  /** Runs what an event asks for; its error ends the view, as any other. */
  const guarded = (run: () => void) => {
    try {
      if (!state.ended) run();
    } catch (error) {
      fail(error);
    }
  };

  function draw(screen: Screen): void {
    const next = frame({ ...state.scene, now: clock.now() }, state.ui, screen.size());
    const rows = next.lines.map((one) => row(one, terminal.colour));
    screen.write(difference(state.shown, rows));
    state.shown = rows;
    state.reach = next.reach;
  }

  function typed(screen: Screen, text: string, all: boolean): void {
    const { keys, rest } = readKeys(state.rest + text, all);
    state.rest = rest;
    for (const key of keys) {
      const { ui, wish } = press(state.ui, key, state.scene, state.reach);
      // What was just opened is to be read at once.
      if (ui.over?.kind === "message" && state.ui.over === null) state.wake();
      state.ui = ui;
      if (wish !== null) grant(screen, wish);
      if (state.ended) return;
    }
    if (keys.length > 0) draw(screen);
    if (rest !== "" && !all)
      void clock.sleep(pieceMs).then(() => state.rest === rest && guarded(() => typed(screen, "", true)));
  }

  function grant(screen: Screen, wish: Wish): void {
    if (wish.kind === "quit") stop();
    else if (wish.kind === "redraw") state.shown = [];
    else if (wish.kind === "suspend") screen.suspend();
    else void decide(screen, wish);
  }

  async function decide(screen: Screen, wish: Extract<Wish, { kind: "decide" }>): Promise<void> {
    const note = (text: string, tone: "good" | "bad" | "plain") => {
      state.ui = { ...state.ui, note: { text, tone } };
      state.wake();
      draw(screen);
    };
    const asked = state.found?.asked.find(({ request }) => request.id === wish.id);
    try {
      const reached = await line.reach();
      if (asked === undefined || !("store" in reached)) return;
      note(`${asked.request.letters}: answering…`, "plain");
      const { text, taken } = await answer(terminal, reached.store, asked, wish);
      guarded(() => note(text, taken ? "good" : "bad"));
    } catch (error) {
      guarded(() => note(error instanceof Error ? error.message : String(error), "bad"));
    }
  }

  const screen = terminal.takeScreen({
    input: (text) => guarded(() => typed(screen, text, false)),
    changed: () =>
      guarded(() => {
        state.shown = [];
        draw(screen);
      }),
    ended: stop,
    failed: fail,
  });
  void terminal.interrupted().then(stop);
  try {
    for (let looked = Number.NEGATIVE_INFINITY, drawn = 0; !state.ended; ) {
      const reached = await line.reach();
      const up = clock.up();
      let fresh = false;
      if (!("store" in reached)) {
        fresh = state.scene.trouble !== reached.trouble;
        state.scene = { ...state.scene, trouble: reached.trouble };
      } else {
        const { store, looker } = reached;
        const open = state.ui.over?.kind === "message" ? state.ui.over.id : null;
        const wants =
          open !== null && state.scene.thread?.some(({ message }) => message.id === open) !== true;
        if (store.bus.changed() || wants || up - looked >= lookAtLeastMs) {
          looked = up;
          state.found = await looker.look(open);
          state.scene = { ...state.found, trouble: null, doubt: looker.doubt, now: clock.now() };
          fresh = true;
        }
      }
      if (state.ended) break;
      if (fresh || up - drawn >= ageMs) {
        drawn = up;
        draw(screen);
      }
      await new Promise<void>((resolve) => {
        state.wake = resolve;
        void clock.sleep(pollMs).then(resolve);
      });
    }
  } finally {
    screen.leave();
    line.end();
  }
  if (state.failure !== null) throw state.failure.error;
  return 0;
}
