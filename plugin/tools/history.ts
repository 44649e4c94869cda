import * as z from "zod";
import { iso } from "../core/clock.ts";
import { headersOf } from "../core/headers.ts";
import type { Passed, Receipt } from "../core/model.ts";
import { normalise } from "../core/names.ts";
import { neutralise } from "../core/neutral.ts";
import { isGenuine, pretends } from "../policy/trust.ts";
import { limit, threadId } from "./fields.ts";
import { tool } from "./tool.ts";

export const history = tool({
  name: "history",
  description:
    "Messages this session sent and received, newest first, with receipts (queued, handed, seen, replied, expired). Search by words, session or thread.",
  schema: z.strictObject({
    with: z.string().optional().describe("Only messages to or from this session."),
    thread_id: threadId.optional(),
    query: z.string().min(1).max(500).optional().describe("Words to find."),
    limit,
  }),
  async run({ desk }, args) {
    const { isPerson } = desk.parts;
    const passed = await desk.parts.bus.history({
      mailbox: desk.self().mailbox,
      with: args.with === undefined ? undefined : normalise(args.with, "name"),
      threadId: args.thread_id,
      query: args.query,
      limit: args.limit,
    });
    const genuine = passed.filter(({ message }) => isGenuine(message) && !pretends(message, isPerson));
    return { result: { messages: genuine.map(entry) } };
  },
});

function entry({ message, sent, receipts }: Passed) {
  return {
    ...headersOf(message),
    direction: sent ? "sent" : "received",
    to: receipts.map((receipt) => receipt.name),
    content: neutralise(message.body),
    receipts: receipts.map(receiptOf),
  };
}

function receiptOf({ name, state, path, offers, handedAt, seenAt, evidence }: Receipt) {
  return {
    name,
    state,
    ...(path === null ? {} : { path }),
    ...(offers > 1 ? { offers } : {}),
    ...(handedAt === null ? {} : { handed_at: iso(handedAt) }),
    ...(seenAt === null ? {} : { seen_at: iso(seenAt) }),
    ...(evidence === null ? {} : { evidence }),
  };
}
