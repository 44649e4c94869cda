import { lasted, many } from "../core/counts.ts";
import { type Finding, fault, note, ok, warning } from "../core/finding.ts";
import { isNewer } from "../core/version.ts";
import type { Check, Facts, SessionFacts } from "./facts.ts";
import { atLeast, quoted, since } from "./words.ts";

const oldest = [2, 1, 118] as const;
const wakes = [2, 1, 197] as const;
// The hook of its start is heard within a second or two; a large project may take longer to load.
const hooksDueMs = 30_000;

/** Sessions whose server was started by Claude Code itself. */
function clauded({ sessions }: Facts): readonly SessionFacts[] {
  return sessions.filter(
    ({ client, standing }) => standing !== "gone" && client !== null && client.program !== null,
  );
}

const version: Check = (facts) => {
  const id = "client.version";
  const running = Map.groupBy(
    clauded(facts).filter(({ client }) => client?.version !== null),
    ({ client }) => client?.version ?? "?",
  );
  const found: Finding[] = [];
  for (const [one, of] of running) {
    found.push(judgeVersion(one, `Claude Code ${one} runs ${quoted(of.map(({ session }) => session))}`));
  }
  const { claude } = facts;
  if (claude === null) return [...found, note(id, "There is no claude on this PATH")];
  if (claude.version === null)
    return [...found, note(id, `${claude.path} does not tell its version; is it Claude Code?`)];
  return [
    ...found,
    judgeVersion(claude.version, `A new session here runs Claude Code ${claude.version} (${claude.path})`),
  ];
};

/** Whether cc-dm works with a client of this version, said of it in these words. */
export function judgeVersion(number: string, text: string): Finding {
  const id = "client.version";
  if (!atLeast(number, oldest))
    return fault(
      id,
      `${text}; cc-dm needs 2.1.118: an older one loads nothing of a plugin whose hooks it does not know`,
      "claude update",
    );
  if (!atLeast(number, wakes))
    return warning(
      id,
      `${text}; before 2.1.197 no message wakes an idle session`,
      "claude update, then restart the session. Until then mail comes with its next prompt.",
    );
  return ok(id, text);
}

const plugin: Check = (facts) => {
  const id = "client.plugin";
  const { installs, switches } = facts.installed;
  const loaded = clauded(facts).length > 0;
  const found: Finding[] = [];
  const sources = [...new Set(installs.map((one) => one.id))];
  if (sources.length > 1)
    found.push(
      warning(
        id,
        `The plugin is installed from ${sources.length} places: ${sources.join(", ")}`,
        `Keep one of them: claude plugin uninstall ${sources.at(-1)}`,
      ),
    );
  for (const { id: name, folder, there, version: installed } of installs) {
    if (!there)
      found.push(
        fault(
          id,
          `${name} is installed from ${folder}, which is not there`,
          `claude plugin uninstall ${name}, then claude plugin install ${name}`,
        ),
      );
    else if (facts.here.session !== null && isNewer(installed, facts.version))
      found.push(
        warning(
          id,
          `${name} ${installed} is installed, and this session still runs ${facts.version}`,
          "Restart this session: /exit, then claude --continue. Until then old and new work together.",
        ),
      );
    else if (installed !== facts.version)
      found.push(
        note(
          id,
          `${name} ${installed} is installed, and this is cc-dm ${facts.version}`,
          `claude plugin update ${name}, if the newer one is wanted.`,
        ),
      );
  }
  const last = switches.at(-1);
  if (last !== undefined && !last.on)
    found.push(warning(id, `${last.id} is switched off in ${last.file}`, `claude plugin enable ${last.id}`));
  if (installs.length === 0 && !loaded)
    found.push(
      warning(
        id,
        "The plugin is not installed for this user, and no client here has loaded it",
        "claude plugin marketplace add cc-dm/cc-dm && claude plugin install cc-dm@cc-dm-marketplace",
      ),
    );
  if (facts.here.inClient && facts.here.session === null) found.push(outside(facts, id));
  if (found.some(({ severity }) => severity !== "note")) return found;
  const where = installs.map((one) => `${one.id} ${one.version}`).join(", ");
  return [
    ok(
      id,
      loaded
        ? `Loaded: its server runs in ${many(clauded(facts).length, "client")}`
        : `Installed (${where}); no client runs it now`,
    ),
    ...found,
  ];
};

