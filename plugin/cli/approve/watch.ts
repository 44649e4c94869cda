import { timeOfDay } from "../../core/clock.ts";
import type { Terminal } from "../command.ts";
import { keepLooking, stopOf } from "../poll.ts";
import type { Store } from "../store.ts";
import { paint } from "../terminal/paper.ts";
import { json } from "../terminal/plain.ts";
import { asJson, forgedText, inOneLine, listing } from "./listing.ts";
import { type Requests, requestsOf } from "./requests.ts";

// A session that was killed writes nothing, and the times shown grow old.
const atLeastEveryMs = 5_000;

// A screen of its own without a cursor, and back: what stood there before is there again.
const enter = "\u001b[?1049h\u001b[?25l";
const leave = "\u001b[?25h\u001b[?1049l";
const home = "\u001b[H";
const restOfLine = "\u001b[K";
const restOfScreen = "\u001b[J";

/** Shows open requests until somebody ends it. */
export async function watch(terminal: Terminal, store: Store, forScript: boolean): Promise<number> {
  const drawn = terminal.screen && terminal.env.TERM !== "dumb" && !forScript;
  const show = drawn ? screenOf(terminal) : linesOf(terminal, forScript);
  const stop = stopOf(terminal);
  if (drawn) terminal.out(enter);
  try {
    await keepLooking({ terminal, bus: store.bus, stop, atLeastEveryMs }, async () => {
      show(await requestsOf(store, "open"));
      return true;
    });
  } finally {
    if (drawn) terminal.out(leave);
  }
  return 0;
}

type Show = (requests: Requests) => void;

function screenOf(terminal: Terminal): Show {
  return ({ list, forged }) => {
    const now = terminal.clock.now();
    const count = list.length === 0 ? "Nothing waits for an answer" : `${list.length} waiting`;
    const head = [
      `${paint(terminal, "bold", count)} · ${timeOfDay(now)} · Ctrl-C ends`,
      ...(forged > 0 ? [paint(terminal, "yellow", forgedText(forged))] : []),
      "",
    ];
    const lines = [...head, ...listing(list, now, terminal).trimEnd().split("\n")];
    const fits = lines.length <= terminal.rows;
    const shown = fits
      ? lines
      : [...lines.slice(0, terminal.rows - 1), "… more below; cc-dm approvals lists all"];
    terminal.out(`${home}${shown.map((line) => `${line}${restOfLine}`).join("\r\n")}${restOfScreen}`);
  };
}

function linesOf(terminal: Terminal, forScript: boolean): Show {
  const told = new Set<string>();
  let warned = 0;
  return ({ list, forged }) => {
    const now = terminal.clock.now();
    for (const one of list) {
      if (told.has(one.request.id)) continue;
      told.add(one.request.id);
      terminal.out(forScript ? `${json(asJson(one, now), 0)}\n` : inOneLine(one));
    }
    if (forged > warned) terminal.err(`cc-dm: ${forgedText(forged)}\n`);
    warned = Math.max(warned, forged);
  };
}
