import type { Bus } from "../bus/bus.ts";
import { DmError } from "../core/errors.ts";
import type { Identity, Mailbox, Presence, Recipient, Session } from "../core/model.ts";
import { fold, personName, reservedTwin } from "../core/names.ts";
import { neutraliseLine } from "../core/neutral.ts";
import type { Standing } from "./presence.ts";
import { scope } from "./rules.ts";

export interface Target extends Recipient {
  /** Null: a mailbox without a live session; mail waits there. */
  readonly session: Session | null;
  readonly presence: Presence;
}

export interface Addressing {
  readonly bus: Bus;
  readonly self: Identity & Pick<Session, "id" | "mailbox">;
  readonly standing: (session: Session) => Standing;
  readonly person: () => Promise<Session>;
}

/** Somebody who looks from outside: no session, and in reach of every one. */
export const onlooker: Addressing["self"] = { id: "", mailbox: 0, name: "", role: "", project: null };

const shortestPrefix = 4;

/**
 * Who is meant: a name, also with its project behind it (`api (shop)`), a session id or its prefix, or a folder's name when only one live session is
 * in such a folder. A closed name is a mailbox: mail waits there.
 *
 * @throws DmError `unknown_recipient`, `ambiguous_recipient` (both list candidates), `self_message`,
 *         `reserved_name`.
 */
export async function resolve(parts: Addressing, address: string): Promise<Target> {
  const word = fold(address);
  const target =
    word === personName
      ? personAs(await parts.person())
      : ((await inProject(parts, address)) ??
        (await liveByName(parts, word)) ??
        (await search(parts, word, address)));
  if (target.mailbox === parts.self.mailbox) {
    throw new DmError("self_message", `"${address}" is this session itself. Call who to see the others.`);
  }
  return target;
}

/** A live session as a target; closes it first if nobody is there any more. */
export async function targetOf({ bus, standing }: Addressing, session: Session): Promise<Target> {
  const presence = standing(session);
  const to = { mailbox: session.mailbox, name: session.name, project: session.project };
  if (presence !== "gone") return { ...to, session, presence };
  await bus.close([session.id]);
  return { ...to, session: null, presence: "closed" };
}

/** Whom no process stands for: mail waits until they look. */
function personAs({ mailbox, name, project }: Session): Target {
  return { mailbox, name, project, session: null, presence: "closed" };
}

/** `api (shop)`, `api (no project)`: as candidates are listed. */
async function inProject(parts: Addressing, address: string): Promise<Target | null> {
  const [, name, place] = /^(.+?) *\((.+)\)$/.exec(address.trim()) ?? [];
  if (name === undefined || place === undefined) return null;
  const project = place.trim() === "no project" ? null : fold(place);
  const session = await parts.bus.named(fold(name));
  if (session?.project === project) return targetOf(parts, session);
  const boxes = await parts.bus.closedMailboxes();
  const box = boxes.find((one) => one.name === fold(name) && one.project === project);
  return box === undefined ? null : closed(box);
}

async function liveByName(parts: Addressing, name: string): Promise<Target | null> {
  const session = await parts.bus.named(name);
  if (session === null) return null;
  // The same name may have closed in the writer's own project, and only that one is in its reach.
  if (session.id !== parts.self.id && !scope(parts.self, session).ok) {
    const waiting = (await parts.bus.closedMailboxes()).find(
      (box) => box.name === name && scope(parts.self, box).ok,
    );
    if (waiting !== undefined) return closed(waiting);
  }
  return targetOf(parts, session);
}

async function search(parts: Addressing, word: string, address: string): Promise<Target> {
  const boxes = (await parts.bus.closedMailboxes()).filter((box) => box.name === word);
  const inReach = boxes.filter((box) => scope(parts.self, box).ok);
  const named = inReach.length > 0 ? inReach : boxes;
  if (named.length === 1 && named[0] !== undefined) return closed(named[0]);
  if (named.length > 1) {
    throw new DmError(
      "ambiguous_recipient",
      `"${address}" is the name of ${named.length} closed sessions, in different projects. Say which, as listed.`,
      {
        candidates: named.map((box) => `${box.name} (${box.project ?? "no project"})`),
      },
    );
  }

  const live = await parts.bus.roster();
  const byId = word.length >= shortestPrefix ? live.filter((session) => session.id.startsWith(word)) : [];
  const listed = live.filter((session) => session.listed);
  const found = byId.length > 0 ? byId : listed.filter((session) => isFolder(session.cwd, address.trim()));
  if (found.length === 1 && found[0] !== undefined) return targetOf(parts, found[0]);
  if (found.length > 1) {
    throw new DmError(
      "ambiguous_recipient",
      `"${address}" fits ${found.length} live sessions. Use a name or a longer id.`,
      {
        candidates: found.map((session) => `${session.name} (${session.id}, ${neutraliseLine(session.cwd)})`),
      },
    );
  }
  if (reservedTwin(word) !== null) {
    throw new DmError(
      "reserved_name",
      `"${word}" is no session. To write to many, use broadcast; to the user, speak in your own conversation, or dm "${personName}" and they read it in a terminal.`,
    );
  }
  const candidates = listed
    .filter((session) => session.id !== parts.self.id && scope(parts.self, session).ok)
    .map((session) => session.name);
  throw new DmError(
    "unknown_recipient",
    `No session is called "${address.slice(0, 80)}". ${candidates.length > 0 ? "Live now and in your reach are the candidates." : "No other session is in your reach now; who tells of all."}`,
    {
      candidates: closest(word, candidates),
    },
  );
}

function closed(box: Mailbox): Target {
  return { mailbox: box.id, name: box.name, project: box.project, session: null, presence: "closed" };
}

function isFolder(cwd: string, address: string): boolean {
  const base = cwd.split("/").filter(Boolean).at(-1) ?? cwd;
  return cwd === address.replace(/\/+$/, "") || base.toLowerCase() === address.toLowerCase();
}

function closest(word: string, names: readonly string[]): string[] {
  const score = (name: string) =>
    name.startsWith(word) || word.startsWith(name) ? 0 : name.includes(word) || word.includes(name) ? 1 : 2;
  return [...names].sort((a, b) => score(a) - score(b) || a.localeCompare(b)).slice(0, 20);
}
