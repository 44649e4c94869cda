import type { Session } from "./session.ts";
import { bodyOf, milliseconds, recipients, type Stage } from "./stage.ts";

const burst = 10;
const people = [
  { name: "planner", role: "planner", project: "shop" },
  { name: "backend", role: "developer", project: "shop" },
  { name: "tests", role: "tester", project: "shop" },
  { name: "designer", role: "designer", project: "website" },
] as const;

/** Three colleagues build a login, and somebody of another project is in the next room. */
export async function story(stage: Stage): Promise<void> {
  const { page, enter, send, note, arrived } = stage;

  page.chapter("Four sessions start, each with its own channel server");
  const [planner, backend, tests, designer] = await Promise.all([
    enter(people[0]),
    enter(people[1]),
    enter(people[2]),
    enter(people[3]),
  ]);
  const { sessions = [] } = await planner.call("who", {});
  for (const { name } of people) {
    const seen = sessions.find((session) => session.name === name);
    if (seen === undefined) throw new Error(`${name} is not on the roster`);
    page.line(name, `in ${seen.project}`, seen.role);
  }

  page.chapter("A task, and its answer in the same thread");
  const task = await send(
    planner,
    "dm",
    { to: "backend", content: "Please build POST /login.", message_type: "task", thread_id: "login" },
    [backend],
  );
  const done = { message_id: task, content: "Done, on branch login.", message_type: "status" };
  const answer = await send(backend, "reply", done, [planner]);
  const meta = (await arrived(planner, answer))?.meta;
  if (meta?.thread_id !== "login" || meta.in_reply_to !== task) throw new Error("the answer lost its thread");
  page.line("planner", "knows", "it is in thread login, and which message it answers");
  page.line("backend", "had read", "word for word:");
  page.quote((await arrived(backend, task))?.content ?? "");

  page.chapter("A broadcast reaches the project, and nobody else");
  const all = { content: "Feature freeze at five.", priority: "urgent" };
  await send(planner, "broadcast", all, [backend, tests]);
  page.line("designer", "hears none", "it is in project website");
  page.line("planner", "receipts", await receipts(planner));

  page.chapter("Who writes across projects is told so");
  const refused = await designer.call("dm", { to: "planner", content: "Which blue?" });
  if (refused.error?.code !== "out_of_scope") throw new Error("a message left its project");
  page.line("designer", "dm refused", refused.error.message);

  page.chapter(`${burst} messages at once stay in order`);
  const before = performance.now();
  const calls = Array.from({ length: burst }, (_, i) =>
    tests.call("dm", { to: "backend", content: `Suite ${i + 1} of ${burst} is green.` }),
  );
  const ids = (await Promise.all(calls)).map((result) => note(tests, result, ["backend"]));
  page.line("tests", "dm", `to backend, ${burst} times without waiting`);
  for (const [i, id] of ids.entries()) {
    const arrival = await arrived(backend, id);
    if (arrival === null) page.line("backend", "nothing came", `(suite ${i + 1})`);
    else if (i === 0 || i === burst - 1)
      page.line("backend", milliseconds(arrival.at - before), `"${bodyOf(arrival)}"`);
  }

  page.chapter("Mail waits for a session that is closed");
  await tests.leave();
  page.line("tests", "leaves", "");
  const written = performance.now();
  const waits = await planner.call("dm", { to: "tests", content: "Run everything once more, please." });
  const waiting = note(planner, waits, ["tests"]);
  page.line("planner", "dm", `to ${recipients(waits)}`);
  const again = await enter(people[2]);
  page.line("tests", "is back", "under its name, in its project");
  const late = await arrived(again, waiting);
  page.line(
    "tests",
    late === null ? "nothing came" : `waited ${((late.at - written) / 1000).toFixed(1)} s`,
    '"Run everything once more, please."',
  );
  await send(again, "reply", { message_id: waiting, content: "All green." }, [planner]);
}

const patienceMs = 3_000;

/** What became of a session's latest message, as soon as all its readers are known to have it. */
async function receipts(session: Session): Promise<string> {
  for (const before = performance.now(); ; await Bun.sleep(50)) {
    const { messages = [] } = await session.call("history", { limit: 1 });
    const states = messages[0]?.receipts ?? [];
    if (states.every(({ state }) => state === "seen"))
      return states.map(({ name, state }) => `${name}: ${state}`).join(", ");
    if (performance.now() - before > patienceMs) throw new Error(`no receipt: ${JSON.stringify(states)}`);
  }
}
