import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { BunPlugin } from "bun";
import { namesOf, piecesOf, refuseToNode, renamed } from "./pieces.ts";

const root = join(import.meta.dir, "..");

const entrances: readonly string[] = ["server.js", "hook.js", "cli.js", "statusline.js", "demo.js"];

/**
 * A command of a person needs a part of all, and what is not needed costs as well: 470 kB take Bun 18 ms to parse,
 * twice what it takes to start. The others need most of what they have.
 */
const pieced = "cli.js";
const forNode = [pieced, "cli/host-alone.js"];

/** What a bundle may not pull in, by the path of the module. */
const forbidden: Readonly<Record<string, RegExp>> = {
  // A client starts the hook anew for every wake: 20 ms, of which 6 are Bun's; zod and the SDK would add 17.
  "hook.js": /node_modules\/(zod|ajv|@modelcontextprotocol)\//,
  // Run every few seconds in every client.
  "statusline.js": /node_modules\/|plugin\/(delivery|tools|doctor)\//,
  "server.js": /node_modules\/(ajv|fast-uri)\//,
  "cli.js": /node_modules\/(ajv|@modelcontextprotocol)\//,
};

/**
 * The SDK's Server builds an Ajv in its constructor, to check answers to elicitation forms. cc-dm sends
 * none and checks its own input with zod; without it the server is 217 kB and not 352.
 */
const withoutAjv: BunPlugin = {
  name: "without-ajv",
  setup(build) {
    build.onLoad({ filter: /[/\\]validation[/\\]ajv-provider\.js$/ }, () => ({
      loader: "js",
      contents: `export class AjvJsonSchemaValidator {
        getValidator() { throw new Error("this bundle has no JSON Schema validator (scripts/build.ts)"); }
      }`,
    }));
  },
};

/**
 * `node:crypto` takes 8 ms of processor to load and `node:child_process` 3; a hook that brings no mail verifies
 * nothing, and outside of macOS nothing is asked of other programs. So they are loaded at the first call.
 */
const lateNode: BunPlugin = {
  name: "late-node",
  setup(build) {
    build.onLoad({ filter: /[/\\]plugin[/\\].*\.ts$/ }, async ({ path }) => {
      const text = await Bun.file(path).text();
      return { loader: "ts", contents: withLate(text) };
    });
  },
};

function withLate(text: string): string {
  return text.replace(
    /^import \{([^}]*)\} from "(node:(?:crypto|child_process|(?:fs|readline)\/promises))";/gm,
    (_, names: string, from: string) =>
      names
        .split(",")
        .map((name) => name.trim())
        .filter((name) => name !== "" && !name.startsWith("type "))
        .map((name) => `const ${name} = (...given) => process.getBuiltinModule("${from}").${name}(...given);`)
        .join(""),
  );
}

/** Its build for Node imports `node:crypto` for a source of chance that ours (core/ids.ts) takes the place of. */
const ulidAlone: BunPlugin = {
  name: "ulid-alone",
  setup(build) {
    build.onResolve({ filter: /^ulid$/ }, () => ({
      path: join(root, "node_modules/ulid/dist/browser/index.js"),
    }));
  },
};

/**
 * Bundles the entrances into `folder`. The same sources give the same bytes wherever they lie: `check`
 * compares dist/ with a fresh build.
 *
 * Start of the server to `initialize` answered, median of 25, and private memory after 1 s (Bun 1.4.5):
 *
 *     from source                 104 ms   1.00   19.6 MB
 *     bundle                       69 ms   0.67   13.8 MB
 *     minified                     69 ms   0.67   13.4 MB
 *     minified, without Ajv        57 ms   0.55   11.7 MB   <- this
 *     the same with bytecode       45 ms   0.43   12.2 MB
 *
 * No bytecode: 0.77 MB of binary in every commit that changes a line, for 12 ms on machines with the very
 * Bun that built it.
 *
 * @throws if an entrance pulls in what it must not, or a bundle names this machine's folders.
 */
export async function build(folder: string, names = entrances): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  const files: string[] = [];
  for (const name of names) files.push(...(await bundle(name, folder)));
  return files;
}

/** @returns the files written: the entrance, and what it loads when that is needed. */
async function bundle(name: string, folder: string): Promise<readonly string[]> {
  const isInPieces = name === pieced;
  const result = await Bun.build({
    entrypoints: [join(root, name === "demo.js" ? "demo" : "plugin", name.replace(/\.js$/, ".ts"))],
    root,
    target: "bun",
    format: "esm",
    minify: true,
    metafile: true,
    splitting: isInPieces,
    naming: { entry: "[name].js", chunk: `${piecesOf(name)}/[hash].js` },
    plugins: [withoutAjv, ulidAlone, lateNode],
  });
  const outputs = result.metafile?.outputs ?? {};
  const bad = forbidden[name];
  // Of what was parsed, only what was not shaken out again.
  const kept = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  if (kept.length === 0) throw new Error(`${name}: the bundler told nothing of what it bundled`);
  const pulledIn = kept
    .filter(([path, { bytesInOutput }]) => bytesInOutput > 0 && bad?.test(path))
    .map(([path]) => path);
  if (pulledIn.length > 0) throw new Error(`dist/${name} would pull in ${pulledIn.slice(0, 3).join(", ")}`);
  if (!isInPieces && result.outputs.length !== 1) throw new Error(`${name}: expected one bundle`);

  rmSync(join(folder, piecesOf(name)), { recursive: true, force: true });
  const names = namesOf(outputs);
  const files = new Map<string, string>();
  for (const output of result.outputs) {
    const text = await output.text();
    if (text.includes(root)) throw new Error(`dist/${name} names the folder it was built in`);
    files.set(names.get(output.path) ?? output.path, renamed(text, names));
  }
  if (isInPieces) refuseToNode(forNode, files);
  for (const [file, text] of files) {
    await Bun.write(join(folder, file), text);
    if (text.startsWith("#!")) chmodSync(join(folder, file), 0o755);
  }
  return [...files.keys()].sort();
}

if (import.meta.main) {
  const folder = join(root, "dist");
  for (const name of await build(folder)) {
    if (!name.includes("/"))
      console.log(`dist/${name} ${(Bun.file(join(folder, name)).size / 1000).toFixed(0)} kB`);
  }
}
