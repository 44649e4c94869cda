import type { Bus, Joining, Posting } from "../../plugin/bus/bus.ts";
import { messageIds } from "../../plugin/core/ids.ts";
import { type Keys, makeKeys, signedText } from "../../plugin/core/keys.ts";
import type { Letter, Session } from "../../plugin/core/model.ts";
import { startOfTime } from "./clock.ts";

export const boot = "boot-1";
export const place = { machine: "laptop", boot, pidSpace: "pid:[1]" };

const newId = messageIds();
let pids = 1000;

/** A session that a test made, with its key. */
export interface Member {
  readonly keys: Keys;
  readonly session: Session;
}

/** What a server of this name brings; in a folder of that name, started with it. */
export function joining(name: string, more: Partial<Joining> = {}, keys: Keys = makeKeys()): Joining {
  pids += 2;
  return {
    id: keys.id,
    publicKey: keys.publicKey,
    name,
    role: "worker",
    project: null,
    startName: name,
    startRole: "worker",
    place,
    server: { pid: pids, start: `${pids}` },
    client: { pid: pids + 1, start: `${pids + 1}` },
    clientSession: null,
    cwd: `/code/${name}`,
    repo: null,
    branch: null,
    listed: true,
    bell: null,
    version: "0.1.0",
    givesTranscript: true,
    ...more,
  };
}

export async function join(bus: Bus, name: string, more: Partial<Joining> = {}): Promise<Member> {
  const keys = makeKeys();
  const joined = await bus.join(joining(name, more, keys));
  if (!joined.ok) throw new Error(`${name} could not join: ${joined.why}`);
  return { keys, session: joined.session };
}

export function letter(from: Session, to: readonly Session[], more: Partial<Letter> = {}): Letter {
  return {
    id: newId(more.sentAt ?? startOfTime),
    kind: to.length > 1 ? "broadcast" : "dm",
    fromId: from.id,
    fromName: from.name,
    fromRole: from.role,
    fromProject: from.project,
    recipients: to.map(({ mailbox, name, project }) => ({ mailbox, name, project })),
    body: "hello",
    priority: null,
    type: null,
    threadId: null,
    inReplyTo: null,
    hops: 0,
    rule: from.project === null ? "no-project" : "same-project",
    sentAt: startOfTime,
    ttlMs: 86_400_000,
    ...more,
  };
}

/** A letter signed by its sender, ready for the bus. */
export function posting(from: Member, to: readonly Session[], more: Partial<Letter> = {}): Posting {
  return sealed(from, letter(from.session, to, more));
}

export function sealed({ keys, session }: Member, letter: Letter): Posting {
  return {
    letter,
    publicKey: keys.publicKey,
    signature: keys.sign(signedText(letter)),
    fromMailbox: session.mailbox,
    mailboxLimit: 10_000,
  };
}

/** Sends one message. @returns its id. */
export async function send(
  bus: Bus,
  from: Member,
  to: readonly Session[],
  more: Partial<Letter> = {},
): Promise<string> {
  const sending = posting(from, to, more);
  const posted = await bus.post(sending);
  if (!posted.ok) throw new Error(`not sent: ${posted.why}`);
  return sending.letter.id;
}
