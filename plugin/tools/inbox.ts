import * as z from "zod";
import { etiquette, frame } from "../core/frame.ts";
import { headersOf } from "../core/headers.ts";
import type { Message } from "../core/model.ts";
import { glance, receive } from "../policy/receive.ts";
import { limit } from "./fields.ts";
import { tool } from "./tool.ts";

// The client cuts a tool's answer at about 25,000 tokens; what does not fit stays unread.
const maxChars = 80_000;

export const inbox = tool({
  name: "inbox",
  description: "Read unread messages, oldest first. They count as seen then, unless peek is true.",
  schema: z.strictObject({ limit, peek: z.boolean().default(false) }),
  async run({ desk, receiving }, { limit: most, peek }) {
    const { bus } = desk.parts;
    const offers = peek ? [] : await receive(receiving(), { path: "pull", limit: most, maxChars });
    const messages = peek
      ? (await glance(receiving(), most)).map((message) => entry(message, false))
      : offers.map((offer) => entry(offer.message, offer.offers > 1));
    const left = await bus.unread(desk.self()).catch(() => 0); // what was taken is shown
    return {
      result: {
        messages,
        ...(messages.length > 0 ? { note: etiquette } : {}),
        ...(left > 0 ? { left } : {}),
      },
      shown: offers.map((offer) => offer.token),
    };
  },
});

function entry(message: Message, repeat: boolean) {
  return {
    ...headersOf(message),
    from_role: message.kind === "notice" ? null : message.fromRole,
    from_project: message.fromProject,
    ...(repeat ? { repeat } : {}),
    content: frame({ message, repeat }),
  };
}
