/** Cost must not grow with history: no look at the journal may read the whole of a table or sort it. */
import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { join } from "node:path";
import type { JournalQuery } from "../../../plugin/bus/journal.ts";
import { openSqliteBus } from "../../../plugin/bus/sqlite/index.ts";
import { conversationSql, walks } from "../../../plugin/bus/sqlite/journal.ts";
import { fakeClock } from "../../fakes/clock.ts";
import { boot, join as enter, send } from "../../fakes/people.ts";
import { scratch } from "../../fakes/scratch.ts";

async function plansOf(queries: readonly { sql: string; values: readonly (string | number)[] }[]) {
  const path = join(scratch(), "bus.db");
  (await openSqliteBus({ path, clock: fakeClock(), boot })).end();
  const db = new Database(path);
  const plans = queries.map(({ sql, values }) =>
    db
      .query<{ detail: string }, never[]>(`explain query plan ${sql}`)
      .all(...(values as never[]))
      .map(({ detail }) => detail),
  );
  db.close();
  return plans;
}

const limit = 50;
const some: readonly (readonly [what: string, query: JournalQuery, way: RegExp])[] = [
  ["the newest", { limit }, /^SCAN m$/],
  ["what is new", { after: 7, pick: "oldest", limit }, /^SEARCH m USING INTEGER PRIMARY KEY \(rowid>\?\)$/],
  ["since", { after: 7, since: 5, limit }, /^SEARCH m USING INTEGER PRIMARY KEY \(rowid>\?\)$/],
  ["a sender's", { from: "a", limit }, /^SEARCH m USING INDEX message_sent \(from_mailbox=\?\)$/],
  ["a sender's new", { from: "a", to: "b", after: 7, limit }, /message_sent \(from_mailbox=\? AND seq>\?\)$/],
  ["a recipient's", { to: "a", limit }, /^SEARCH d USING INDEX delivery_mailbox \(mailbox=\?\)$/],
  ["a thread's", { threadId: "T", limit }, /^SEARCH m USING INDEX message_thread \(thread_id=\?\)$/],
  ["a thread's of one", { threadId: "T", from: "a", to: "b", limit }, /message_thread \(thread_id=\?\)$/],
  ["a word's", { text: "word", limit }, /^SCAN t VIRTUAL TABLE INDEX/],
  [
    "a whole id's",
    { id: "01ARZ3NDEKTSV4RRFFQ69G5FAV", limit },
    /^SEARCH m USING INDEX sqlite_autoindex_message_1 \(id=\?\)$/,
  ],
  ["an id's", { id: "ABCDEF", limit }, /^SEARCH m USING INDEX sqlite_autoindex_message_1 \(id=\?\)$/],
];

test.each(some)("%s messages are found in order, without the rest", async (_, query, way) => {
  const [plan = []] = await plansOf(walks(query, [1]));
  expect(plan[0]).toMatch(way);
  // A walk in order stops at its limit; one that sorts has read everything first. Of an id there are few.
  if (query.id === undefined) expect(plan.filter((step) => /B-TREE/.test(step))).toEqual([]);
  const scans = plan.slice(1).filter((step) => step.startsWith("SCAN"));
  // The end of an id is looked for among the ids alone, which is a hundredth of the messages.
  expect(scans).toEqual(
    (query.id?.length ?? 26) >= 26 ? [] : ["SCAN message USING COVERING INDEX sqlite_autoindex_message_1"],
  );
});

test("a conversation is followed from message to message", async () => {
  const [plan = []] = await plansOf([{ sql: conversationSql, values: ["[1]", 10] }]);
  expect(plan.filter((step) => /^(SCAN|SEARCH) (m|o)\b/.test(step) && !/^SEARCH . USING/.test(step))).toEqual(
    [],
  );
  expect(plan.some((step) => step.includes("INDEX message_answers"))).toBe(true);
});

test("what others wrote past us into a row fails no look", async () => {
  const path = join(scratch(), "bus.db");
  const bus = await openSqliteBus({ path, clock: fakeClock(), boot });
  const [lead, api] = [await enter(bus, "lead"), await enter(bus, "api", { project: "shop" })];
  for (const text of ["no json", "5", '"text"', "[1]", '{"2":"shop"}', "[[1,2,3],null]", "[]"]) {
    const id = await send(bus, lead, [api.session]);
    const db = new Database(path);
    db.query("update message set recipients = ? where id = ?").run(text, id);
    db.close();
  }
  await send(bus, lead, [api.session]);
  expect(await bus.journal({ limit: 100 })).toHaveLength(8);
  expect(await bus.journal({ project: "shop", limit: 100 })).toHaveLength(1);
  bus.end();
});
