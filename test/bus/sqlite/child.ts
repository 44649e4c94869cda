/** One of several real processes on one bus: `bun child.ts VERB PATH NUMBER`, begins at a line on stdin. */
import { openSqliteBus } from "../../../plugin/bus/sqlite/index.ts";
import { systemClock as clock } from "../../../plugin/core/clock.ts";
import { boot, joining } from "../../fakes/people.ts";

const [verb, path = "", number = ""] = process.argv.slice(2);
process.stdout.write("ready\n");
await Bun.stdin.text();
const bus = await openSqliteBus({ path, clock, boot });
process.stdout.write(`${await run()}\n`);
bus.end();

async function run(): Promise<string> {
  if (verb === "join" || verb === "claim-name") {
    const joined = await bus.join(joining(verb === "join" ? `s${number}` : "api"));
    return joined.ok ? joined.session.name : joined.why;
  }
  const session = await bus.named("api");
  if (verb !== "empty" || session === null) throw new Error(`cannot ${verb}`);
  const taken: string[] = [];
  for (let more = true; more; ) {
    const offers = await bus.claim({ session, path: "wake", limit: 3 });
    taken.push(...offers.map((offer) => offer.message.id));
    more = offers.length > 0;
  }
  return taken.join(",");
}
