import { type Options, Usage } from "../command.ts";

/** What a command line of `run` asks for. */
export interface Asked {
  readonly texts: Readonly<Record<string, string>>;
  readonly flags: ReadonlySet<string>;
  /** Profiles, by name. */
  readonly operands: readonly string[];
  /** For the client, as they were given and in that order. */
  readonly client: readonly string[];
}

/**
 * Ours are the options of the table, wherever they stand before `--`, and the plain words before the first
 * option that is not ours. All else is the client's, untouched: it knows options that we do not.
 *
 * @throws Usage for an option of ours without its value, or with one that it does not take.
 */
export function readWords(words: readonly string[], options: Options): Asked {
  const texts: Record<string, string> = {};
  const flags = new Set<string>();
  const operands: string[] = [];
  const client: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    if (word === "--") {
      client.push(...words.slice(i + 1));
      break;
    }
    const [, name = "", inline] = /^--([a-z-]+)(?:=(.*))?$/s.exec(word) ?? [];
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option?.type === "boolean") {
      if (inline !== undefined) throw new Usage(`--${name} takes no value.`);
      flags.add(name);
    } else if (option !== undefined) texts[name] = inline ?? valueFor(name, words[++i]);
    else if (client.length === 0 && (!word.startsWith("-") || word === "-")) operands.push(word);
    else client.push(word);
  }
  return { texts, flags, operands, client };
}

function valueFor(name: string, word: string | undefined): string {
  if (word === undefined) throw new Usage(`--${name} needs a value.`);
  if (word.startsWith("-"))
    throw new Usage(`--${name} needs a value; for one that begins with a dash: --${name}=${word}`);
  return word;
}
