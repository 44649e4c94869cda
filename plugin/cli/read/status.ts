import { iso } from "../../core/clock.ts";
import type { EpochMs } from "../../core/model.ts";
import { command } from "../command.ts";
import { envelope } from "../terminal/envelope.ts";
import { factsText } from "./facts.ts";
import { overlong, type State, stateOf } from "./state.ts";

export const status = command({
  details: `Mail counts as "unseen" here when it has waited, or was handed over without a sign of being read, for a minute or longer, unless it is all of low priority; mail for you is counted apart.
Exit code: 0 whatever it finds; 3 if the bus cannot be read. (cc-dm doctor has exit codes for what is wrong.)`,
  operands: "",
  options: { json: { type: "boolean", about: "One JSON object instead of text" } },
  examples: [
    ["cc-dm status", "in some ten lines"],
    ["cc-dm status --json | jq .mail.unseen", "for a script"],
  ],
  async run(terminal, { options }) {
    const state = await stateOf(terminal);
    if (options.json === true) terminal.out(envelope(terminal, report(state, terminal.clock.now())));
    else terminal.out(factsText(state, terminal.clock.now(), terminal));
    return 0;
  },
});

function report(state: State, now: EpochMs) {
  const { path, bytes, logBytes, schema, people, kept, waiting, forPerson, open, worst } = state;
  const counts = Map.groupBy(people, ({ presence }) => presence);
  const count = (of: "queued" | "handed") =>
    waiting.reduce((sum, pile) => sum + (pile.state === of ? pile.count : 0), 0);
  return {
    bus: { path, bytes, log_bytes: logBytes, schema },
    sessions: {
      live: people.length,
      presence: Object.fromEntries([...counts].map(([presence, of]) => [presence, of.length])),
      closed: kept.closed,
    },
    messages: { today: kept.today, kept: kept.messages },
    mail: {
      waiting: count("queued"),
      handed: count("handed"),
      for_user: forPerson,
      unseen: overlong(waiting, now).map(({ name, project, state, count: of, since, expiresAt }) => ({
        name,
        project,
        state,
        count: of,
        since: iso(since),
        first_expires_at: iso(expiresAt),
      })),
    },
    approvals: open.map(({ request }) => ({
      request_id: request.id,
      letters: request.letters,
      from: request.name,
      tool: request.tool,
      since: iso(request.askedAt),
    })),
    doctor: worst === null ? { severity: "ok" } : { ...worst.finding, others: worst.others },
  };
}
