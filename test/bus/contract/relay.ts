import { expect } from "bun:test";
import type { Bus } from "../../../plugin/bus/bus.ts";
import {
  isGenuineRequest,
  type PermissionRequest,
  requestText,
  type Settlement,
  type Verdict,
  verdictText,
} from "../../../plugin/core/permission.ts";
import { relayTo } from "../../../plugin/policy/notice.ts";
import { startOfTime } from "../../fakes/clock.ts";
import { join, type Member } from "../../fakes/people.ts";
import type { Case } from "../contract.ts";

let ids = 0;

/** A request of a session, signed. */
export function ask(
  by: Member,
  asked: readonly string[],
  more: Partial<PermissionRequest> = {},
): PermissionRequest {
  const { id: session, name, role, project, cwd, branch } = by.session;
  const plain = {
    ...{
      id: `01ARZ3NDEKTSV4RRFFQ69G${String(ids++).padStart(4, "0")}`,
      letters: "abcde",
      session,
      name,
      role,
    },
    ...{ project, cwd, branch, tool: "Bash", description: "lists", input: '{"command":"ls"}', asked },
    askedAt: startOfTime + ids,
    ...more,
  };
  return { ...plain, publicKey: by.keys.publicKey, signature: by.keys.sign(requestText(plain)) };
}

function answer(by: Member, about: PermissionRequest, more: Partial<Verdict> = {}): Verdict {
  const plain = {
    request: about.id,
    decider: by.keys.id,
    behavior: "allow" as const,
    reason: null,
    remember: false,
    at: 7,
  };
  const claim = { ...plain, ...more };
  return { ...claim, publicKey: by.keys.publicKey, signature: by.keys.sign(verdictText(claim, about)) };
}

const line = ({ request, at }: Verdict) =>
  ({ at, request, kind: "given", who: "lead", detail: "allow" }) as const;

const open: Settlement = { state: "open", by: null, behavior: null, reason: null, at: null };
const idsOf = (list: readonly { id: string }[]) => list.map(({ id }) => id);

