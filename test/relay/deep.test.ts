import { expect, test } from "bun:test";
import { join } from "node:path";
import { script } from "../cli/program.ts";
import { prompt, relayOn } from "../cli/worker.ts";
import { until } from "../support/processes.ts";
import { testBus } from "../support/testbus.ts";

const bus = testBus();

test("a session started below the requester's client is not asked, however many shells are between", async () => {
  const nest = join(bus.folder, "nest");
  script(nest, `n=$1; shift; if [ "$n" = 0 ]; then "$@"; exit; else "$0" $((n - 1)) "$@"; exit; fi`);
  const api = await bus.start({ name: "api", env: relayOn });
  await bus.start({ name: "lead" }); // beside it, as an embedder's sessions are
  await bus.start({ name: "own", through: [nest, "40"] });
  await prompt(bus, api);
  const db = bus.open();
  const details = () =>
    db.query<{ detail: string }, []>("select detail from audit where kind = 'asked'").all();
  await until("it is on record", () => details().length > 0);
  expect(details()[0]?.detail).toStartWith("Bash put to lead, user");
});
