import { lastTurns, masked, oneTurn, search, type Veil } from "../../conversation/read.ts";
import { iso } from "../../core/clock.ts";
import { DmError } from "../../core/errors.ts";
import { type OpenFile, openFile } from "../../host/source.ts";
import { conversationOf, type Readable, unknown, type Wanted, wantedText } from "../../policy/reading.ts";
import { command, refusedExit, type Terminal, Usage } from "../command.ts";
import { type Store, withStore } from "../store.ts";
import { envelope } from "../terminal/envelope.ts";
import { line } from "../terminal/plain.ts";
import { countOf } from "../terminal/when.ts";
import { type Voice, voiceOf } from "../voice.ts";
import { addressed } from "./addressed.ts";
import { hitsPage, inFull, inShort } from "./turns.ts";

const usual = 10;
const most = 10_000;
const mostTurns = 1_000_000;
const mostHits = 100;
const nothing = 1;

export const transcript = command({
  details: `SESSION is a name, a session's id or the first letters of one, or a folder; closed ones too.
A turn is a prompt and all until the next; its number stays its own. What looks like a secret (keys,
tokens, passwords) is masked, by patterns: that is a help, no guarantee. --raw shows everything.
Run by a session's shell it is refused: sessions have the tool "transcript", which asks you first.
Exit code: 0; 1 nothing was found; 3 it could not be read; 77 refused.`,
  operands: "SESSION",
  options: {
    last: { type: "string", short: "n", value: "N", about: `So many turns, the newest (${usual})` },
    search: {
      type: "string",
      short: "s",
      value: "TEXT",
      about: 'Where all these words stand in one text; "two words" as they stand',
    },
    turn: { type: "string", short: "t", value: "N", about: "This turn in full" },
    raw: { type: "boolean", about: "Secrets too" },
    json: { type: "boolean", about: "One JSON object instead of text" },
  },
  examples: [
    ["cc-dm transcript backend", "what went on there lately"],
    ["cc-dm transcript backend --search 'migration \"foreign key\"'", "where it came up"],
    ["cc-dm transcript backend --turn 12", "all of one turn"],
    ["cc-dm transcript backend --json | jq -r '.turns[-1].answer'", "its last answer, for a script"],
  ],
  run(terminal, { options, operands }) {
    const [name, ...others] = operands;
    if (name === undefined || others.length > 0)
      throw new Usage("transcript takes one SESSION; cc-dm who --all lists them.");
    const wanted: Wanted = {
      last: options.last === undefined ? undefined : countOf(options.last, { option: "last", most }),
      query: queryOf(options.search),
      turn:
        options.turn === undefined ? undefined : countOf(options.turn, { option: "turn", most: mostTurns }),
    };
    if (Object.values(wanted).filter((one) => one !== undefined).length > 1)
      throw new Usage("transcript takes one of --last, --search and --turn.");
    const shape = {
      veil: options.raw === true ? (text: string) => text : masked,
      forScript: options.json === true,
    };
    return withStore(terminal, (store) => read(terminal, store, name, wanted, shape));
  },
});

interface Shape {
  readonly veil: Veil;
  readonly forScript: boolean;
}

function queryOf(text: string | undefined): string | undefined {
  if (text !== undefined && !/[^\s"]/.test(text)) throw new Usage("--search needs a word to look for.");
  return text;
}

async function read(
  terminal: Terminal,
  store: Store,
  name: string,
  wanted: Wanted,
  shape: Shape,
): Promise<number> {
  const voice = await voiceOf({ ...store, env: terminal.env, pid: terminal.pid });
  if (voice.kind !== "person") return refuse(terminal, store, name, { wanted, voice });
  const found = await conversationOf(store.bus, await addressed(store, name, ", and no session."));
  const { target, given } = found;
  const source = await open(found);
  try {
    const exit = await show(terminal, source, { found, wanted, shape });
    if (!given)
      terminal.err(
        `cc-dm: "${line(target.name)}" keeps this from other sessions (CC_DM_TRANSCRIPT), not from you.\n`,
      );
    return exit;
  } finally {
    await source.close();
  }
}

async function open({ path, target }: Readable): Promise<OpenFile> {
  const source = await openFile(path).catch((cause: unknown) => {
    throw new DmError("no_transcript", `${line(path)} cannot be read: ${line(String(cause))}`, { cause });
  });
  if (source === null) throw unknown(target.name);
  return source;
}

/** A session's shell must not get round the click that its tool costs. */
async function refuse(
  terminal: Terminal,
  { bus, clock }: Store,
  name: string,
  { wanted, voice }: { readonly wanted: Wanted; readonly voice: Exclude<Voice, { kind: "person" }> },
): Promise<number> {
  const why = voice.kind === "session" ? `it runs inside the client of "${voice.session.name}"` : voice.why;
  const who = voice.kind === "session" ? voice.session.name : "cc-dm command";
  const detail = `transcript of "${line(name).slice(0, 80)}", ${wantedText(wanted)}: not taken for the user, ${why}`;
  await bus.audit({ at: clock.now(), request: "", kind: "refused", who, detail });
  terminal.err(
    `cc-dm: refused: ${line(why)}. A session reads another one's conversation with the tool "transcript" only, which asks its user. Nothing was read; the attempt is on record (cc-dm audit). If you are the user, run it in a terminal that no session opened.\n`,
  );
  return refusedExit;
}

interface Showing {
  readonly found: Readable;
  readonly wanted: Wanted;
  readonly shape: Shape;
}

async function show(terminal: Terminal, source: OpenFile, showing: Showing): Promise<number> {
  const { found, wanted, shape } = showing;
  const { veil, forScript } = shape;
  const { target, given, path } = found;
  const report = (rest: Readonly<Record<string, unknown>>) => {
    const of = { session: target.name, project: target.project, given, path, masked: veil === masked };
    terminal.out(envelope(terminal, { ...of, ...rest }));
  };
  if (wanted.query !== undefined) {
    const { hits, more, unread } = await search(source, { query: wanted.query, limit: mostHits, veil });
    if (forScript)
      report({ hits: hits.map(({ at, ...hit }) => ({ ...hit, at: at && iso(at) })), more, unread });
    else terminal.out(hitsPage(hits, terminal, terminal.clock.now()));
    if (more) terminal.err(`cc-dm: the newest ${hits.length}; older turns were not searched.\n`);
    tellUnread(terminal, unread);
    return hits.length === 0 ? nothing : 0;
  }
  if (wanted.turn !== undefined) {
    const one = await oneTurn(source, wanted.turn);
    if ("of" in one)
      throw new DmError(
        "unknown_turn",
        `"${line(target.name)}" has no turn ${wanted.turn}; ${one.of === 0 ? "nothing was said yet" : `its last is ${one.of}`}.`,
      );
    if (forScript) report({ turn: inFull.json(one.turn, veil), abandoned: one.abandoned });
    else terminal.out(inFull.text(one, terminal, veil));
    return 0;
  }
  const { turns, unread } = await lastTurns(source, wanted.last ?? usual);
  if (forScript) report({ turns: turns.map((turn) => inShort.json(turn, veil)), unread });
  else if (turns.length === 0) terminal.out("Nothing was said yet.\n");
  else terminal.out(turns.map((turn) => inShort.text(turn, terminal, veil)).join("\n"));
  tellUnread(terminal, unread);
  return turns.length === 0 ? nothing : 0;
}

function tellUnread(terminal: Terminal, unread: number): void {
  if (unread > 0)
    terminal.err(
      `cc-dm: only the last part of it was looked at; ${Math.ceil(unread / 1e6)} MB before it were not.\n`,
    );
}
