import { expect } from "bun:test";
import type { Errand } from "../../../plugin/bus/errand.ts";
import { join } from "../../fakes/people.ts";
import type { Case } from "../contract.ts";

const errand = (session: string, more: Partial<Errand> = {}): Errand => ({
  id: "01ARZ3NDEKTSV4RRFFQ69G5FAV",
  session,
  asker: { pid: 77, start: "7" },
  tool: "dm",
  arguments: '{"to":"api"}',
  ...more,
});

/** What a command asks a session's server to do. */
export function errands(it: Case): void {
  it("is seen by the session that it is for, done once, and answered", async ({ a, b }) => {
    const { session } = await join(b, "api");
    const other = await join(b, "lead");
    const asked = errand(session.id);
    await a.ask(asked);
    expect((await b.news(session.id))?.errands).toBe(true);
    expect((await b.news(other.session.id))?.errands).toBe(false);
    expect(await b.errands(session.id)).toEqual([asked]);
    expect(await b.errands(other.session.id)).toEqual([]);
    expect(await a.answer(asked.id)).toBeNull();
    await b.fulfil(asked.id, '{"ok":true}');
    expect((await b.news(session.id))?.errands).toBe(false);
    expect(await b.errands(session.id)).toEqual([]);
    expect(await a.answer(asked.id)).toBe('{"ok":true}');
    await a.forget(asked.id);
    expect(await a.answer(asked.id)).toBeNull();
  });

  it("that nobody waits for any more is not done, and does not stay", async ({ a, b, clock }) => {
    const { session } = await join(b, "api");
    await a.ask(errand(session.id));
    await clock.pass(61_000);
    expect(await b.errands(session.id)).toEqual([]);
    await a.ask(errand(session.id, { id: "01ARZ3NDEKTSV4RRFFQ69G5FAW" }));
    expect((await b.errands(session.id)).map(({ id }) => id)).toEqual(["01ARZ3NDEKTSV4RRFFQ69G5FAW"]);
    await b.fulfil("01ARZ3NDEKTSV4RRFFQ69G5FAV", "{}");
    expect(await b.answer("01ARZ3NDEKTSV4RRFFQ69G5FAV")).toBeNull();
  });
}
