import { Database } from "bun:sqlite";
import { beforeEach, expect, test } from "bun:test";
import type { Answer } from "../../plugin/policy/decide.ts";
import { give } from "../../plugin/policy/decide.ts";
import { ask } from "../bus/contract/relay.ts";
import { connection, type House, house, type Seat, seat } from "../fakes/house.ts";

let home: House;
let worker: Seat;
let lead: Seat;
beforeEach(async () => {
  home = await house();
  worker = await seat(home, "worker", { project: "shop" });
  lead = await seat(home, "lead", { project: "shop" });
});

async function opened() {
  const request = ask({ keys: worker.keys, session: worker.session() }, [lead.keys.id]);
  await home.bus.openRequest(request);
  const recorded = await home.bus.request(request.id);
  if (recorded === null) throw new Error("no such request");
  return recorded;
}
const allow: Answer = { behavior: "allow", reason: null, remember: false };
const giving = (bus = home.bus) => ({ bus, clock: home.clock, keys: lead.keys, name: "lead" });

test("a verdict is on record in the very commit that gives it", async () => {
  const request = await opened();
  const other = await connection(home);
  const seen: string[] = [];
  // What the requester's server finds at each commit, before this process takes another step.
  const watched = Object.assign(Object.create(home.bus), {
    async giveVerdict(...given: Parameters<typeof home.bus.giveVerdict>) {
      await home.bus.giveVerdict(...given);
      expect(await other.verdicts(worker.keys.id)).toHaveLength(1);
      for (const { kind, who, detail } of await other.audits({ request: request.id, limit: 9 }))
        seen.push(`${kind} ${who} ${detail}`);
    },
  });
  const verdict = await give(giving(watched), request, { ...allow, remember: true, reason: "fine" });
  expect(seen).toEqual(["given lead allow, remember: fine"]);
  expect(await other.audits({ request: request.id, limit: 9 })).toMatchObject([{ at: verdict.at }]);
});

test("a verdict that cannot be put on record is not given", async () => {
  const request = await opened();
  const db = new Database(home.path);
  db.run("create trigger no_record before insert on audit begin select raise(abort, 'no record'); end");
  db.close();
  expect(await give(giving(), request, allow).catch(() => "failed")).toBe("failed");
  expect(await home.bus.verdicts(worker.keys.id)).toEqual([]);
});
