import { statSync } from "node:fs";
import { isDmError } from "../../core/errors.ts";
import { homeFrom } from "../../core/home.ts";
import type { Terminal } from "../command.ts";
import { keepLooking, pause, stopOf } from "../poll.ts";
import { type Store, withStore } from "../store.ts";
import { believer, forgedText, look } from "./believed.ts";
import type { Printer } from "./printer.ts";
import { type Sieve, stranger } from "./sieve.ts";
import { type Tail, tailOf } from "./tail.ts";

export interface Following {
  readonly sieve: Sieve;
  /** How many messages stand there to begin with. */
  readonly last: number;
  readonly show: Printer;
}

// Every commit is looked at when it comes; this is for a file that was moved away.
const atLeastEveryMs = 2_000;
// Short, so that a Ctrl-C is heard.
const patienceMs = 200;

/** Shows what comes until somebody ends it: waits for a bus that is not there yet, or locked, or was moved away. */
export async function follow(terminal: Terminal, following: Following): Promise<number> {
  const stop = stopOf(terminal);
  const say = onceOnly(terminal);
  const path = homeFrom(terminal.env).bus;
  let tail: Tail | null = null;
  let works = false;

  const goOn = async (store: Store) => {
    const file = inode(path);
    tail ??= await begin(terminal, store, following);
    const { bus } = store;
    const next = tail;
    await keepLooking({ terminal, bus, stop, atLeastEveryMs }, async () => {
      for (let more = true; more && !stop.now; ) {
        const news = await next.look(bus);
        more = news.more;
        works = true;
        say(null);
        following.show.changes(news.changes);
        following.show.messages(news.entries);
        if (news.forged > 0) terminal.err(`cc-dm: ${forgedText(news.forged)}\n`);
      }
      return inode(path) === file;
    });
  };

  const startAnew = () => {
    say(`The bus at ${path} was moved away or deleted; waiting for one.`);
    tail = tailOf(following.sieve, { shown: [], after: 0, believe: believer(homeFrom(terminal.env)) });
  };

  while (!stop.now) {
    try {
      await withStore(terminal, goOn, patienceMs);
      if (stop.now) break;
      startAnew();
    } catch (error) {
      if (!isDmError(error)) throw error;
      const { code, message } = error;
      const passes = code === "no_bus" || code === "bus_busy";
      // Perhaps another program has brought the bus to a newer schema: opening it again tells.
      if (!passes && code !== "bus_moved" && !(works && code === "bus_unavailable")) throw error;
      works = false;
      if (code === "bus_busy") say(`${message} Waiting.`);
      // Of one that went away that was said.
      else if (code === "no_bus" && tail === null)
        say(`There is no bus at ${path} yet; waiting for the first session.`);
      else if (code === "bus_moved") startAnew();
    }
    await pause(terminal, stop);
  }
  if (terminal.screen) terminal.out("\n"); // below the ^C
  return 0;
}

async function begin(terminal: Terminal, store: Store, { sieve, last, show }: Following): Promise<Tail> {
  const { bus, home } = store;
  const unknown = await stranger(store, sieve);
  if (unknown !== null) terminal.err(`cc-dm: ${unknown.message} Waiting for one.\n`);
  const believe = believer(home);
  const after = (await bus.journal({ limit: 1 })).at(-1)?.message.seq ?? 0;
  const { entries, forged } = await look(store, { ...sieve, before: after + 1, limit: last }, believe);
  show.messages(entries);
  if (entries.length === 0 && unknown === null && terminal.screen)
    terminal.err("cc-dm: no message yet; each is shown as it comes. Ctrl-C ends it.\n");
  if (forged > 0) terminal.err(`cc-dm: ${forgedText(forged)}\n`);
  return tailOf(sieve, { shown: entries, after, believe });
}

/** Says what is the matter once, and when it is over. */
function onceOnly({ err }: Terminal): (text: string | null) => void {
  let said: string | null = null;
  return (text) => {
    if (text !== null && text !== said) err(`cc-dm: ${text}\n`);
    if (text === null && said !== null) err("cc-dm: It is there again.\n");
    said = text;
  };
}

function inode(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? null;
}
