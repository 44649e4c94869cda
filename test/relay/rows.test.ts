/** What a program that writes into the file itself can bring about: nothing that counts, and it is noticed. */
import type { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { ulid } from "ulid";
import { type Keys, makeKeys } from "../../plugin/core/keys.ts";
import {
  type PermissionRequest,
  requestText,
  type Verdict,
  verdictText,
} from "../../plugin/core/permission.ts";
import { userKeys } from "../../plugin/host/userkey.ts";
import type { TestBus } from "../support/testbus.ts";
import { testBus } from "../support/testbus.ts";
import {
  type Asking,
  asked,
  audits,
  model,
  onRecord,
  person,
  type Request,
  request,
  rows,
  stillWaits,
  threeOf,
} from "./scene.ts";

const bus = testBus();
const input = { command: "rm -r build" };

type Row = Record<string, string | number | null>;

function insert(db: Database, table: string, row: Row): void {
  const columns = Object.keys(row);
  db.query(`insert into ${table} (${columns.join(", ")}) values (${columns.map(() => "?").join(", ")})`).run(
    ...Object.values(row),
  );
}

/** A request as its row tells. */
function asSigned(of: TestBus, id: string): PermissionRequest {
  const row = rows(of).query<Row, [string]>("select * from permission_request where id = ?").get(id) ?? {};
  const { asked_at: askedAt, public_key: publicKey, asked: list, ...more } = row;
  return { ...more, askedAt, publicKey, asked: JSON.parse(String(list)) } as unknown as PermissionRequest;
}

function verdictBy(keys: Keys, of: PermissionRequest, claim: Partial<Verdict> = {}): Verdict {
  const plain = {
    ...{
      request: of.id,
      decider: keys.id,
      behavior: "allow" as const,
      reason: null,
      remember: false,
      at: Date.now(),
    },
    ...claim,
  };
  return { ...plain, publicKey: keys.publicKey, signature: keys.sign(verdictText(plain, of)), ...claim };
}

function write({ request, decider, publicKey, behavior, reason, remember, at, signature }: Verdict): void {
  insert(rows(bus), "verdict", {
    ...{
      request,
      decider,
      public_key: publicKey,
      behavior,
      reason,
      remember: remember ? 1 : 0,
      at,
      signature,
      seen: 0,
    },
  });
}

function copy(of: string, change: Row): void {
  const row = rows(bus).query<Row, [string]>("select * from verdict where request = ?").get(of);
  insert(rows(bus), "verdict", { ...row, seen: 0, refused: null, ...change });
}

async function scene() {
  const three = await threeOf(bus);
  const prompt = await asked(bus, three.worker, { input });
  return { ...three, prompt, signed: asSigned(bus, prompt.request.id) };
}

type Scene = Awaited<ReturnType<typeof scene>>;

/** The verdict that stands there is refused for this reason, and the prompt waits on. */
async function refusedFor(
  prompt: Asking & { request: Request },
  why: string,
  id = prompt.request.id,
): Promise<void> {
  await onRecord(bus, { request: id, kind: "refused", detail: why });
  await stillWaits(bus, prompt);
}

describe("a verdict written straight into the file", () => {
  const forgeries: [string, string, (scene: Scene) => Verdict][] = [
    ["with a key of its own", "its decider was not asked", ({ signed }) => verdictBy(makeKeys(), signed)],
    [
      "with the approver's id and a key of its own",
      "its key is not the decider's",
      ({ signed }) => verdictBy(makeKeys(), signed, { decider: signed.asked[0] ?? "" }),
    ],
    [
      "with the person's id and a key of its own",
      "its key is not the decider's",
      ({ signed }) => verdictBy(makeKeys(), signed, { decider: signed.asked.at(-1) ?? "" }),
    ],
    [
      "with the requester's own id and key, which stands in its row",
      "nobody decides for itself",
      ({ signed }) => ({
        ...verdictBy(makeKeys(), signed),
        decider: signed.session,
        publicKey: signed.publicKey,
      }),
    ],
    [
      "with the approver's id and public key, and no signature of it",
      "its signature is wrong",
      ({ signed }) => {
        const decider = signed.asked[0] ?? "";
        const row = rows(bus).query<{ public_key: string }, [string]>(
          "select public_key from session where id = ?",
        );
        return { ...verdictBy(makeKeys(), signed), decider, publicKey: row.get(decider)?.public_key ?? "" };
      },
    ],
    [
      "with a signature that is none",
      "its signature is wrong",
      ({ signed }) => ({ ...verdictBy(userKeys(bus.home), signed), signature: "" }),
    ],
    [
      "as it was signed for another answer",
      "its signature is wrong",
      ({ signed }) => ({ ...verdictBy(userKeys(bus.home), signed, { behavior: "deny" }), behavior: "allow" }),
    ],
    [
      "as it was signed without remember",
      "its signature is wrong",
      ({ signed }) => ({ ...verdictBy(userKeys(bus.home), signed), remember: true }),
    ],
    [
      "as it was signed for another input of the same request",
      "its signature is wrong",
      ({ signed }) => verdictBy(userKeys(bus.home), { ...signed, input: '{"command":"ls"}' }),
    ],
    [
      "with an answer that is none",
      "neither allow nor deny",
      ({ signed }) => verdictBy(userKeys(bus.home), signed, { behavior: "ALLOW" as "allow" }),
    ],
  ];
  for (const [what, why, forge] of forgeries) {
    test(`${what} is refused: ${why}`, async () => {
      const scenery = await scene();
      write(forge(scenery));
      await refusedFor(scenery.prompt, why);
    });
  }

  test("for a request of nobody's, or of one that is over, is put on record too", async () => {
    const { prompt, signed } = await scene();
    await person(bus, prompt.request.id, "deny");
    await prompt.answer;
    write(verdictBy(makeKeys(), signed));
    await onRecord(bus, { request: prompt.request.id, kind: "refused" });
    expect(request(bus, prompt.request.id).behavior).toBe("deny");
  });
});

describe("a genuine verdict", () => {
  async function decided() {
    const scenery = await scene();
    await (
      await model(scenery.lead, "decide", { request_id: scenery.prompt.request.id, verdict: "allow" })
    ).ok();
    expect(await scenery.prompt.answer).toEqual({ behavior: "allow" });
    return scenery;
  }

  test("copied to another request of the same call is refused", async () => {
    const { worker, prompt } = await decided();
    const next = await asked(bus, worker, { input });
    copy(prompt.request.id, { request: next.request.id });
    await refusedFor(next, "its signature is wrong");
  });

  test("written once more for the same request is refused, and the first stays what it was", async () => {
    const { worker, prompt } = await decided();
    const next = await asked(bus, worker, { input });
    copy(prompt.request.id, {});
    await refusedFor(next, "", prompt.request.id);
    expect(
      rows(bus).query("select refused from verdict where request = ? order by rowid").all(prompt.request.id),
    ).toEqual([{ refused: null }, { refused: expect.stringContaining("") }]);
  });

  test("turned around under its old signature is refused", async () => {
    const { prompt, signed } = await scene();
    const keys = userKeys(bus.home);
    const denial = verdictBy(keys, signed, { behavior: "deny" });
    write({ ...denial, behavior: "allow" });
    await refusedFor(prompt, "its signature is wrong");
  });
});

describe("a request that was changed in the file after it was put", () => {
  test("in its input is found by nobody, and nothing decided on it counts", async () => {
    const { prompt, lead, worker } = await scene();
    worker.kill("SIGSTOP"); // it would put the request right at its next look
    rows(bus)
      .query("update permission_request set input = ? where id = ?")
      .run('{"command":"ls"}', prompt.request.id);
    const decide = await model(lead, "decide", { request_id: prompt.request.id, verdict: "allow" });
    expect((await decide.refused()).code).toBe("unknown_request");
    expect(await lead.ok("approvals")).toMatchObject({ requests: [] });
    write(verdictBy(userKeys(bus.home), asSigned(bus, prompt.request.id)));
    worker.kill("SIGCONT");
    await onRecord(bus, { request: prompt.request.id, kind: "refused", detail: "its signature is wrong" });
    expect(prompt.isAnswered()).toBe(false);
    prompt.cancel();
  });

  test("in whom it was put to lets nobody else decide", async () => {
    const { prompt, third, lead, worker } = await scene();
    worker.kill("SIGSTOP");
    const { id } = (await third.ok("who")).sessions.find((one) => one.you) ?? { id: "" };
    const list = JSON.stringify([...JSON.parse(prompt.request.asked), id]);
    rows(bus).query("update permission_request set asked = ? where id = ?").run(list, prompt.request.id);
    for (const session of [third, lead]) {
      const decide = await model(session, "decide", { request_id: prompt.request.id, verdict: "allow" });
      expect((await decide.refused()).code).toBe("unknown_request");
    }
    expect(await third.ok("approvals")).toMatchObject({ requests: [] });
    worker.kill("SIGCONT");
    await onRecord(bus, { request: prompt.request.id, kind: "altered" });
    await stillWaits(bus, prompt);
  });

  test("and signed anew by a stranger is shown to nobody as its session's", async () => {
    const { prompt, lead } = await scene();
    const keys = makeKeys();
    const forged = { ...asSigned(bus, prompt.request.id), id: ulid(), input: '{"command":"forged"}' };
    const db = rows(bus);
    const like = db
      .query<Row, [string]>("select * from permission_request where id = ?")
      .get(prompt.request.id);
    insert(db, "permission_request", {
      ...like,
      ...{
        id: forged.id,
        input: forged.input,
        public_key: keys.publicKey,
        signature: keys.sign(requestText(forged)),
      },
    });
    expect(JSON.stringify(await lead.ok("approvals", { request_id: forged.id }))).not.toContain("forged");
    expect(JSON.stringify(await lead.ok("approvals"))).not.toContain(forged.id);
    const decide = await model(lead, "decide", { request_id: forged.id, verdict: "allow" });
    expect((await decide.refused()).code).toBe("unknown_request");
    await stillWaits(bus, prompt);
  });

  test("in how far it has come answers no dialog", async () => {
    const { prompt } = await scene();
    rows(bus)
      .query(
        "update permission_request set state = 'given', behavior = 'allow', settled_by = 'user' where id = ?",
      )
      .run(prompt.request.id);
    rows(bus)
      .query("insert into audit (at, request, kind, who, detail) values (?, ?, 'given', 'user', 'allow')")
      .run(Date.now(), prompt.request.id);
    await Bun.sleep(1_500);
    expect(prompt.isAnswered()).toBe(false);
    write(verdictBy(userKeys(bus.home), asSigned(bus, prompt.request.id), { behavior: "deny" }));
    expect((await prompt.answer)?.behavior).toBe("deny");
    expect(request(bus, prompt.request.id).behavior).toBe("deny");
  });
});

test("mail that claims to be a request is shown to nobody, whoever signed it", async () => {
  const { lead, third, prompt } = await scene();
  await lead.ok("inbox");
  await third.ok("dm", { to: "lead", content: "forged" });
  rows(bus).run("update message set kind = 'request', rule = 'relay' where body = 'forged'");
  expect((await lead.ok("inbox")).messages).toEqual([]);
  expect((await lead.ok("who")).warnings).toHaveLength(1);
  await stillWaits(bus, prompt);
});

test("a session whose row was given the person's name decides under its own", async () => {
  const { prompt, lead } = await scene();
  const decide = await model(lead, "decide", { request_id: prompt.request.id, verdict: "deny" });
  rows(bus).run("update session set name = 'user' where name = 'lead'");
  await decide.ok();
  expect((await prompt.answer)?.message).toContain("Denied by lead");
  expect(request(bus, prompt.request.id).settled_by).toBe("lead");
  expect(audits(bus, prompt.request.id).map(({ who }) => who)).not.toContain("user");
});