/** Permission requests, verdicts on them, and the record of both. */
export function relay(it: Case): void {
  const pair = async (a: Bus, b: Bus) => [await join(a, "worker"), await join(b, "lead")] as const;

  it("hands out a request as it was signed, to everybody", async ({ a, b }) => {
    const [worker, lead] = await pair(a, b);
    const request = ask(worker, [lead.keys.id, "user"], {
      input: JSON.stringify({ command: "Grüße 👩‍👩‍👧 \u202e\0\n'; drop table audit; --" }),
      branch: null,
      project: null,
    });
    await a.openRequest(request);
    const found = await b.request(request.id);
    expect(found).toEqual({ ...request, settlement: open });
    expect(found !== null && isGenuineRequest(found)).toBe(true);
    expect(await b.request("01ARZ3NDEKTSV4RRFFQ69GXXXX")).toBeNull();
  });

  it("lists the open ones, and all, oldest first", async ({ a, b }) => {
    const [worker, lead] = await pair(a, b);
    const [one, two, three] = [ask(worker, []), ask(lead, []), ask(worker, [])];
    for (const request of [three, one, two]) await a.openRequest(request);
    expect(idsOf(await b.requests("open"))).toEqual([one.id, two.id, three.id]);
    await a.settle(two.id, { state: "given", by: "user", behavior: "deny", reason: "no", at: 9 });
    expect(idsOf(await b.requests("open"))).toEqual([one.id, three.id]);
    expect(idsOf(await b.requests("all"))).toEqual([one.id, two.id, three.id]);
    expect((await b.request(two.id))?.settlement).toEqual({
      ...{ state: "given", by: "user", behavior: "deny", reason: "no", at: 9 },
    });
  });

  it("writes a request down anew over whatever stands under its id", async ({ a, b }) => {
    const [worker] = await pair(a, b);
    const request = ask(worker, ["x"]);
    await b.openRequest({ ...request, input: "changed", asked: ["y"] });
    await b.settle(request.id, { state: "given", by: "x", behavior: "allow", reason: null, at: 1 });
    await a.openRequest(request);
    expect(await b.request(request.id)).toEqual({ ...request, settlement: open });
  });

  it("gives a session the verdicts on its own requests, in order, until it looked at them", async ({
    a,
    b,
  }) => {
    const [worker, lead] = await pair(a, b);
    const mine = ask(worker, [lead.keys.id]);
    const other = ask(lead, [worker.keys.id]);
    await a.openRequest(mine);
    await a.openRequest(other);
    const first = answer(lead, mine, { behavior: "deny", reason: "not now", remember: true });
    const second = answer(lead, mine);
    for (const verdict of [first, second, answer(worker, other)]) await b.giveVerdict(verdict, line(verdict));
    const given = await a.verdicts(worker.session.id);
    expect(given.map(({ row: _, ...verdict }) => verdict)).toEqual([first, second]);
    await a.markVerdict(given[0]?.row ?? -1, null);
    expect((await a.verdicts(worker.session.id)).map(({ signature }) => signature)).toEqual([
      second.signature,
    ]);
    await a.markVerdict(given[1]?.row ?? -1, "late");
    expect(await a.verdicts(worker.session.id)).toEqual([]);
    expect(await b.verdicts(lead.session.id)).toHaveLength(1);
    expect(await a.audits({ request: mine.id, limit: 9 })).toEqual([line(first), line(second)]);
  });

  it("keeps a verdict that was given twice apart from the first", async ({ a, b }) => {
    const [worker, lead] = await pair(a, b);
    const request = ask(worker, [lead.keys.id]);
    await a.openRequest(request);
    const verdict = answer(lead, request);
    await b.giveVerdict(verdict, line(verdict));
    await b.giveVerdict(verdict, line(verdict));
    const [first] = await a.verdicts(worker.session.id);
    await a.markVerdict(first?.row ?? -1, null);
    expect(await a.verdicts(worker.session.id)).toHaveLength(1);
  });

  it("counts a session's open requests as withdrawn when it leaves", async ({ a, b }) => {
    const [worker, lead] = await pair(a, b);
    const [one, two, other] = [ask(worker, []), ask(worker, []), ask(lead, [])];
    for (const request of [one, two, other]) await a.openRequest(request);
    await a.settle(one.id, { state: "given", by: "user", behavior: "allow", reason: null, at: 9 });
    await b.close([worker.session.id]);
    const state = async (id: string) => (await a.request(id))?.settlement.state;
    expect([await state(one.id), await state(two.id), await state(other.id)]).toEqual([
      "given",
      "withdrawn",
      "open",
    ]);
  });

  it("takes back the mail about a request that nobody was given, and tells who was", async ({
    a,
    b,
    clock,
  }) => {
    const [worker, lead] = await pair(a, b);
    const mate = await join(b, "mate");
    const request = ask(worker, [lead.keys.id, mate.keys.id]);
    await a.openRequest(request);
    let made = 0;
    const newId = () => `01ARZ3NDEKTSV4RRFFQ69H${String(made++).padStart(4, "0")}`;
    const parts = { clock, keys: worker.keys, newId, self: () => worker.session, historyDays: 7 };
    for (const to of [lead, mate])
      expect(await a.post(relayTo(parts, to.session, request.id, "asks", "urgent"))).toMatchObject({
        ok: true,
      });
    expect(await b.claim({ session: mate.session, path: "pull", limit: 9 })).toHaveLength(1);
    expect(await a.withdrawAsking(request.id)).toEqual([mate.session.mailbox]);
    expect(await b.claim({ session: lead.session, path: "pull", limit: 9 })).toEqual([]);
    expect(await b.unread(lead.session)).toBe(0);
    expect(await a.withdrawAsking("01ARZ3NDEKTSV4RRFFQ69GXXXX")).toEqual([]);
  });

  it("keeps a record in order, and gives the last of it, of a time or of one request", async ({ a, b }) => {
    for (let n = 0; n < 6; n++)
      await (n % 2 === 0 ? a : b).audit({
        ...{ at: n, request: n < 3 ? "one" : "two", kind: "given", who: `w${n}`, detail: "" },
      });
    const who = async (query: Parameters<Bus["audits"]>[0]) =>
      (await b.audits(query)).map((line) => line.who);
    expect(await who({ limit: 100 })).toEqual(["w0", "w1", "w2", "w3", "w4", "w5"]);
    expect(await who({ limit: 2 })).toEqual(["w4", "w5"]);
    expect(await who({ since: 4, limit: 100 })).toEqual(["w4", "w5"]);
    expect(await who({ request: "one", limit: 2 })).toEqual(["w1", "w2"]);
  });

  it("keeps requests, verdicts and the record for 30 days, whatever the history", async ({ a, b, clock }) => {
    const [worker, lead] = await pair(a, b);
    const request = ask(worker, [lead.keys.id]);
    await a.openRequest(request);
    const verdict = answer(lead, request, { at: clock.now() });
    await b.giveVerdict(verdict, line(verdict));
    const day = 86_400_000;
    await clock.pass(29 * day);
    await b.prune(lead.session.id, 1);
    expect(await a.requests("all")).toHaveLength(1);
    expect(await a.audits({ limit: 9 })).toHaveLength(1);
    await clock.pass(2 * day);
    await b.prune(lead.session.id, 1);
    expect(await a.requests("all")).toEqual([]);
    expect(await a.audits({ limit: 9 })).toEqual([]);
  });
}
