import type { Session } from "./session.ts";

export interface Sent {
  readonly id: string;
  readonly from: string;
  readonly to: readonly string[];
}

/**
 * What is wrong, in words: every message must have arrived once at each of its receivers and nowhere
 * else, and what one session wrote to another in the order it was written.
 *
 * @param sessions every run of every session; a name that left and came back has two.
 */
export function complaints(sent: readonly Sent[], sessions: readonly Session[]): readonly string[] {
  const found: string[] = [];
  for (const name of new Set(sessions.map((session) => session.name))) {
    const arrivals = sessions
      .filter((session) => session.name === name)
      .flatMap((session) => session.arrivals);
    const got = arrivals.map((arrival) => arrival.meta.message_id ?? "?");
    const due = sent.filter((message) => message.to.includes(name));
    for (const { id, from } of due) {
      const times = got.filter((other) => other === id).length;
      if (times === 0) found.push(`${name} did not get ${id} from ${from}`);
      if (times > 1) found.push(`${name} got ${id} from ${from} ${times} times`);
    }
    for (const id of new Set(got)) {
      if (due.every((message) => message.id !== id)) found.push(`${name} got ${id}, which was not for it`);
    }
    for (const from of new Set(due.map((message) => message.from))) {
      const written = due.filter((message) => message.from === from).map((message) => message.id);
      const read = [...new Set(got)].filter((id) => written.includes(id));
      const expected = written.filter((id) => read.includes(id));
      if (read.join() !== expected.join()) found.push(`${name} got the messages of ${from} out of order`);
    }
  }
  return found;
}