/** Asked from inside a client whose session is not on the bus. */
function outside({ settings }: Facts, id: string): Finding {
  if ("config" in settings && !settings.config.values.CC_DM)
    return note(id, `This session takes no part: CC_DM is off (${settings.config.sources.CC_DM})`);
  return warning(
    id,
    "This runs inside a Claude Code session that is not on the bus",
    "See /plugin and /mcp in that session; a plugin that was installed after its start is loaded with the next one.",
  );
}

/** Whether hooks run, by what was heard of them and not by what is configured. */
const hooks: Check = (facts) => {
  const id = "client.hooks";
  const found: Finding[] = facts.installed.hooksOff.map((file) =>
    fault(
      id,
      `${file} switches the hooks of plugins off`,
      "Remove disableAllHooks (or allowManagedHooksOnly) there: without hooks mail waits for inbox or a channel.",
    ),
  );
  const heard = clauded(facts).filter(({ session }) => heardAt(session) !== null);
  const silent = clauded(facts)
    .filter(({ session }) => heardAt(session) === null)
    .map(({ session }) => session);
  for (const session of silent) {
    const age = facts.now.at - session.startedAt;
    const text = `No hook of "${session.name}" was heard in the ${lasted(age)} since it started`;
    found.push(
      age < hooksDueMs
        ? note(id, text)
        : warning(
            id,
            text,
            "See /hooks in that session, and whether its client finds bun on its PATH; then restart it.",
          ),
    );
  }
  if (heard.length > 0) {
    const last = Math.max(...heard.map(({ session }) => heardAt(session) ?? 0));
    found.push(ok(id, `Heard from ${many(heard.length, "client")}, last at ${since(last, facts)}`));
  }
  return found.length > 0 ? found : [note(id, "No client runs now, so no hook can be heard")];
};

function heardAt({ hooksAt, condition }: SessionFacts["session"]): number | null {
  const times = [hooksAt, condition?.activity?.since ?? null].filter((at) => at !== null);
  return times.length > 0 ? Math.max(...times) : null;
}

/** A client never says whether it took the flag; what became of channel events does. */
const channel: Check = (facts) => {
  const id = "client.channel";
  const exam = facts.bus.state === "read" ? facts.bus.exam : null;
  const found: Finding[] = [];
  for (const { session, client, standing } of facts.sessions) {
    if (standing === "gone") continue;
    const sent = exam?.handed.find((one) => one.session === session.id && one.path === "channel");
    const reach = session.condition?.reach ?? null;
    const who = `"${session.name}"`;
    const refused = client?.flagged === true && reach !== null && reach !== "push";
    if (refused || (sent !== undefined && sent.seen === 0 && client?.program != null))
      found.push(
        warning(
          id,
          `${who} ${client?.flagged === true ? "was started with a channel flag, but its" : "has the channel on, but its"} client shows no sign of taking channel events`,
          "Claude Code refuses channels in silence where they are not available to the account. Mail comes by hooks instead; to be rid of this, start without the flag or with CC_DM_CHANNEL=off.",
        ),
      );
    else if (sent !== undefined && sent.seen > 0)
      found.push(ok(id, `${who} takes channel events: ${sent.seen} of ${sent.count} seen`));
    else if (client?.flagged === true)
      found.push(note(id, `${who} was started with a channel flag; no event was sent yet`));
  }
  return found.length > 0 ? found : [ok(id, "No client asked for the channel; it is not needed")];
};

export const client: readonly Check[] = [version, plugin, hooks, channel];
