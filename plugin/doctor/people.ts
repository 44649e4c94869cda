import type { Clock } from "../core/clock.ts";
import type { Place, Session } from "../core/model.ts";
import { namesOurChannel } from "../host/flag.ts";
import { sharesPids } from "../host/place.ts";
import { commandLine, executableOf, isRunning } from "../host/process.ts";
import { clientProgram, clientVersion } from "../host/programs.ts";
import { standing } from "../policy/presence.ts";
import { isThere } from "./entries.ts";
import type { ClientFacts, SessionFacts } from "./facts.ts";

/** A session on the roster, and what its processes tell. */
export function sessionFacts(session: Session, place: Place, clock: Clock): SessionFacts {
  const near = sharesPids(session.place, place);
  return {
    session,
    standing: standing(session, { place, clock, sharesPids, isRunning }),
    client: near && isRunning(session.client) ? clientFacts(session.client.pid) : null,
    bellHangs: session.bell === null || !near ? null : isThere(session.bell),
  };
}

function clientFacts(pid: number): ClientFacts {
  const words = commandLine(pid);
  const program = clientProgram(executableOf(pid), words);
  // Where it lies tells the version; a client that runs is not asked by starting it once more.
  const version = program === null ? null : clientVersion(program);
  const unasking = words.some((word) =>
    /^(--dangerously-skip-\w+|(--permission-mode=)?bypassPermissions)/.test(word),
  );
  return { pid, program, version, flagged: namesOurChannel(words), unasking };
}
