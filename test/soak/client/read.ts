/** What a model reads in a text that cc-dm handed over. */
export interface Read {
  /** The message's id; of a notice, what it is about. */
  readonly id: string;
  readonly repeat: boolean;
}

const frameLine = /^From .+? · .+$/gm;

/** Every message in a text, by the line above its body. */
export function read(text: string): Read[] {
  return [...text.matchAll(frameLine)].flatMap((match) => {
    const [line] = match;
    const repeat = line.includes("repeat: may have been shown before");
    const id = /reply with message_id ([0-9A-Z]{26})/.exec(line)?.[1];
    if (id !== undefined) return [{ id, repeat }];
    if (!line.startsWith("From cc-dm ")) return [];
    const about = /Your message ([0-9A-Z]{26}) expired/.exec(text.slice(match.index))?.[1];
    return about === undefined ? [] : [{ id: noticeOf(about), repeat }];
  });
}

export function noticeOf(about: string): string {
  return `notice of ${about}`;
}
