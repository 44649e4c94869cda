import type { Draft, Sent } from "../../policy/post.ts";
import type { Terminal } from "../command.ts";
import { type Store, withStore } from "../store.ts";
import { type Marks, marksOf } from "./draft.ts";
import { tellSent } from "./saying.ts";
import { type Speaker, speaker } from "./speaker.ts";
import { textOf } from "./text.ts";
import { type Waiting, type Wish, wishOf } from "./wait.ts";

export interface Wanted {
  readonly options: Marks & Waiting & { readonly file?: string; readonly json?: boolean };
  /** The text, or what says where it is. */
  readonly words: readonly string[];
  /** What can be waited for. */
  readonly kinds?: readonly Wish["kind"][];
}

/** What all commands that send have in common; `say` is what each does by itself. @returns the exit code. */
export async function speak(
  terminal: Terminal,
  { options, words, kinds }: Wanted,
  say: (from: Speaker, draft: Draft, store: Store) => Promise<Sent>,
): Promise<number> {
  const wish = wishOf(options, kinds);
  const marks = marksOf(options);
  const content = await textOf(terminal, { words, file: options.file });
  return withStore(terminal, async (store) => {
    const from = await speaker(terminal, store);
    const sent = await say(from, { ...marks, content }, store);
    return tellSent(terminal, store, from, sent, { content, wish, forScript: options.json === true });
  });
}
