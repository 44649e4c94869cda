import type { Bus } from "../../bus/bus.ts";
import type { Log } from "../../core/log.ts";
import type { Session } from "../../core/model.ts";
import { type PermissionRequest, requestText } from "../../core/permission.ts";
import { type Approvers, approversOf, type Ruling } from "../../policy/approval.ts";
import { type NoticeParts, relayTo } from "../../policy/notice.ts";
import { inShort, petition, settledText } from "../../policy/petition.ts";
import type { Standing } from "../../policy/presence.ts";

/** The other sessions' side of a request: who is asked, what they are told. */
export interface Asking {
  /** @param ruling of the person on this prompt. */
  choose(ruling: Ruling | null): Promise<Approvers>;
  /** Puts it on record and to those who are asked. @returns who could not be asked, and why. */
  announce(
    request: PermissionRequest,
    approvers: Approvers,
    remarks: readonly string[],
  ): Promise<readonly string[]>;
  /** Who could not answer if a request came now, in a line; null: nothing to say, or it was said. */
  outlook(): Promise<string | null>;
  /** What stands in the store of an open request is for others to read: if something changed it, it is put right. */
  guard(request: PermissionRequest): Promise<void>;
  /** Tells those who were given the request that nothing is left to decide. */
  tell(request: PermissionRequest, approvers: Approvers, by: string, how: string): Promise<void>;
}

export interface AskingParts extends NoticeParts {
  readonly bus: Bus;
  readonly log: Log;
  /** Names and `role:NAME`; empty: the sessions of the same project. */
  readonly approvers: readonly string[];
  readonly standing: (session: Session) => Standing;
  readonly spawned: (session: Session) => boolean;
  readonly ring: (to: Session) => void;
  /** Tells the person, where a desktop notice was asked for. */
  readonly notify: (text: string) => void;
}

export function asking(parts: AskingParts): Asking {
  const { bus, self } = parts;
  let said = "";

  async function among(wanted: readonly string[]): Promise<Approvers> {
    const roster = await bus.roster();
    return approversOf({ self: self(), roster, standing: parts.standing, wanted, spawned: parts.spawned });
  }

  async function put(request: PermissionRequest, { asked }: Approvers): Promise<readonly string[]> {
    const failed = await Promise.all(
      asked.map(async ({ session }) => {
        const posted = await bus.post(relayTo(parts, session, request.id, petition(request), "urgent"));
        if (posted.ok) parts.ring(session);
        return posted.ok ? [] : [`${session.name} could not be asked (${posted.why})`];
      }),
    );
    return failed.flat();
  }

  const record = (request: string, detail: string) =>
    bus.audit({ at: parts.clock.now(), request, kind: "asked", who: self().name, detail });

  return {
    async announce(request, approvers, remarks) {
      const asked = [...approvers.asked.map(({ session }) => session.name), "user"].join(", ");
      // One after the other, in one commit: nobody's answer stands before the question.
      const recorded = record(request.id, [`${request.tool} put to ${asked}`, ...remarks].join("; "));
      const failed = await put(request, approvers);
      await recorded;
      if (failed.length > 0) await record(request.id, failed.join("; "));
      parts.notify(inShort(request));
      return failed;
    },

    choose(ruling) {
      const outcome = ruling?.outcome;
      if (outcome?.kind === "user") return Promise.resolve({ asked: [], missing: [] });
      return among(outcome?.kind === "ask" ? outcome.approvers : parts.approvers);
    },

    async outlook() {
      const { asked, missing } = await among(parts.approvers);
      const nobody =
        asked.length === 0 ? ["no session is there to ask; cc-dm approvals shows what waits"] : [];
      const line = [...missing, ...nobody].join("; ");
      if (line === said) return null;
      said = line;
      return line === ""
        ? "cc-dm: those who approve for this session are there."
        : `cc-dm: permission requests: ${line}.`;
    },

    async guard(request) {
      const row = await bus.request(request.id);
      if (row?.settlement.state === "open" && isSame(row, request)) return;
      parts.log("request_altered", { request: request.id });
      await bus.openRequest(request);
      await bus.audit({
        at: parts.clock.now(),
        request: request.id,
        kind: "altered",
        who: "something",
        detail: "the request was changed past cc-dm, and put right",
      });
    },

    async tell(request, { asked }, by, how) {
      const given = await bus.withdrawAsking(request.id);
      for (const { session } of asked) {
        if (!given.includes(session.mailbox) || session.name === by) continue;
        const posted = await bus.post(
          relayTo(parts, session, request.id, settledText(request, by, how), "low"),
        );
        if (posted.ok) parts.ring(session);
      }
    },
  };
}

function isSame(a: PermissionRequest, b: PermissionRequest): boolean {
  return requestText(a) === requestText(b) && a.signature === b.signature && a.publicKey === b.publicKey;
}
