import type { Delivery, Entry } from "../../../plugin/bus/journal.ts";
import type { DeliveryState, Message } from "../../../plugin/core/model.ts";
import { startOfTime } from "../../fakes/clock.ts";

let last = 0;

/** A message as the journal tells of it, from lead to these, each with how far it has come. */
export function entryOf(
  to: Readonly<Record<string, DeliveryState>> = { api: "queued" },
  more: Partial<Message> = {},
): Entry {
  const seq = ++last;
  const names = Object.entries(to);
  const message: Message = {
    seq,
    id: `01M7YX000000000000000${String(seq).padStart(5, "0")}`,
    kind: names.length > 1 ? "broadcast" : "dm",
    fromId: "lead-id",
    fromName: "lead",
    fromRole: "worker",
    fromProject: null,
    recipients: names.map(([name], i) => ({ mailbox: i + 1, name, project: null })),
    body: "hello",
    priority: null,
    type: null,
    threadId: null,
    inReplyTo: null,
    hops: 0,
    rule: "no-project",
    sentAt: startOfTime,
    ttlMs: 86_400_000,
    publicKey: "",
    signature: "",
    ...more,
  };
  return { message, known: true, receipts: names.map(([name, state], i) => deliveryOf(name, state, i + 1)) };
}

export function deliveryOf(name: string, state: DeliveryState, addressed = 1): Delivery {
  const isHanded = state !== "queued";
  const isSeen = state === "seen" || state === "replied";
  return {
    name,
    state,
    addressed,
    path: isHanded ? "turn" : null,
    offers: isHanded ? 1 : 0,
    handedAt: isHanded ? startOfTime + 1_000 : null,
    seenAt: isSeen ? startOfTime + 2_000 : null,
    evidence: isSeen ? "prompt" : null,
    expiresAt: startOfTime + 86_400_000,
    session: null,
  };
}
