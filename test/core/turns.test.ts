import { expect, test } from "bun:test";
import { turns } from "../../plugin/core/turns.ts";
import { failure } from "../fakes/failure.ts";

test("one after another, in the order asked for, however long each takes", async () => {
  const inTurn = turns();
  const seen: string[] = [];
  const slow = Promise.withResolvers<void>();
  const first = inTurn(async () => {
    seen.push("first begins");
    await slow.promise;
    seen.push("first ends");
    return 1;
  });
  const second = inTurn(() => {
    seen.push("second");
    return 2;
  });
  await Promise.resolve();
  slow.resolve();
  expect(await Promise.all([first, second])).toEqual([1, 2]);
  expect(seen).toEqual(["first begins", "first ends", "second"]);
});

test("a failure reaches who asked, and holds nobody up", async () => {
  const inTurn = turns();
  const bad = inTurn(() => {
    throw new Error("no");
  });
  const good = inTurn(() => "yes");
  expect((await failure(bad)).message).toBe("no");
  expect(await good).toBe("yes");
});
