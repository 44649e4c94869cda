import { many, someOf } from "../core/counts.ts";
import { type Finding, note, ok, warning } from "../core/finding.ts";
import type { Check, Facts, SessionFacts } from "./facts.ts";
import { quoted, since } from "./words.ts";

const ways = {
  push: "by channel as it comes",
  wake: "by a wake, also while idle",
  turn: "with its next turn",
  pull: "only when it calls inbox",
  deaf: "not at all: what was handed over shows no sign of having been read",
} as const;

function there({ sessions }: Facts): readonly SessionFacts[] {
  return sessions.filter(({ standing }) => standing !== "gone");
}

function isHeard(standing: SessionFacts["standing"]): boolean {
  return !["away", "deaf", "gone"].includes(standing);
}

const roster: Check = (facts) => {
  const id = "sessions.roster";
  if (facts.bus.state !== "read") return [];
  const found: Finding[] = [];
  const live = there(facts);
  found.push(
    live.length === 0
      ? note(id, "No session is on the bus now")
      : ok(id, `${many(live.length, "session")}: ${someOf(live.map(entry))}`),
  );
  const gone = facts.sessions.filter(({ standing }) => standing === "gone").map(({ session }) => session);
  if (gone.length > 0)
    found.push(
      note(id, `${quoted(gone)} ended without taking leave; the next look at the roster closes that`),
    );
  return found;
};

function entry({ session, standing }: SessionFacts): string {
  const doing = session.condition?.activity;
  const state =
    isHeard(standing) && doing ? `${doing.state}${doing.on === null ? "" : `: ${doing.on}`}` : standing;
  return `${session.name} (${state})`;
}

const here: Check = (facts) => {
  const self = facts.sessions.find(({ session }) => session.id === facts.here.session)?.session;
  if (self === undefined) return [];
  const { name, role, project, condition } = self;
  const way = condition === null ? "" : `; mail reaches it ${ways[condition.reach]}`;
  return [
    ok(
      "sessions.here",
      `This is "${name}" (role ${role}, ${project === null ? "no project" : `project ${project}`})${way}`,
    ),
  ];
};

const deaf: Check = (facts) => {
  const id = "sessions.deaf";
  const found: Finding[] = [];
  for (const { session, standing, client } of there(facts)) {
    const who = `"${session.name}"`;
    const reach = session.condition?.reach;
    if (standing === "deaf")
      found.push(
        warning(
          id,
          `The server of ${who} has died, and its client (pid ${session.client.pid}) lives on; hooks still bring its mail, but it cannot send`,
          "Restart that session (claude --resume), or reconnect cc-dm there with /mcp.",
        ),
      );
    else if (standing === "away")
      found.push(
        warning(
          "sessions.away",
          `${who} runs, but was last heard at ${since(session.beatAt, facts)}`,
          "It may be stopped (Ctrl-Z: fg), or its machine asleep. Its mail waits.",
        ),
      );
    else if (reach === "deaf")
      found.push(
        warning(
          id,
          `${who} was handed mail and shows no sign of having read it`,
          "Look at its terminal: a dialog may be open, or its hooks may fail (/hooks). Restart it if not.",
        ),
      );
    else if (reach === "pull" && client?.program != null)
      found.push(
        warning(
          id,
          `Mail reaches ${who} only when it calls inbox`,
          "Its hooks are silent, or off: see /hooks there, and restart it.",
        ),
      );
  }
  return found.length > 0 || there(facts).length === 0 ? found : [ok(id, "Every session can be reached")];
};

const quiet: Check = (facts) =>
  there(facts)
    .filter(({ session }) => (session.condition?.quietUntil ?? 0) > facts.now.at)
    .map(({ session }) =>
      note(
        "sessions.quiet",
        `"${session.name}" asked not to be woken until ${since(session.condition?.quietUntil ?? 0, facts)}`,
      ),
    );

const versions: Check = (facts) => {
  const others = Map.groupBy(
    there(facts).filter(({ session }) => session.version !== facts.version),
    ({ session }) => session.version,
  );
  return [...others].map(([version, of]) =>
    warning(
      "sessions.version",
      `${quoted(of.map(({ session }) => session))} run${of.length === 1 ? "s" : ""} cc-dm ${version}; this is ${facts.version}`,
      "Restart what runs the older one; a session keeps the version it was started with.",
    ),
  );
};

const bells: Check = (facts) => {
  const without = there(facts).filter(({ bellHangs, standing }) => bellHangs === false && isHeard(standing));
  if (without.length === 0) return [];
  return [
    note(
      "sessions.bell",
      `The bell of ${quoted(without.map(({ session }) => session))} is gone from bells/; half a second's poll takes its place`,
      "Something removed it. It is hung anew when the session restarts.",
    ),
  ];
};

export const sessionChecks: readonly Check[] = [here, roster, deaf, quiet, versions, bells];
