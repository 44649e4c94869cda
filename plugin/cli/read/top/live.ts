import { isDmError } from "../../../core/errors.ts";
import { fold } from "../../../core/names.ts";
import { nothingYet, type Scene } from "../../../view/scene.ts";
import { atStart, type Wish } from "../../../view/ui.ts";
import type { Asked } from "../../approve/requests.ts";
import { Refused, type Terminal } from "../../command.ts";
import type { Store } from "../../store.ts";
import type { Screen } from "../../terminal/screen.ts";
import { answer, say } from "./answer.ts";
import { type Line, lineTo } from "./line.ts";
import { seldomMs } from "./look.ts";
import { type Stage, stage } from "./stage.ts";

// What a receipt may take to tick. (`changed()` is 1.6 µs, but a process that wakes costs more.)
const pollMs = 250;
// Ages grow, and a session that was killed writes nothing. Drawn every second, an idle view cost twice as much.
const atLeastMs = 5_000;

type Done = Awaited<ReturnType<typeof answer>>;

/** Shows everything until the person ends it, or somebody else does. @returns the exit code. */
export async function live(terminal: Terminal, project: string | undefined): Promise<number> {
  const line = lineTo(terminal);
  const over = { now: false, failure: null as { readonly error: unknown } | null };
  const nap = { wake: () => {} };
  let asked: readonly Asked[] = [];

  const stop = () => {
    over.now = true;
    nap.wake();
  };
  const fail = (error: unknown) => {
    over.failure ??= { error };
    stop();
  };
  const guarded = (run: () => void) => {
    try {
      if (!over.now) run();
    } catch (error) {
      fail(error);
    }
  };

  const on: Stage = stage({
    clock: terminal.clock,
    colour: terminal.colour,
    screen: () => screen,
    ui: { ...atStart, project: project === undefined ? undefined : fold(project) || null },
    guarded,
    grant(wish) {
      if (wish.kind === "quit") stop();
      else if (wish.kind === "redraw") on.redraw();
      else if (wish.kind === "suspend") screen.suspend();
      else if (wish.kind === "decide") void doing((store) => decide(store, wish));
      else if (wish.kind === "send") void send(wish);
    },
  });

  /** Does what goes out to others, and shows what came of it. */
  async function doing(act: (store: Store) => Promise<Done>): Promise<boolean> {
    const note = (text: string, taken: boolean) => {
      guarded(() => on.note({ text, tone: taken ? "good" : "bad" }));
      return taken;
    };
    try {
      const reached = await line.reach();
      if ("trouble" in reached) return note(reached.trouble, false);
      const { text, taken } = await act(reached.store);
      return note(text, taken);
    } catch (error) {
      if (isDmError(error) || error instanceof Refused) return note(error.message, false);
      fail(error);
      return false;
    }
  }

  /** What could not be sent is there again with the next `m`. */
  async function send(wish: Extract<Wish, { kind: "send" }>): Promise<void> {
    const to = on.scene().sessions.find(({ id }) => id === wish.to)?.name ?? wish.to;
    const sent = await doing(async (store) => {
      const done = await say(terminal, store, wish);
      return done.taken ? done : { ...done, text: `${done.text}; m brings the text back` };
    });
    if (!sent) on.unsent({ to, text: wish.text });
  }

  async function decide(store: Store, wish: Extract<Wish, { kind: "decide" }>): Promise<Done> {
    const one = asked.find(({ request }) => request.id === wish.id);
    if (one === undefined) return { text: "Nobody waits for this answer any more.", taken: false };
    on.note({ text: `${one.request.letters} ${one.request.name}: answering…`, tone: "plain" });
    return answer(terminal, store, one, wish);
  }

  const screen: Screen = terminal.takeScreen({
    input: (text) =>
      guarded(() => {
        on.typed(text);
        if (isToRead(on)) nap.wake(); // what was opened is read at once
      }),
    changed: () => guarded(on.redraw),
    ended: stop,
    failed: fail,
  });
  void terminal.interrupted().then(stop);
  try {
    for (let looked = Number.NEGATIVE_INFINITY, drawn = looked, dueMs = 0; !over.now; ) {
      const { up } = terminal.clock;
      const before = on.scene();
      const isDue = Math.abs(up() - looked) >= dueMs;
      const found = await look(line, on, isDue);
      if (found !== null) {
        looked = up();
        dueMs = found.isWhole ? atLeastMs : seldomMs;
        asked = found.asked;
        on.show({ ...found.scene, now: terminal.clock.now() });
      }
      if (over.now) break;
      if (isNews(before, on.scene()) || Math.abs(up() - drawn) >= atLeastMs) {
        drawn = up();
        on.draw();
      }
      // A new promise every time: whatever is raced against one that lives on is kept by it.
      await new Promise<void>((resolve) => {
        nap.wake = resolve;
        void terminal.clock.sleep(pollMs).then(resolve);
      });
    }
  } finally {
    screen.leave();
    line.end();
  }
  if (over.failure !== null) throw over.failure.error;
  return 0;
}

/** What there is to show now; null: nothing new. @throws what waiting does not mend. */
async function look(
  line: Line,
  on: Stage,
  isDue: boolean,
): Promise<{ readonly scene: Scene; readonly asked: readonly Asked[]; readonly isWhole: boolean } | null> {
  const reached = await line.reach();
  if ("trouble" in reached) {
    // Of a bus that is locked the last look is better than none; of one that is gone it would be a lie.
    const last = reached.isThere ? on.scene() : nothingYet;
    return { scene: { ...last, trouble: reached.trouble }, asked: [], isWhole: true };
  }
  const { store, looker } = reached;
  try {
    const { over } = on.ui();
    if (!store.bus.changed() && !isDue && !isToRead(on)) return null;
    const { asked, isWhole, ...found } = await looker.look(over?.kind === "message" ? over.id : null);
    return { scene: { ...found, trouble: null, doubt: looker.doubt, now: 0 }, asked, isWhole };
  } catch (error) {
    if (!isDmError(error)) throw error;
    line.end(); // and the next look opens it anew, or tells what is wrong
    return { scene: { ...on.scene(), trouble: error.message }, asked: [], isWhole: true };
  }
}

/** A message is open that was not read yet. */
function isToRead(on: Stage): boolean {
  const { over } = on.ui();
  const { thread } = on.scene();
  return over?.kind === "message" && thread?.some(({ message }) => message.id === over.id) !== true;
}

/** Whether it is to be seen at once. Heartbeats alone write twice a second where fifty sessions are. */
function isNews(before: Scene, after: Scene): boolean {
  if (before === after) return false;
  const text = ({ trouble, requests, forPerson, sessions }: Scene) =>
    JSON.stringify([
      trouble,
      requests.map(({ id }) => id),
      forPerson,
      sessions.map(({ id, name, presence, on, unread }) => [id, name, presence, on, unread]),
    ]);
  return before.messages !== after.messages || after.thread !== before.thread || text(before) !== text(after);
}
