/** What stands behind `cc-dm` on a line of shell: words as the shell would hand them over, for each call on the line. */
export function callsOn(line: string): readonly (readonly string[])[] {
  const calls: string[][] = [];
  let words: string[] = [];
  let word: string | null = null;
  let quote = "";

  const endWord = () => {
    if (word !== null) words.push(word);
    word = null;
  };
  const endCommand = () => {
    endWord();
    const at = words.findIndex((one) => !isBefore(one));
    if (words[at] === "cc-dm") calls.push(words.slice(at + 1));
    words = [];
  };

  for (let i = 0; i < line.length; i++) {
    const sign = line[i] ?? "";
    if (quote !== "") {
      if (sign === quote) quote = "";
      else if (quote === '"' && line.startsWith("$(", i)) i += inner(line, i + 2);
      else word = (word ?? "") + sign;
    } else if (sign === "'" || sign === '"') {
      quote = sign;
      word ??= "";
    } else if (line.startsWith("$(", i)) {
      i += inner(line, i + 2);
      word = `${word ?? ""}$()`;
    } else if (sign === "#" && word === null) break;
    else if (/[|;&()]/.test(sign)) endCommand();
    else if (/\s/.test(sign)) endWord();
    else word = (word ?? "") + sign;
  }
  endCommand();
  return calls;

  /** A command within `$( )`: looked at by itself. @returns how far it goes. */
  function inner(text: string, from: number): number {
    let depth = 1;
    let end = from;
    for (; end < text.length && depth > 0; end++) {
      if (text[end] === "(") depth++;
      else if (text[end] === ")") depth--;
    }
    calls.push(...callsOn(text.slice(from, end - 1)).map((one) => [...one]));
    return end - from + 1;
  }
}

/** What may stand in front of a command. */
function isBefore(word: string): boolean {
  return (
    /^[A-Z_]+=/.test(word) || ["$", "if", "while", "until", "!", "then", "do", "exec", "{"].includes(word)
  );
}
