import { expect } from "bun:test";
import { join, place, send } from "../../fakes/people.ts";
import type { Case } from "../contract.ts";

/** What others may have changed for a session. */
export function news(it: Case): void {
  it("tells a session whether mail waits that it was not given", async ({ a, b }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    expect(await b.news(api.session.id)).toEqual({ hooksAt: null, clientSession: null, mail: false });
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
    expect(await a.news(session.id)).toEqual({ hooksAt: clock.now(), clientSession: "c-2", mail: false });
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
