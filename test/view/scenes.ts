import type { Delivery, Entry } from "../../plugin/bus/journal.ts";
import type { DeliveryState, Message } from "../../plugin/core/model.ts";
import { nothingYet, type Party, type Request, type Scene } from "../../plugin/view/scene.ts";
import type { Line } from "../../plugin/view/text.ts";

export const now = new Date(2026, 10, 21, 14, 3).getTime();
export const minute = 60_000;

export function scene(more: Partial<Scene> = {}): Scene {
  return { ...nothingYet, now, ...more };
}

export function party(name: string, more: Partial<Party> = {}): Party {
  return {
    id: `id-${name}`,
    name,
    role: "worker",
    project: null,
    cwd: `/code/${name}`,
    branch: null,
    presence: "idle",
    since: now - 3 * minute,
    on: null,
    reach: "wake",
    quietUntil: null,
    unread: 0,
    version: "0.1.0",
    ...more,
  };
}

export function request(letters: string, more: Partial<Request> = {}): Request {
  return {
    id: `01REQUEST${letters}`,
    letters,
    name: "api",
    role: "worker",
    project: null,
    tool: "Bash",
    subject: "npm publish",
    where: "~/api · asked: you",
    askedAt: now - minute,
    warnings: [],
    description: "",
    input: "command: npm publish",
    ...more,
  };
}

let last = 0;

/** A message `from → to`, its deliveries in these states. */
export function entry(
  from: string,
  to: Readonly<Record<string, DeliveryState>>,
  more: Partial<Message> = {},
): Entry {
  const seq = ++last;
  const names = Object.keys(to);
  return {
    known: true,
    message: {
      seq,
      id: `01MESSAGE${String(seq).padStart(17, "0")}`,
      kind: names.length > 1 ? "broadcast" : "dm",
      fromId: `id-${from}`,
      fromName: from,
      fromRole: "worker",
      fromProject: null,
      recipients: names.map((name, i) => ({ mailbox: i + 1, name, project: null })),
      body: "hello",
      priority: null,
      type: null,
      threadId: null,
      inReplyTo: null,
      hops: 0,
      rule: "no-project",
      sentAt: now - minute,
      ttlMs: 86_400_000,
      publicKey: "",
      signature: "",
      ...more,
    },
    receipts: Object.entries(to).map(
      ([name, state], i): Delivery => ({
        name,
        state,
        path: null,
        offers: 0,
        handedAt: null,
        seenAt: null,
        evidence: null,
        addressed: i + 1,
        expiresAt: now + 86_400_000,
        session: null,
      }),
    ),
  };
}

export function textOf(lines: readonly Line[]): string {
  return lines
    .map((line) =>
      line
        .map(({ text }) => text)
        .join("")
        .trimEnd(),
    )
    .join("\n");
}
