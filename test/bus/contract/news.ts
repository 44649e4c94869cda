import { expect } from "bun:test";
import { join, place, posting, send } from "../../fakes/people.ts";
import type { Case } from "../contract.ts";

/** What others may have changed for a session. */
export function news(it: Case): void {
  it("tells a session whether mail waits that it was not given", async ({ a, b }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    expect(await b.news(api.session.id)).toEqual({
      hooksAt: null,
      clientSession: null,
      mail: false,
      transcript: null,
      unproven: false,
      errands: false,
      watching: false,
    });
    await send(a, lead, [api.session]);
    expect((await b.news(api.session.id))?.mail).toBe(true);
    expect((await a.news(lead.session.id))?.mail).toBe(false);
    await b.claim({ session: api.session, path: "wake", limit: 1 });
    expect((await b.news(api.session.id))?.mail).toBe(false);
    await a.close([api.session.id]);
    const successor = await join(b, "api");
    expect((await b.news(successor.session.id))?.mail).toBe(true);
  });

  it("tells when a hook was heard, and which of the client's sessions it is now", async ({ a, b, clock }) => {
    const { session } = await join(a, "api", { clientSession: "c-1" });
    await b.sight({ client: session.client, sessionId: "c-2", transcript: null }, place);
    await b.follow(session.id, "c-2");
    expect(await a.news(session.id)).toMatchObject({
      hooksAt: clock.now(),
      clientSession: "c-2",
      mail: false,
    });
  });

  it("tells where its client writes, once the hook at its start was heard", async ({ a, b }) => {
    const { session } = await join(a, "api");
    const { client } = session;
    await b.sight({ client, sessionId: null, transcript: null }, place);
    expect((await a.news(session.id))?.transcript).toBeNull();
    await b.sight({ client, sessionId: null, transcript: "/t.jsonl" }, place);
    expect((await a.news(session.id))?.transcript).toBe("/t.jsonl");
    await b.sight({ client, sessionId: null, transcript: null }, place);
    expect((await a.news(session.id))?.transcript).toBe("/t.jsonl");
  });

  it("tells whether something it was handed still lacks evidence", async ({ a, b }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    await send(a, lead, [api.session]);
    const [offer] = await b.claim({ session: api.session, path: "wake", limit: 1 });
    expect((await a.news(api.session.id))?.unproven).toBe(true);
    expect((await a.news(lead.session.id))?.unproven).toBe(false);
    await b.seen(api.session.id, [offer?.token ?? ""], "prompt");
    expect((await a.news(api.session.id))?.unproven).toBe(false);
    await send(a, lead, [api.session]);
    await b.claim({ session: api.session, path: "wake", limit: 1 });
    await b.close([api.session.id]);
    const successor = await join(b, "api"); // what another was handed is no matter of its own evidence
    expect((await a.news(successor.session.id))?.unproven).toBe(false);
  });

  it("tells whether it asked to hear how a message fares", async ({ a, b }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    await a.post({ ...posting(lead, [api.session]), notify: "seen" });
    expect((await b.news(lead.session.id))?.watching).toBe(true);
    expect((await b.news(api.session.id))?.watching).toBe(false);
  });

  it("tells a session that is not on the roster that there is none", async ({ a, b }) => {
    const { session } = await join(a, "api");
    await b.close([session.id]);
    expect(await a.news(session.id)).toBeNull();
    expect(await a.news("nobody")).toBeNull();
  });

  it("notices what other connections wrote, once, and not what it wrote itself", async ({ a, b }) => {
    a.changed();
    expect(a.changed()).toBe(false);
    const lead = await join(a, "lead");
    expect(a.changed()).toBe(false);
    const api = await join(b, "api");
    expect(a.changed()).toBe(true);
    expect(a.changed()).toBe(false);
    await send(b, api, [lead.session]);
    expect(a.changed()).toBe(true);
  });
}
