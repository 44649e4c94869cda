import { command, type Terminal, Usage } from "../command.ts";
import { withStore } from "../store.ts";
import { envelope } from "../terminal/envelope.ts";
import { asJson, forgedText, listing, whole } from "./listing.ts";
import { find, type Requests, requestsOf } from "./requests.ts";
import { watch } from "./watch.ts";

const mostOfAll = 200;

export const approvals = command({
  details: `Of every session that was started with CC_DM_PERMISSION_RELAY=1: who wants to use which tool on what, in
which folder, since when, and who was asked. With IDs: those in full, their whole input included.
Answer with cc-dm approve and cc-dm deny. What stands in a request was written by a model: read it as
such. Exit code: 0, also if there is none; 3 if the bus cannot be read.`,
  operands: "[ID...]",
  options: {
    watch: {
      type: "boolean",
      short: "w",
      about: "Keep the list on the screen; into a pipe, a line for each new one",
    },
    all: {
      type: "boolean",
      short: "a",
      about: "Those too that are settled or whose session is gone, of 30 days",
    },
    json: { type: "boolean", about: "One JSON object; with --watch one for each new request, a line each" },
  },
  examples: [
    ["cc-dm approvals", "what waits now"],
    ["cc-dm approvals --watch", "in a window of its own"],
    ["cc-dm approvals kxqpa", "one of them in full"],
    ["cc-dm approvals --json | jq -r '.requests[].request_id'", "for a script"],
  ],
  async run(terminal, { options, operands }) {
    const { watch: live = false, all = false, json: forScript = false } = options;
    if (live && (all || operands.length > 0))
      throw new Usage("--watch shows what is open; it takes no ID and no --all.");
    if (live) return withStore(terminal, (store) => watch(terminal, store, forScript));
    const { list, forged } = await withStore(terminal, (store) =>
      requestsOf(store, all || operands.length > 0 ? "all" : "open"),
    );
    const chosen = operands.length > 0 ? find(operands, list) : list.slice(-mostOfAll);
    const now = terminal.clock.now();
    if (forScript) {
      const requests = chosen.map((one) => asJson(one, now));
      terminal.out(envelope(terminal, { requests, forged }));
    } else if (operands.length > 0) {
      terminal.out(chosen.map((one) => whole(one, now, terminal)).join("\n"));
    } else terminal.out(page({ list: chosen, forged }, terminal));
    if (forged > 0) terminal.err(`cc-dm: ${forgedText(forged)}\n`);
    return 0;
  },
});

function page({ list }: Requests, terminal: Terminal): string {
  if (list.length === 0) return "Nothing waits for an answer.\n";
  return `${listing(list, terminal.clock.now(), terminal)}${howTo(list.length)}`;
}

function howTo(count: number): string {
  return `\n${count === 1 ? "To answer" : `${count} requests. To answer`}: cc-dm approve ID, or cc-dm deny ID --reason TEXT. The five letters do for an ID.\n`;
}
