import { expect } from "bun:test";
import type { Bus } from "../../../plugin/bus/bus.ts";
import type { Offer, Path, Receipt } from "../../../plugin/core/model.ts";
import { join, type Member, place, posting, send } from "../../fakes/people.ts";
import type { Case } from "../contract.ts";

async function handed(bus: Bus, to: Member, path: Path, limit = 1): Promise<readonly Offer[]> {
  return bus.claim({ session: to.session, path, limit });
}

/** The receipts of a message, or of the newest, as its sender sees them. */
async function receipts(bus: Bus, from: Member, id?: string): Promise<readonly Receipt[]> {
  const passed = await bus.history({ mailbox: from.session.mailbox, limit: 100 });
  const sent = passed.filter((one) => one.sent && (id === undefined || one.message.id === id));
  return sent[0]?.receipts ?? [];
}

async function answer(bus: Bus, from: Member, to: Member, id: string): Promise<void> {
  await send(bus, from, [to.session], { inReplyTo: id, rule: "reply" });
}

/** From handed to seen, back to queued, or set aside. */
export function evidence(it: Case): void {
  it("tells the sender how far a message has come: queued, handed, seen", async ({ a, b, clock }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    await send(a, lead, [api.session]);
    const at = clock.now();
    const receipt = {
      name: "api",
      state: "queued",
      path: null,
      offers: 0,
      handedAt: null,
      seenAt: null,
      evidence: null,
    };
    expect(await receipts(a, lead)).toEqual([receipt] as Receipt[]);
    await clock.pass(100);
    const [offer] = await handed(b, api, "wake");
    const given = { ...receipt, state: "handed", path: "wake", offers: 1, handedAt: at + 100 };
    expect(await receipts(a, lead)).toEqual([given] as Receipt[]);
    await clock.pass(100);
    expect(await b.seen(api.session.id, [offer?.token ?? ""], "prompt")).toBe(1);
    const seen = { ...given, state: "seen", seenAt: at + 200, evidence: "prompt" };
    expect(await receipts(a, lead)).toEqual([seen] as Receipt[]);
  });

  it("takes a token once, and only those that were found", async ({ a, b }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    for (let n = 0; n < 3; n++) await send(a, lead, [api.session]);
    const tokens = (await handed(b, api, "wake", 3)).map((offer) => offer.token);
    expect(await b.seen(api.session.id, tokens.slice(0, 2), "prompt")).toBe(2);
    expect(await b.seen(api.session.id, tokens, "prompt")).toBe(1);
    expect(await b.seen(api.session.id, tokens, "prompt")).toBe(0);
    expect(await b.seen(api.session.id, [], "prompt")).toBe(0);
  });

  it("knows which offers still lack evidence", async ({ a, b }) => {
    const [lead, api, third] = [await join(a, "lead"), await join(b, "api"), await join(b, "third")];
    for (let n = 0; n < 3; n++) await send(a, lead, [api.session, third.session]);
    const tokens = (await handed(b, api, "wake", 2)).map((offer) => offer.token);
    await handed(b, third, "wake", 3);
    const of = async ({ session }: Member) => (await a.unproven(session.mailbox)).map((one) => one.token);
    expect((await of(api)).toSorted()).toEqual(tokens.toSorted());
    await b.seen(api.session.id, tokens.slice(0, 1), "prompt");
    expect(await of(api)).toEqual(tokens.slice(1));
    expect(await of(third)).toHaveLength(3);
    expect(await of(lead)).toEqual([]);
    expect(await a.unproven(999)).toEqual([]);
  });

  it("knows of them who was offered what, when, how, and where its client writes", async ({
    a,
    b,
    clock,
  }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    await a.sight({ client: api.session.client, sessionId: null, transcript: "/t.jsonl" }, place);
    await send(a, lead, [api.session]);
    await clock.pass(1000);
    const [offer] = await handed(b, api, "turn");
    const given = { token: offer?.token ?? "", path: "turn", handedAt: clock.now() } as const;
    expect(await a.unproven(api.session.mailbox)).toEqual([
      { ...given, session: api.session.id, transcript: "/t.jsonl" },
    ]);
    await b.close([api.session.id]);
    const successor = await join(b, "api"); // another client, of which no hook was heard
    expect(await a.unproven(successor.session.mailbox)).toEqual([
      { ...given, session: api.session.id, transcript: "/t.jsonl" },
    ]);
    const [again] = await handed(b, successor, "pull");
    expect(await a.unproven(successor.session.mailbox)).toEqual([
      {
        session: successor.session.id,
        token: again?.token ?? "",
        path: "pull",
        handedAt: clock.now(),
        transcript: null,
      },
    ]);
  });

  it("has nothing unproven once it is to be offered again", async ({ a, b, clock }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    await send(a, lead, [api.session]);
    await handed(b, api, "wake");
    await b.requeue(api.session.id, "wake", clock.now() + 1);
    expect(await a.unproven(api.session.mailbox)).toEqual([]);
  });

  it("knows the messages behind the tokens of a session's own offers", async ({ a, b }) => {
    const [lead, api, third] = [await join(a, "lead"), await join(b, "api"), await join(b, "third")];
    for (const body of ["1", "2", "3"]) await send(a, lead, [api.session, third.session], { body });
    const tokens = (await handed(b, api, "wake", 3)).map((offer) => offer.token);
    const under = async (by: Member, wanted: readonly string[]) =>
      (await a.handedUnder(by.session.id, wanted)).map((message) => message.body);
    expect(await under(api, [tokens[2] ?? "", tokens[0] ?? "", "000000000000"])).toEqual(["1", "3"]);
    expect(await under(third, tokens)).toEqual([]);
    await b.seen(api.session.id, tokens.slice(0, 1), "prompt");
    expect(await under(api, tokens)).toEqual(["2", "3"]);
    expect(await under(api, [])).toEqual([]);
  });

  it("takes no token from a session that was not offered it, nor one it never gave", async ({ a, b }) => {
    const [lead, api, third] = [await join(a, "lead"), await join(b, "api"), await join(b, "third")];
    await send(a, lead, [api.session, third.session]);
    const [offer] = await handed(b, api, "wake");
    const token = offer?.token ?? "";
    await handed(b, third, "wake");
    expect(await b.seen(third.session.id, [token], "prompt")).toBe(0);
    expect(await b.seen(lead.session.id, [token], "prompt")).toBe(0);
    expect(await b.seen("nobody", [token], "prompt")).toBe(0);
    expect(await b.seen(api.session.id, ["000000000000", ""], "prompt")).toBe(0);
    expect((await receipts(a, lead)).map((one) => one.state)).toEqual(["handed", "handed"]);
  });

  it("takes no token of an earlier offer, once the message was offered again", async ({ a, b, clock }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    await send(a, lead, [api.session]);
    const [first] = await handed(b, api, "channel");
    await clock.pass(1000);
    expect(await b.requeue(api.session.id, "channel", clock.now())).toBe(1);
    expect(await b.seen(api.session.id, [first?.token ?? ""], "late")).toBe(0);
    const [second] = await handed(b, api, "wake");
    expect(second).toMatchObject({ offers: 2, message: { id: first?.message.id } });
    expect(await b.seen(api.session.id, [first?.token ?? ""], "late")).toBe(0);
    expect(await b.seen(api.session.id, [second?.token ?? ""], "prompt")).toBe(1);
  });

  it("takes evidence for everything that one path carried", async ({ a, b }) => {
    const [lead, api, third] = [await join(a, "lead"), await join(b, "api"), await join(b, "third")];
    for (let n = 0; n < 3; n++) await send(a, lead, [api.session, third.session]);
    await handed(b, api, "turn", 2);
    await handed(b, api, "wake", 1);
    await handed(b, third, "turn", 3);
    expect(await b.seenBy(api.session.id, "turn", "stop")).toBe(2);
    expect(await b.seenBy(api.session.id, "turn", "stop")).toBe(0);
    expect(await b.seenBy("nobody", "turn", "stop")).toBe(0);
    expect((await receipts(a, lead)).map((one) => [one.name, one.state])).toEqual([
      ["api", "handed"],
      ["third", "handed"],
    ]);
  });

  it("takes evidence for what a path carried before a moment, not since", async ({ a, b, clock }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    for (let n = 0; n < 2; n++) await send(a, lead, [api.session]);
    await handed(b, api, "channel");
    await clock.pass(1000);
    const moment = clock.now();
    const [late] = await handed(b, api, "channel");
    expect(await b.seenBy(api.session.id, "channel", "trusted", moment)).toBe(1);
    expect(await b.seenBy(api.session.id, "channel", "trusted", moment)).toBe(0);
    expect(await b.seen(api.session.id, [late?.token ?? ""], "prompt")).toBe(1);
  });

  it("offers again what a path carried before a moment, in its old place", async ({ a, b, clock }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    for (const body of ["1", "2", "3", "4"]) await send(a, lead, [api.session], { body });
    const [seen] = await handed(b, api, "channel", 2);
    await b.seen(api.session.id, [seen?.token ?? ""], "prompt");
    await clock.pass(1000);
    const moment = clock.now();
    await handed(b, api, "channel");
    expect(await b.requeue(api.session.id, "wake", clock.now() + 1)).toBe(0);
    expect(await b.requeue("nobody", "channel", clock.now() + 1)).toBe(0);
    expect(await b.requeue(api.session.id, "channel", moment)).toBe(1);
    const again = await handed(b, api, "wake", 10);
    expect(again.map((offer) => [offer.message.body, offer.offers])).toEqual([
      ["2", 2],
      ["4", 1],
    ]);
  });

  for (const state of ["refused", "quarantined"] as const) {
    it(`sets a delivery aside as ${state}, for good`, async ({ a, b }) => {
      const [lead, api, third] = [await join(a, "lead"), await join(b, "api"), await join(b, "third")];
      const id = await send(a, lead, [api.session, third.session]);
      const [offer] = await handed(b, api, "wake");
      if (offer === undefined) throw new Error("nothing was offered");
      if (state === "refused") await b.refuse(offer, "because", null);
      else await b.quarantine(offer, "because");
      expect(await b.quarantined(api.session.mailbox)).toBe(state === "quarantined" ? 1 : 0);
      expect(await b.quarantined(third.session.mailbox)).toBe(0);
      expect(await b.received(api.session.mailbox, id)).toBeNull();
      expect(await b.history({ mailbox: api.session.mailbox, limit: 10 })).toEqual([]);
      expect(await b.seen(api.session.id, [offer.token], "prompt")).toBe(0);
      await answer(b, api, lead, id);
      expect((await receipts(a, lead)).map((one) => [one.name, one.state, one.evidence])).toEqual([
        ["api", state, "because"],
        ["third", "queued", null],
      ]);
      await b.close([api.session.id]);
      const { session } = await join(b, "api");
      expect(await b.claim({ session, path: "pull", limit: 10 })).toEqual([]);
    });
  }

  it("takes an answer as evidence that the message was seen", async ({ a, b, clock }) => {
    const [lead, api, third] = [await join(a, "lead"), await join(b, "api"), await join(b, "third")];
    const id = await send(a, lead, [api.session]);
    await handed(b, api, "wake");
    await clock.pass(500);
    await answer(b, third, lead, id); // not its receiver
    await send(b, api, [lead.session], { inReplyTo: id, rule: "no-project" }); // not by right of an answer
    expect((await receipts(a, lead, id))[0]?.state).toBe("handed");
    await answer(b, api, lead, id);
    expect((await receipts(a, lead, id))[0]).toMatchObject({
      state: "replied",
      seenAt: clock.now(),
      evidence: "reply",
    });
    expect(await b.requeue(api.session.id, "wake", clock.now() + 1)).toBe(0);
  });

  it("keeps earlier evidence when an answer follows", async ({ a, b, clock }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    const id = await send(a, lead, [api.session]);
    const [offer] = await handed(b, api, "wake");
    await b.seen(api.session.id, [offer?.token ?? ""], "prompt");
    const seenAt = clock.now();
    await clock.pass(500);
    await answer(b, api, lead, id);
    expect((await receipts(a, lead, id))[0]).toMatchObject({ state: "replied", seenAt, evidence: "prompt" });
  });

  it("takes no answer for sent that did not fit into the mailbox", async ({ a, b }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    const id = await send(a, lead, [api.session]);
    await handed(b, api, "wake");
    const more = { inReplyTo: id, rule: "reply" } as const;
    expect(await b.post({ ...posting(api, [lead.session], more), mailboxLimit: 0 })).toMatchObject({
      ok: false,
    });
    expect((await receipts(a, lead, id))[0]?.state).toBe("handed");
  });
}
