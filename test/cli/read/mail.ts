/** Mail on a bus of a test's own, written as servers write it, for commands to read. */
import { Database } from "bun:sqlite";
import { mkdirSync } from "node:fs";
import { join as path } from "node:path";
import type { Bus } from "../../../plugin/bus/bus.ts";
import { openSqliteBus } from "../../../plugin/bus/sqlite/index.ts";
import { systemClock } from "../../../plugin/core/clock.ts";
import type { Letter, Session } from "../../../plugin/core/model.ts";
import { thisPlace } from "../../../plugin/host/place.ts";
import { join, type Member, posting } from "../../fakes/people.ts";

export interface Mail {
  /** `CC_DM_HOME` */
  readonly home: string;
  readonly file: string;
  readonly bus: Bus;
  join(name: string, project?: string): Promise<Member>;
  /** @returns the message's id. */
  send(from: Member, to: readonly Member[], more?: Partial<Letter>): Promise<string>;
  /** Hands over what waits for it, and proves that it was seen. */
  read(member: Member): Promise<void>;
  /** Changes the file past cc-dm. */
  tamper(sql: string, ...values: readonly (string | number)[]): void;
  end(): void;
}

export async function mailIn(folder: string): Promise<Mail> {
  const home = path(folder, "home");
  mkdirSync(home, { recursive: true });
  const file = path(home, "bus.db");
  const place = thisPlace();
  const bus = await openSqliteBus({ path: file, clock: systemClock, boot: place.boot });
  return {
    home,
    file,
    bus,
    join: (name, project) => join(bus, name, { place, project: project ?? null }),
    async send(from, to, more = {}) {
      const sessions: readonly Session[] = to.map(({ session }) => session);
      const sending = posting(from, sessions, { sentAt: Date.now(), ...more });
      const posted = await bus.post(sending);
      if (!posted.ok) throw new Error(`not sent: ${posted.why}`);
      return sending.letter.id;
    },
    async read({ session }) {
      const offers = await bus.claim({ session, path: "turn", limit: 100 });
      await bus.seen(
        session.id,
        offers.map(({ token }) => token),
        "prompt",
      );
    },
    tamper(sql, ...values) {
      const db = new Database(file);
      db.query(sql).run(...values);
      db.close();
    },
    end: () => bus.end(),
  };
}
