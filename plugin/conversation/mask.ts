import { secrets } from "./secrets.ts";

const sign = "[masked]";

/**
 * A text with what looks like a secret masked. Linear in its length, never longer than it was, and
 * everything else stays as it is, letter by letter.
 */
export function mask(text: string): string {
  return secrets.reduce((some, { pattern }) => hide(some, pattern), maskKeys(text));
}

function hide(text: string, pattern: RegExp): string {
  return text.replace(pattern, (...found: unknown[]) => {
    const all = found[0] as string;
    const groups = found.at(-1);
    const part = typeof groups === "object" && groups !== null ? (groups as { hide?: string }).hide : all;
    if (part === undefined || part === sign) return all;
    // It stands at the end of what was found, or nearly.
    const at = all.lastIndexOf(part);
    return `${all.slice(0, at)}${signFor(part)}${all.slice(at + part.length)}`;
  });
}

/** A short one tells not even its length. */
function signFor(part: string): string {
  return part.length >= sign.length ? sign : "***".slice(0, part.length);
}

const begin = "-----BEGIN ";
const header = /^-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
const end = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
// An RSA key of 16,384 bits has 13,000 characters; numbered lines and escapes make it longer.
const longestKey = 64 * 1024;

/** Private keys go over many lines, with numbers before them or written as `\n`; one without its end goes as far as it looks like a key. */
function maskKeys(text: string): string {
  let masked = "";
  let done = 0;
  let tail: RegExpExecArray | null | undefined; // the first end from here on; looked for once
  for (let at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, Math.max(done, at + 1))) {
    const head = header.exec(text.slice(at, at + 80))?.[0];
    if (head === undefined) continue;
    if (tail === undefined || (tail !== null && tail.index < at)) {
      end.lastIndex = at;
      tail = end.exec(text);
    }
    const body = at + head.length;
    masked += text.slice(done, at) + sign;
    done =
      tail !== null && tail.index - body <= longestKey
        ? tail.index + tail[0].length
        : body + keyEnd(text.slice(body, body + longestKey));
  }
  return masked + text.slice(done);
}

// Lines of a key, cut off in the middle: letters as keys have them, headers, numbers of lines, ends of lines.
const keyLike = /^(?:[A-Za-z0-9+/=: \t→|,.-]|\\[nrt]|[\r\n])*/;

function keyEnd(room: string): number {
  return keyLike.exec(room)?.[0].length ?? 0;
}
