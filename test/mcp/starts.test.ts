/** Many servers that start, or want one name, at the same instant. */
import { describe, expect, test } from "bun:test";
import { testBus } from "../support/testbus.ts";

const bus = testBus();

describe("simultaneous starts on a bus that does not exist yet", () => {
  test("of twenty servers, two for each of ten names, give ten names and ten variants", async () => {
    const names = Array.from({ length: 10 }, (_, n) => `n${n}`);
    const sessions = await Promise.all(
      [...names, ...names].map((name, n) => bus.start({ name, folder: `f${n}`, channel: true })),
    );
    const listed = (await sessions[0]?.ok("who"))?.sessions.map((session) => session.name) ?? [];
    expect([...listed].sort()).toEqual(names.flatMap((name) => [name, `${name}-2`]).sort());
    // Each knows itself by the name it is listed under, and each can be reached by it.
    const own = await Promise.all(sessions.map(async ({ ok }) => (await ok("who")).you.name));
    expect([...own].sort()).toEqual([...listed].sort());
    await sessions[0]?.ok("broadcast", { content: "all here?" });
    await Promise.all(sessions.slice(1).map(({ events }) => events.next()));
  });

  test("of eight servers bring up all eight, every time", async () => {
    for (let round = 0; round < 3; round++) {
      const home = bus.path(`home-${round}`);
      const starts = Array.from({ length: 8 }, (_, n) => ({ name: `s${n}`, env: { CC_DM_HOME: home } }));
      const sessions = await Promise.all(starts.map((start) => bus.start(start)));
      const names = (await sessions[7]?.ok("who"))?.sessions.map((session) => session.name) ?? [];
      expect([...names].sort()).toEqual(starts.map(({ name }) => name));
      for (const { stderr } of sessions)
        expect(stderr.all.filter((line) => !line.includes('"joined"'))).toEqual([]);
      await Promise.all(sessions.map((session) => session.stop()));
    }
  });
});

describe("two sessions that register one name at the same instant", () => {
  test("are never both told that they have it, nor neither", async () => {
    const [a, b] = await bus.startAll("alice", "bob");
    for (let round = 0; round < 30; round++) {
      const name = `wanted-${round}`;
      const answers = await Promise.all([a, b].map((session) => session.call("register", { name })));
      const won = answers.filter((answer) => answer.isError === undefined);
      const lost = answers.filter((answer) =>
        JSON.stringify(answer.structuredContent).includes("name_taken"),
      );
      expect([round, won.length, lost.length]).toEqual([round, 1, 1]);
      const holders = (await a.ok("who")).sessions.filter((session) => session.name === name);
      expect(holders).toHaveLength(1);
    }
  });

  test("nor when one of them starts with it", async () => {
    const a = await bus.start({ name: "alice" });
    for (let round = 0; round < 3; round++) {
      const name = `wanted-${round}`;
      const [answer, b] = await Promise.all([
        Bun.sleep(30 + round * 15).then(() => a.call("register", { name })),
        bus.start({ name, folder: "other" }),
      ]);
      const names = [(await a.ok("who")).you.name, (await b.ok("who")).you.name];
      if (answer.isError === true) expect(names[1]).toBe(name);
      else expect(names).toEqual([name, `${name}-2`]);
      expect(new Set(names).size).toBe(2);
      await b.stop();
    }
  });
});
