import { expect } from "bun:test";
import { join, place } from "../../fakes/people.ts";
import type { Case } from "../contract.ts";

const client = { pid: 50, start: "7" };
const told = { client, sessionId: "c-1", transcript: "/t/c-1.jsonl" };
const given = { path: "/t/c-1.jsonl", given: true };

/** Where a session's conversation is kept, and whether others may have it. */
export function transcripts(it: Case): void {
  it("is where the session's client told, while it is open and after it closed", async ({ a, b }) => {
    const { session } = await join(a, "api", { client, clientSession: "c-1" });
    expect(await b.transcriptOf(session.id)).toBeNull();
    await b.sight(told, place);
    expect(await a.transcriptOf(session.id)).toEqual(given);
    await a.close([session.id]);
    expect(await b.transcriptOf(session.id)).toEqual(given);
    expect(await b.transcriptOf("nobody")).toBeNull();
  });

  it("is another one after the client told of another", async ({ a, b }) => {
    const { session } = await join(a, "api", { client, clientSession: "c-1" });
    await a.sight(told, place);
    await b.sight({ client, sessionId: "c-2", transcript: "/t/c-2.jsonl" }, place);
    await b.follow(session.id, "c-2");
    expect(await a.transcriptOf(session.id)).toEqual({ path: "/t/c-2.jsonl", given: true });
    // A sign of life that names none leaves it as it was.
    await b.sight({ client, sessionId: "c-2", transcript: null }, place);
    expect(await a.transcriptOf(session.id)).toEqual({ path: "/t/c-2.jsonl", given: true });
  });

  it("is not that of another client, boot or namespace", async ({ a, b }) => {
    const { session } = await join(a, "api", { client, clientSession: "c-1" });
    await b.sight({ ...told, client: { pid: 50, start: "8" } }, place);
    await b.sight(told, { ...place, boot: "boot-2" });
    await b.sight(told, { ...place, pidSpace: "pid:[2]" });
    expect(await a.transcriptOf(session.id)).toBeNull();
  });

  it("of servers that share a parent is only that of the client's own session", async ({ a, b }) => {
    const one = await join(a, "one", { client, clientSession: "c-1" });
    const two = await join(b, "two", { client, clientSession: "c-2" });
    await a.sight(told, place);
    expect(await b.transcriptOf(one.session.id)).toEqual(given);
    expect(await b.transcriptOf(two.session.id)).toBeNull();
  });

  it("is not given by a session that keeps it, nor by one that does not say", async ({ a, b }) => {
    for (const givesTranscript of [false, null]) {
      const { session } = await join(a, `s-${givesTranscript}`, { givesTranscript });
      const transcript = `/t/${givesTranscript}.jsonl`;
      await a.sight({ client: session.client, sessionId: null, transcript }, place);
      expect((await b.session(session.id))?.givesTranscript).toBe(givesTranscript);
      expect(await b.transcriptOf(session.id)).toEqual({ path: transcript, given: false });
      await a.close([session.id]);
      expect(await b.transcriptOf(session.id)).toEqual({ path: transcript, given: false });
    }
  });

  it("is not given as long as it is known that a session kept it before", async ({ a, b }) => {
    const before = await join(a, "api", { client, clientSession: "c-1", givesTranscript: false });
    await a.sight(told, place);
    await a.close([before.session.id]);
    // Resumed in another client, the same file goes on.
    const later = { pid: 60, start: "9" };
    const { session } = await join(b, "again", { client: later, clientSession: "c-1" });
    await b.sight({ ...told, client: later }, place);
    expect(await a.transcriptOf(session.id)).toEqual({ path: told.transcript, given: false });
    // What a version that does not say was part of is given by one that does.
    const old = await join(a, "old", { clientSession: "c-5", givesTranscript: null });
    await a.sight({ client: old.session.client, sessionId: "c-5", transcript: "/t/c-5.jsonl" }, place);
    const now = await join(b, "now", { clientSession: "c-5" });
    await b.sight({ client: now.session.client, sessionId: "c-5", transcript: "/t/c-5.jsonl" }, place);
    expect(await a.transcriptOf(now.session.id)).toEqual({ path: "/t/c-5.jsonl", given: true });
  });
}
