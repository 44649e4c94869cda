import { DmError } from "./errors.ts";

export const maxNameLength = 64;

/** The address of the person at this machine. */
export const personName = "user";
const reserved = [personName, "you", "me", "all", "everyone", "system", "cc-dm"];

/** Trimmed, lower case, inner white space to `-`. Compatibility forms fold, so `ＵＳＥＲ` is `user`. */
export function fold(text: string): string {
  return text.normalize("NFKC").trim().toLowerCase().replace(/\s+/gu, "-");
}

/**
 * The normal form of a name, role or project.
 *
 * @throws DmError `invalid_name` for anything but letters, digits, `-`, `_`, `.`, for more than
 *         64 characters, and for letters of scripts that look alike in one word.
 */
export function normalise(text: string, what: "name" | "role" | "project"): string {
  const name = fold(text);
  if (name === "") throw new DmError("invalid_name", `A ${what} needs at least one letter or digit.`);
  if ([...name].length > maxNameLength) {
    throw new DmError(
      "invalid_name",
      `A ${what} has at most ${maxNameLength} characters; this one has ${[...name].length}.`,
    );
  }
  const letters = /^[\p{L}\p{M}\p{N}._-]+$/u.test(name) && /[\p{L}\p{N}]/u.test(name);
  // Unicode counts some invisible characters as letters and marks; two names must not look the same.
  if (!letters || /\p{Default_Ignorable_Code_Point}/u.test(name)) {
    throw new DmError(
      "invalid_name",
      `${JSON.stringify(name)} is no ${what}: use letters, digits, "-", "_" and ".", with at least one letter or digit.`,
    );
  }
  if (
    /\p{Script=Latin}/u.test(name) &&
    /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}]/u.test(
      name,
    )
  ) {
    throw new DmError(
      "invalid_name",
      `${JSON.stringify(name)} mixes letters that look alike; use one script in a ${what}.`,
    );
  }
  return name;
}

/** @throws DmError `reserved_name` too: names that speak for the person or for cc-dm. */
export function normaliseSessionName(text: string): string {
  const name = normalise(text, "name");
  const twin = reservedTwin(name);
  if (twin !== null) {
    throw new DmError(
      "reserved_name",
      `"${name}" is reserved${twin === name ? "" : ` (it reads like "${twin}")`}. Choose another name.`,
    );
  }
  return name;
}

/** The reserved name that this one is or reads like, or null. */
export function reservedTwin(name: string): string | null {
  const shape = skeleton(name);
  return reserved.find((word) => skeleton(word) === shape) ?? null;
}

// What an eye takes for a Latin letter: digits, and Cyrillic and Greek twins (Unicode TR39's
// confusables, those that can spell a reserved word).
const twins: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "l",
  "3": "e",
  "5": "s",
  а: "a",
  е: "e",
  о: "o",
  с: "c",
  у: "y",
  ѕ: "s",
  м: "m",
  һ: "h",
  і: "l",
  ӏ: "l",
  ԁ: "d",
  ν: "v",
  ο: "o",
  υ: "u",
  ρ: "p",
  ι: "l",
  α: "a",
  γ: "y",
  ѵ: "v",
  т: "t",
  г: "r",
  ɡ: "g",
  ɑ: "a",
  ᴀ: "a",
  ᴄ: "c",
  ᴅ: "d",
  ᴇ: "e",
  ʟ: "l",
  ᴍ: "m",
  ɴ: "n",
  ᴏ: "o",
  ʀ: "r",
  ꜱ: "s",
  ᴛ: "t",
  ᴜ: "u",
  ᴠ: "v",
  ʏ: "y",
};

function skeleton(name: string): string {
  const plain = name.normalize("NFD").replace(/\p{M}/gu, "").replace(/[._-]/gu, "");
  return [...plain].map((letter) => twins[letter] ?? letter).join("");
}

/** A readable name out of a folder's name, for a session that was given none. */
export function nameFromFolder(folder: string): string {
  const base = folder.split("/").filter(Boolean).at(-1) ?? "";
  const tidy = [...fold(base).replace(/[^\p{L}\p{M}\p{N}._]+/gu, "-")]
    .slice(0, 48)
    .join("")
    .replace(/^[-.]+|[-.]+$/gu, "");
  try {
    return normaliseSessionName(tidy);
  } catch {
    return "session"; // the root folder, a reserved word, or nothing that can be spelled
  }
}
