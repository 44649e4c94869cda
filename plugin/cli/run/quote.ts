// What a terminal would obey, or a reader not see.
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** A word as a person's shell reads it: itself and nothing more, and nothing in it that cannot be seen. */
export function quote(word: string): string {
  // POSIX knows no way to write what cannot be seen; bash, zsh and ksh know this one.
  if (word.replaceAll("\n", "").search(unseen) >= 0)
    return `$'${word.replace(/[\\']/g, "\\$&").replaceAll("\n", "\\n").replace(unseen, escaped)}'`;
  return quoteForSh(word);
}

/** The same for what `sh` runs and nobody types. */
export function quoteForSh(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function escaped(letter: string): string {
  const code = letter.codePointAt(0) ?? 0;
  return code < 0x80 ? `\\${code.toString(8).padStart(3, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
}

export function commandLine(words: readonly string[]): string {
  return words.map(quote).join(" ");
}
