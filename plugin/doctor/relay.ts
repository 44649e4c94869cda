import type { Pending } from "../bus/exam.ts";
import type { Config } from "../core/config.ts";
import { lasted, many, someOf } from "../core/counts.ts";
import { type Finding, note, ok, warning } from "../core/finding.ts";
import type { Check, Facts, SessionFacts } from "./facts.ts";
import { quoted, since } from "./words.ts";

// Whoever is asked by a message sees it within seconds; a person at a list within minutes.
const longMs = 10 * 60_000;

function configOf({ settings }: Facts): Config | null {
  return "config" in settings ? settings.config : null;
}

function openOf({ bus, sessions }: Facts): readonly (Pending & { readonly by: SessionFacts })[] {
  const open = bus.state === "read" ? bus.exam.relay.open : [];
  return open.flatMap((request) => {
    const by = sessions.find(
      ({ session, standing }) => session.id === request.session && standing !== "gone",
    );
    return by === undefined ? [] : [{ ...request, by }]; // of a session that is gone nothing waits
  });
}

function isInUse(facts: Facts): boolean {
  const { bus } = facts;
  return (
    configOf(facts)?.values.CC_DM_PERMISSION_RELAY === true ||
    (bus.state === "read" && bus.exam.relay.lately > 0)
  );
}

const waiting: Check = (facts) => {
  const id = "relay.waiting";
  if (!isInUse(facts)) return [];
  const open = openOf(facts);
  const long = open.filter(({ askedAt }) => facts.now.at - askedAt > longMs);
  if (long.length > 0)
    return long.map(({ name, tool, askedAt, letters }) =>
      warning(
        id,
        `"${name}" waits for permission to use ${tool} since ${since(askedAt, facts)} (${lasted(facts.now.at - askedAt)})`,
        `cc-dm approvals shows it; cc-dm approve ${letters}, or cc-dm deny ${letters}.`,
      ),
    );
  return [
    ok(
      id,
      open.length === 0 ? "No permission request waits" : `${many(open.length, "permission request")} open`,
    ),
  ];
};

/** A session that runs any command can type into its user's terminals, and read their key. */
const bash: Check = (facts) => {
  if (!isInUse(facts)) return [];
  const mend =
    "Such a session can answer permission requests as if it were you (SECURITY.md). Allow single commands instead, or treat every answer as given by any of your sessions.";
  const free = facts.sessions.filter(({ client }) => client?.unasking === true).map(({ session }) => session);
  return [
    ...facts.installed.bashFree.map((file) =>
      warning(
        "relay.bash",
        `The permission relay is in use, and ${file} lets sessions run any command unasked`,
        mend,
      ),
    ),
    ...(free.length === 0
      ? []
      : [
          warning(
            "relay.bash",
            `The permission relay is in use, and ${quoted(free)} asks for no permission`,
            mend,
          ),
        ]),
  ];
};

/** Whose verdicts cost no click. */
const unclicked: Check = (facts) => {
  const config = configOf(facts);
  if (config?.values.CC_DM_APPROVER !== true) return [];
  const source = config.sources.CC_DM_APPROVER;
  const id = "relay.approver";
  if (source === "config.json" || source === "config.json (locked)")
    return [
      warning(
        id,
        `CC_DM_APPROVER stands in ${source}: every session decides for others without asking you`,
        "Remove it there, and start the one session that is to decide with CC_DM_APPROVER=1.",
      ),
    ];
  return [
    note(
      id,
      `What is started here decides for other sessions without asking you (CC_DM_APPROVER, ${source})`,
      'Meant for one session at most. If a repository sets it, lock it: "locked": { "CC_DM_APPROVER": "off" } in config.json.',
    ),
  ];
};

const reachable: Check = (facts) => {
  const id = "relay.reachable";
  const live = facts.sessions.filter(({ standing }) => standing !== "gone");
  const found: Finding[] = [];
  for (const { name, asked, by } of openOf(facts)) {
    const others = live.filter(({ session }) => asked.includes(session.id));
    const heard = others.filter(({ standing }) => standing !== "deaf" && standing !== "away");
    if (heard.length > 0 || asked.length < 2) continue; // the person alone was asked
    const who =
      others.length === 0
        ? "No session that it asked"
        : `None of ${quoted(others.map(({ session }) => session))}`;
    found.push(
      warning(
        id,
        `${who} can be reached to decide for "${name}"`,
        `Answer at the dialog of "${by.session.name}", or with cc-dm approve.`,
      ),
    );
  }
  const config = configOf(facts);
  if (config?.values.CC_DM_PERMISSION_RELAY !== true) return found;
  const missing = config.values.CC_DM_PERMISSION_APPROVER.filter(
    (word) => word !== "user" && !live.some(({ session }) => isMeant(word, session)),
  );
  if (missing.length > 0)
    found.push(
      warning(
        id,
        `CC_DM_PERMISSION_APPROVER names ${someOf(missing)}, and no such session is running`,
        "Start it, or change the setting. Until then you are asked: cc-dm approvals.",
      ),
    );
  return found;
};

function isMeant(word: string, { name, startRole }: SessionFacts["session"]): boolean {
  return word.startsWith("role:") ? startRole === word.slice(5) : name === word;
}

export const relayChecks: readonly Check[] = [waiting, reachable, unclicked, bash];
