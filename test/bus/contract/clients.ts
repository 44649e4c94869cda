import { expect } from "bun:test";
import { boot, join, place } from "../../fakes/people.ts";
import type { Case } from "../contract.ts";

/** What is known of a session's client. */
export function clients(it: Case): void {
  it("notes when a client's hooks were heard, for all sessions of that client", async ({ a, b, clock }) => {
    const client = { pid: 50, start: "7" };
    const one = await join(a, "one", { client });
    const two = await join(b, "two", { client });
    const other = await join(b, "other", { client: { pid: 50, start: "8" } });
    const hooksAt = async (id: string) => (await b.session(id))?.hooksAt;
    await clock.pass(1000);
    await a.sight({ client, sessionId: "c-1", transcript: "/t" }, place);
    for (const { session } of [one, two]) expect(await hooksAt(session.id)).toBe(clock.now());
    expect(await hooksAt(other.session.id)).toBeNull();
    await clock.pass(1000);
    await b.sight({ client, sessionId: null, transcript: null }, place);
    expect(await hooksAt(one.session.id)).toBe(clock.now());
  });

  it("knows a client whose hook ran before its server had joined", async ({ a, b, clock }) => {
    const client = { pid: 50, start: "7" };
    await a.sight({ client, sessionId: "c-1", transcript: null }, place);
    const { session } = await join(b, "api", { client });
    expect(session.hooksAt).toBe(clock.now());
  });

  it("does not take a client of another boot or pid namespace for this one", async ({ a, b }) => {
    const client = { pid: 50, start: "7" };
    const { session } = await join(a, "api", { client });
    for (const where of [
      { ...place, boot: "boot-2" },
      { ...place, pidSpace: "pid:[2]" },
    ]) {
      await b.sight({ client, sessionId: null, transcript: null }, where);
      expect((await a.session(session.id))?.hooksAt).toBeNull();
      expect(await a.servedBy(client, null, where)).toBeNull();
    }
  });

  it("finds the open session that serves a client", async ({ a, b }) => {
    const { session } = await join(a, "api", { clientSession: "c-1" });
    await join(a, "other");
    expect(await b.servedBy(session.client, "c-1", place)).toEqual(session);
    // After /clear the client's session id is news to us; it is still the only server of this client.
    expect(await b.servedBy(session.client, "c-9", place)).toEqual(session);
    expect(await b.servedBy({ pid: 1, start: "1" }, "c-1", place)).toBeNull();
    await a.close([session.id]);
    expect(await b.servedBy(session.client, "c-1", place)).toBeNull();
  });

  it("tells servers that share a parent apart by the client's session id, and guesses none", async ({
    a,
    b,
  }) => {
    const client = { pid: 50, start: "7" };
    const one = await join(a, "one", { client, clientSession: "c-1" });
    const two = await join(b, "two", { client, clientSession: "c-2" });
    expect((await a.servedBy(client, "c-1", place))?.id).toBe(one.session.id);
    expect((await a.servedBy(client, "c-2", place))?.id).toBe(two.session.id);
    expect(await a.servedBy(client, "c-3", place)).toBeNull();
    expect(await a.servedBy(client, null, place)).toBeNull();
  });

  it("follows a client to another session id", async ({ a, b }) => {
    const { session } = await join(a, "api", { clientSession: "c-1" });
    const other = await join(a, "other", { clientSession: "c-1" });
    await b.follow(session.id, "c-2");
    expect((await a.session(session.id))?.clientSession).toBe("c-2");
    expect((await a.session(other.session.id))?.clientSession).toBe("c-1");
    expect((await a.predecessor({ clientSession: "c-2", client: null, place: { ...place, boot } }))?.id).toBe(
      session.id,
    );
  });

  it("sees no sessions of an older plugin in a store of its own", async ({ a }) => {
    await join(a, "api");
    expect(await a.foreignSessions()).toEqual([]);
  });
}
