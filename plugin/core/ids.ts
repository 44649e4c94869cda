import { encodeTime, monotonicFactory } from "ulid";
import type { EpochMs } from "./model.ts";

// Crockford's alphabet in lower case: no i, l, o, u to misread when a person types an id.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

export function base32(bytes: Uint8Array, length: number): string {
  let text = "";
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5 && text.length < length) {
      bits -= 5;
      text += alphabet[(value >> bits) & 31];
    }
  }
  return text;
}

/** Makes message ids. A ULID names a message; it does not order messages of two processes (`seq` does). */
export function messageIds(): (now: EpochMs) => string {
  const next = monotonicFactory(() => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32);
  return (now) => next(now);
}

/** Not greater than any message id made at this moment or later, greater than those made before. */
export function firstId(at: EpochMs): string {
  return `${encodeTime(Math.min(Math.max(0, Math.floor(at)), latest), 10)}${"0".repeat(16)}`;
}
// What 48 bits hold, which a ULID has for its moment.
const latest = 2 ** 48 - 1;

/** 60 random bits: what a delivery's frame carries and its sender cannot know. */
export function offerToken(): string {
  return base32(crypto.getRandomValues(new Uint8Array(8)), 12);
}

/** How little of an id names what it is the id of. */
export const leastOfId = 6;

/** Whether a word can be the id of a message or request, or one end of it, in either case. */
export function isIdPart(word: string): boolean {
  return word.length >= leastOfId && /^[0-9a-hjkmnp-tv-z]{1,26}$/i.test(word);
}
