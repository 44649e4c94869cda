import type { Sent } from "./books.ts";
import type { Launch } from "./launch.ts";
import type { Page } from "./page.ts";
import { type Answer, type Arrival, join, type Session, type Who } from "./session.ts";

const patienceMs = 3_000;

/** The sessions on stage, what they sent so far, and how long it took to arrive. */
export interface Stage {
  readonly page: Page;
  readonly sessions: readonly Session[];
  readonly sent: readonly Sent[];
  /** Of what was sent one at a time, in milliseconds from the call to the event. */
  readonly latencies: readonly number[];
  enter(who: Who): Promise<Session>;
  /** Sends by a tool and shows both sides of it. @returns the message's id. */
  send(
    from: Session,
    tool: "dm" | "broadcast" | "reply",
    args: Args,
    to: readonly Session[],
  ): Promise<string>;
  /** Puts a message down as sent that is shown otherwise. */
  note(from: Session, answer: Answer, to: readonly string[]): string;
  arrived(to: Session, id: string): Promise<Arrival | null>;
}

export type Args = Readonly<Record<string, unknown>>;

export function stage(launch: Launch, folder: string, page: Page): Stage {
  const sessions: Session[] = [];
  const sent: Sent[] = [];
  const latencies: number[] = [];

  const self: Stage = {
    page,
    sessions,
    sent,
    latencies,
    async enter(who) {
      const session = await join(launch, folder, who);
      sessions.push(session);
      return session;
    },
    note(from, answer, to) {
      if (answer.message_id === undefined) throw new Error(`${from.name}: ${answer.error?.message}`);
      sent.push({ id: answer.message_id, from: from.name, to });
      return answer.message_id;
    },
    async send(from, tool, args, to) {
      const before = performance.now();
      const answer = await from.call(tool, args);
      const id = self.note(
        from,
        answer,
        to.map((session) => session.name),
      );
      page.line(from.name, tool, `to ${recipients(answer)}`);
      for (const session of to) {
        const arrival = await self.arrived(session, id);
        if (arrival === null) {
          page.line(session.name, "nothing came", "");
          continue;
        }
        latencies.push(arrival.at - before);
        page.line(session.name, milliseconds(arrival.at - before), `"${bodyOf(arrival)}"`);
      }
      return id;
    },
    arrived: (to, id) => to.arrival(id, patienceMs),
  };
  return self;
}

/** Right-aligned, so that the digits of a column stand below each other. */
export function milliseconds(ms: number): string {
  return `${ms.toFixed(1)} ms`.padStart(8);
}

export function recipients({ recipients: list = [] }: Answer): string {
  return list.map(({ name, presence }) => `${name} (${presence})`).join(", ");
}

/** What was written, without the line that says who writes. */
export function bodyOf({ content }: Arrival): string {
  return content.slice(content.indexOf("\n\n") + 2);
}
