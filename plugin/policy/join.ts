import type { Bus, Joined, Joining } from "../bus/bus.ts";
import { DmError } from "../core/errors.ts";
import type { Identity, Session } from "../core/model.ts";
import { maxNameLength, nameFromFolder } from "../core/names.ts";
import { neutraliseLine } from "../core/neutral.ts";
import type { Standing } from "./presence.ts";

export interface Wish {
  /** From the settings; null: none was given. */
  readonly name: string | null;
  readonly role: string | null;
  readonly project: string | null;
  /** Where it joins again: the role that gates broadcasts stays the one it started with. */
  readonly startRole?: string;
}

export interface Arrival {
  readonly session: Session;
  /** The name asked for, where this one is a variant of it, and why. */
  readonly instead: { readonly wanted: string; readonly why: "name_taken" | "mailbox_held" } | null;
}

export interface Joins {
  readonly bus: Bus;
  readonly standing: (session: Session) => Standing;
}

const defaultRole = "worker";

/**
 * Puts this server on the roster: under the name it was given, else the one its client had before
 * (restart, reconnect, `--resume`), else one made from its folder. A taken name becomes a variant.
 */
export async function arrive(
  parts: Joins,
  base: Omit<Joining, keyof Identity | "startName" | "startRole">,
  wish: Wish,
): Promise<Arrival> {
  const before = wish.name === null ? await formerSelf(parts, base) : null;
  const wanted = wish.name ?? before?.name ?? nameFromFolder(base.cwd);
  const role = wish.role ?? before?.role ?? defaultRole;
  const project = wish.project ?? before?.project ?? null;
  let instead: Arrival["instead"] = null;
  for (let n = 1; ; n++) {
    const name = n === 1 ? wanted : variant(wanted, n);
    const given = n === 1 && (wish.name !== null || before !== null);
    const joining = {
      ...base,
      name,
      role,
      project,
      startName: given ? name : null,
      startRole: wish.startRole ?? wish.role ?? defaultRole,
    };
    const joined = await takeOver(parts, () => parts.bus.join(joining));
    if (joined.ok) return { session: joined.session, instead };
    instead ??= { wanted, why: joined.why };
  }
}

/** @throws DmError `name_taken` with the holder, `mailbox_held` where somebody else's mail waits. */
export async function rename(parts: Joins, self: Session, next: Identity): Promise<Session> {
  const joined = await takeOver(parts, () => parts.bus.rename({ id: self.id, ...next }));
  if (joined.ok) return joined.session;
  if (joined.why === "name_taken") {
    const { server, cwd, project } = joined.holder;
    throw new DmError(
      "name_taken",
      `"${next.name}" is held by a live session (pid ${server.pid}, ${project === null ? "no project" : `project "${project}"`}, in ${neutraliseLine(cwd)}). Choose another name; it is free again as soon as that session ends.`,
    );
  }
  throw new DmError(
    "mailbox_held",
    `"${next.name}" has ${joined.waiting} unread message${joined.waiting === 1 ? "" : "s"} for a session that ran in ${neutraliseLine(joined.holder.folder)}. Choose another name, or register there; the mail passes on only in that folder or with CC_DM_SESSION_NAME=${next.name}.`,
  );
}

/** A holder whose process is gone is no holder, and a deaf one yields to whoever can listen. */
async function takeOver({ bus, standing }: Joins, attempt: () => Promise<Joined>): Promise<Joined> {
  const joined = await attempt();
  if (joined.ok || joined.why !== "name_taken" || !["gone", "deaf"].includes(standing(joined.holder)))
    return joined;
  await bus.close([joined.holder.id]);
  return attempt();
}

/** The session this client had before, if it is not there any more. */
async function formerSelf(
  { bus, standing }: Joins,
  base: Pick<Joining, "clientSession" | "client" | "place" | "id">,
): Promise<Session | null> {
  const found = await bus.predecessor({
    clientSession: base.clientSession,
    client: base.client,
    place: base.place,
  });
  if (found === null || found.id === base.id) return null;
  // A parent that never sent a hook may be a test host or an embedder with many servers.
  const sameSession = base.clientSession !== null && found.clientSession === base.clientSession;
  if (!sameSession && found.hooksAt === null) return null;
  return found.closedAt !== null || ["gone", "deaf"].includes(standing(found)) ? found : null;
}

function variant(name: string, n: number): string {
  const tail = `-${n}`;
  return `${[...name].slice(0, maxNameLength - tail.length).join("")}${tail}`;
}
