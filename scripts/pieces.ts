/** A bundle in pieces: one file that starts, and in a folder of its name what is loaded when it is needed. */
import { dirname, join, normalize } from "node:path";

/** What the bundler tells of one file. */
export interface Piece {
  readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>;
  /** The module for which it is loaded; others are shared by several such. */
  readonly entryPoint?: string;
}

/** The folder of an entrance's pieces. */
export function piecesOf(name: string): string {
  return name.replace(/\.js$/, "");
}

/**
 * What each file is called. The bundler names pieces by what is in them, so that each would be another file
 * after every change; here a piece is named after the module for which it is loaded, or the largest in it.
 *
 * @param outputs by the path that the bundler gives them.
 */
export function namesOf(outputs: Readonly<Record<string, Piece>>): ReadonlyMap<string, string> {
  const names = new Map(
    Object.entries(outputs).map(([path, piece]) => {
      const plain = normalize(path);
      return [path, plain.includes("/") ? `${dirname(plain)}/${nameOf(piece)}.js` : plain] as const;
    }),
  );
  if (new Set(names.values()).size < names.size)
    throw new Error(`Two pieces would have one name: ${[...names.values()].sort().join(", ")}`);
  return names;
}

function nameOf({ inputs, entryPoint }: Piece): string {
  if (entryPoint !== undefined) return inWords(entryPoint);
  const largest = Object.entries(inputs).sort(
    ([a, { bytesInOutput: some }], [b, { bytesInOutput: others }]) => others - some || (a < b ? -1 : 1),
  );
  return `shared-${inWords(largest[0]?.[0] ?? "")}`;
}

/** `plugin/cli/read/top.ts` is `read-top`. */
function inWords(module: string): string {
  const inside = module.replace(/^plugin\/(cli\/)?|^.*node_modules\//, "");
  return inside.replace(/\.\w+$/, "").replaceAll(/[^\w]+/g, "-");
}

/** The text of a file with the others' names as they now are. */
export function renamed(text: string, names: ReadonlyMap<string, string>): string {
  return [...names].reduce((done, [path, name]) => {
    const [was, is] = [path, name].map((one) => one.split("/").at(-1) ?? "");
    return done.replaceAll(`/${was}"`, `/${is}"`);
  }, text);
}

/**
 * Node loads an entrance, and what that needs to hand over to Bun; with each of these, what it imports.
 *
 * @param loaded the files that Node is told to load, by name.
 * @throws if Node 20 cannot load one of these.
 */
export function refuseToNode(loaded: readonly string[], files: ReadonlyMap<string, string>): void {
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = files.get(file);
    if (text === undefined) throw new Error(`Node would load dist/${file}, and there is none`);
    // The bundler leaves `using` as it is, and Node 20 cannot parse it.
    const bad = /from\s*"bun:|\busing [\w$]+\s*=/.exec(text)?.[0];
    if (bad !== undefined) throw new Error(`Node could not load dist/${file}: it has \`${bad}\``);
    for (const [, to = ""] of text.matchAll(/(?:\bfrom|\bimport)\s*"(\.[^"]+)"/g))
      visit(join(dirname(file), to));
  };
  for (const file of loaded) visit(file);
}
