import * as z from "zod";
import { messageTypes, notifications, priorities } from "../core/model.ts";
import { threadPattern } from "../policy/trust.ts";

/** Arguments that several tools share, declared once. */
export const threadId = z
  .string()
  .trim()
  .regex(threadPattern, "1 to 64 letters, digits, spaces or . _ : / # @ -, beginning with a letter or digit")
  .describe("Groups messages, e.g. a ticket.");

export const limit = z.number().int().min(1).max(100).default(20);

export const notify = z
  .enum(notifications)
  .optional()
  .describe("You get one notice: when it was seen, or when its reader is idle again after it (or closes).");

export const text = {
  content: z.string().describe("The message."),
  priority: z.enum(priorities).optional().describe("low never interrupts by itself."),
  message_type: z.enum(messageTypes).optional(),
  thread_id: threadId.optional(),
  ttl_s: z
    .number()
    .int()
    .min(1)
    .max(2_592_000)
    .optional()
    .describe("Seconds until it expires unread; you are told."),
};
