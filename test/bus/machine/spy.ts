import type { Bus } from "../../../plugin/bus/bus.ts";
import type { Offer, Path, SessionId } from "../../../plugin/core/model.ts";

/** What was asked of the bus and what it answered, in the order of its commits. */
export type Happening =
  | {
      readonly what: "posted";
      readonly id: string;
      readonly by: SessionId;
      readonly deliveries: number;
      readonly answers: string | null;
    }
  | {
      readonly what: "offered";
      readonly by: Path;
      readonly to: SessionId;
      readonly limit: number;
      readonly offers: readonly Offer[];
    }
  | {
      readonly what: "proved";
      readonly by: SessionId;
      readonly tokens: readonly string[];
      readonly changed: number;
    }
  | {
      readonly what: "proved by path";
      readonly by: SessionId;
      readonly path: Path;
      readonly before: number;
      readonly changed: number;
    }
  | {
      readonly what: "requeued";
      readonly by: SessionId;
      readonly path: Path;
      readonly before: number;
      readonly changed: number;
    }
  /** Not sent: the receiver had just moved to another mailbox (the desk tries once more), or what it answers was pruned. */
  | { readonly what: "missed"; readonly body: string }
  | { readonly what: "expired"; readonly id: string }
  | { readonly what: "refused"; readonly id: string }
  | { readonly what: "pruned" };

/** The same bus; whoever uses it, desk, duties or hook, is overheard. */
export function spied(bus: Bus, tell: (happening: Happening) => void): Bus {
  return {
    ...bus,
    async post(posting) {
      const posted = await bus.post(posting);
      const { id, fromId: by, recipients, inReplyTo, rule } = posting.letter;
      const answers = rule === "reply" ? inReplyTo : null;
      if (posted.ok) tell({ what: "posted", id, by, deliveries: recipients.length, answers });
      else if (["mailbox_gone", "unknown_message"].includes(posted.why))
        tell({ what: "missed", body: posting.letter.body });
      return posted;
    },
    async claim(claim) {
      const offers = await bus.claim(claim);
      tell({ what: "offered", to: claim.session.id, by: claim.path, limit: claim.limit, offers });
      return offers;
    },
    async seen(by, tokens, evidence) {
      const changed = await bus.seen(by, tokens, evidence);
      tell({ what: "proved", by, tokens, changed });
      return changed;
    },
    async seenBy(by, path, evidence, before) {
      const changed = await bus.seenBy(by, path, evidence, before);
      tell({ what: "proved by path", by, path, before: before ?? Number.MAX_SAFE_INTEGER, changed });
      return changed;
    },
    async requeue(by, path, before) {
      const changed = await bus.requeue(by, path, before);
      tell({ what: "requeued", by, path, before, changed });
      return changed;
    },
    async expire(overdue, notice) {
      await bus.expire(overdue, notice);
      tell({ what: "expired", id: overdue.message.id });
    },
    async refuse(waiting, why, notice) {
      await bus.refuse(waiting, why, notice);
      tell({ what: "refused", id: waiting.message.id });
    },
    async prune(holder, days) {
      await bus.prune(holder, days);
      tell({ what: "pruned" });
    },
  };
}
