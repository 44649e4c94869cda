import { rm } from "node:fs/promises";
import type { Contender } from "./contender.ts";
import { freshHome } from "./home.ts";
import { type Ledger, ledger } from "./ledger.ts";
import { join, type Peer } from "./peer.ts";

/** Some sessions of one contender on a bus of their own, with the books of what they sent and got. */
export interface Stage extends AsyncDisposable {
  readonly home: string;
  readonly peers: readonly Peer[];
  readonly ledger: Ledger;
  /** Sends, and enters a refusal in the books. @returns milliseconds until the tool call was answered. */
  dm(from: Peer, to: Peer, word?: string): Promise<number>;
  broadcast(from: Peer): Promise<number>;
}

/** @param onText besides the books: what arrived where, at which `performance.now()`. */
export async function raise(
  contender: Contender,
  names: readonly string[],
  onText: (to: string, text: string, at: number) => void = () => {},
): Promise<Stage> {
  const home = await freshHome();
  const books = ledger();
  const peers: Peer[] = [];

  async function down(): Promise<void> {
    await Promise.allSettled(peers.map((peer) => peer.close()));
    await rm(home, { recursive: true, force: true });
  }
  async function send(
    from: Peer,
    to: readonly string[],
    call: (text: string) => ReturnType<Contender["dm"]>,
    word?: string,
  ) {
    const text = books.write(from.name, to, word);
    const before = performance.now();
    await from.call(call(text)).catch(() => books.refused(text));
    return performance.now() - before;
  }

  try {
    // A few at a time: fifty processes starting at once would only queue for the processor.
    for (let i = 0; i < names.length; i += 4) {
      const group = names.slice(i, i + 4).map((name) =>
        join({
          contender,
          home,
          name,
          onText(text, at) {
            books.arrived(name, text);
            onText(name, text, at);
          },
        }),
      );
      peers.push(...(await Promise.all(group)));
    }
    const there = contender.namesIn(await peers[0]?.call(contender.roster));
    const missing = names.filter((name) => !there.includes(name));
    if (missing.length > 0) throw new Error(`${contender.label}: not on the roster: ${missing.join(", ")}`);
  } catch (error) {
    await down();
    throw error;
  }

  return {
    home,
    peers,
    ledger: books,
    dm: (from, to, word) => send(from, [to.name], (text) => contender.dm(to.name, text), word),
    broadcast: (from) =>
      send(
        from,
        names.filter((name) => name !== from.name),
        contender.broadcast,
      ),
    [Symbol.asyncDispose]: down,
  };
}

/** `count` names such as `b7`. */
export function names(letter: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${letter}${i + 1}`);
}
