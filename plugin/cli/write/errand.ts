import { Buffer } from "node:buffer";
import { type Errand, errandMark, errandWord } from "../../bus/errand.ts";
import { DmError, isDmError } from "../../core/errors.ts";
import { messageIds } from "../../core/ids.ts";
import type { Session } from "../../core/model.ts";
import { ringer } from "../../host/bell.ts";
import { sharesPids } from "../../host/place.ts";
import { isRunning, markOf } from "../../host/process.ts";
import type { Terminal } from "../command.ts";
import { type Store, withStore } from "../store.ts";

const patienceMs = 15_000;
const lookMs = 10;

export interface Done {
  readonly structuredContent: Readonly<Record<string, unknown>>;
  /** Evidence tokens of mail in it, to be proved once it has been printed. */
  readonly shown: readonly string[];
}

/**
 * Has the server of the session that this process runs in call one of its tools. The server believes a
 * process that was started with the errand's digest on its command line, so this program starts itself.
 *
 * @throws DmError the tool's own, `server_gone`, `no_answer`.
 */
export async function runErrand(
  terminal: Pick<Terminal, "again" | "clock">,
  { place }: Pick<Store, "place">,
  session: Session,
  tool: string,
  args: Readonly<Record<string, unknown>>,
): Promise<Done> {
  if (sharesPids(session.place, place) && !isRunning(session.server)) {
    throw new DmError(
      "server_gone",
      `The server of "${session.name}" ended while its client goes on; nothing can be sent in its name. Restart that session (/exit, claude --continue).`,
    );
  }
  const id = messageIds()(terminal.clock.now());
  const errand = { id, session: session.id, tool, arguments: JSON.stringify(args) };
  const said = await terminal.again([errandWord, errandMark(errand)], JSON.stringify(errand));
  const { isError, structuredContent, shown } = JSON.parse(said) as Done & { readonly isError?: true };
  if (isError !== true) return { structuredContent, shown };
  const {
    code,
    message,
    candidates = [],
  } = structuredContent.error as {
    readonly code: string;
    readonly message: string;
    readonly candidates?: readonly string[];
  };
  throw new DmError(code, message, { candidates });
}

/** What the process that was started for it does: asks, waits, and prints the answer, or why there is none. */
export async function errand(terminal: Terminal): Promise<number> {
  const asked = JSON.parse(Buffer.from(await terminal.input(64_000_000)).toString()) as Omit<Errand, "asker">;
  const answer = await withStore(terminal, (store) => answerTo(terminal, store, asked)).catch(refusal);
  terminal.out(answer);
  return 0;
}

async function answerTo(
  { pid }: Terminal,
  { bus, clock }: Store,
  asked: Omit<Errand, "asker">,
): Promise<string> {
  const session = await bus.session(asked.session);
  await bus.ask({ ...asked, asker: markOf(pid) });
  if (session?.bell != null) ringer(clock)(session.bell);
  try {
    for (const end = clock.up() + patienceMs; clock.up() < end; await clock.sleep(lookMs)) {
      const answer = await bus.answer(asked.id);
      if (answer !== null) return answer;
    }
  } finally {
    await bus.forget(asked.id).catch(() => {}); // it goes by itself; what was answered stands
  }
  throw new DmError(
    "no_answer",
    `The server of "${session?.name}" did not answer within ${patienceMs / 1000} s. cc-dm log shows whether it was sent after all; cc-dm doctor tells more.`,
  );
}

/** In the form of an answer. */
function refusal(error: unknown): string {
  if (!isDmError(error)) throw error;
  const { code, message } = error;
  return JSON.stringify({ isError: true, structuredContent: { error: { code, message } }, shown: [] });
}
