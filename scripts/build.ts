import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { BunPlugin } from "bun";

const root = join(import.meta.dir, "..");

const entrances: readonly string[] = ["server.js", "hook.js", "cli.js", "statusline.js", "demo.js"];

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
 * Node must be able to load cli.js up to the point where it hands over to Bun, and it refuses a file that
 * imports `bun:…` anywhere; the bundler puts such imports to the top even if only a late import needs them.
 */
function lateBun(text: string): string {
  return text.replace(
    /^import \{([^}]*)\} from "(bun:\w+)";/gm,
    (_, names: string, from: string) => `const {${names}} = process.getBuiltinModule("${from}");`,
  );
}

/**
 * `node:crypto` takes 8 ms of processor to load and `node:child_process` 3; a hook that brings no mail verifies
 * nothing, and outside of macOS nothing is asked of other programs. So they are loaded at the first call.
 */
function lateNode(text: string): string {
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

function late(...changes: readonly ((text: string) => string)[]): BunPlugin {
  return {
    name: "late",
    setup(build) {
      build.onLoad({ filter: /[/\\]plugin[/\\].*\.ts$/ }, async ({ path }) => {
        const text = await Bun.file(path).text();
        return { loader: "ts", contents: changes.reduce((done, change) => change(done), text) };
      });
    },
  };
}

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
  for (const name of names) await bundle(name, folder);
  return names;
}

async function bundle(name: string, folder: string): Promise<void> {
  const result = await Bun.build({
    entrypoints: [join(root, name === "demo.js" ? "demo" : "plugin", name.replace(/\.js$/, ".ts"))],
    root,
    target: "bun",
    format: "esm",
    minify: true,
    metafile: true,
    plugins:
      name === "cli.js" ? [ulidAlone, late(lateBun, lateNode)] : [withoutAjv, ulidAlone, late(lateNode)],
  });
  const bad = forbidden[name];
  // Of what was parsed, only what was not shaken out again.
  const kept = Object.values(result.metafile?.outputs ?? {}).flatMap((output) =>
    Object.entries(output.inputs),
  );
  if (kept.length === 0) throw new Error(`${name}: the bundler told nothing of what it bundled`);
  const pulledIn = kept
    .filter(([path, { bytesInOutput }]) => bytesInOutput > 0 && bad?.test(path))
    .map(([path]) => path);
  if (pulledIn.length > 0) throw new Error(`dist/${name} would pull in ${pulledIn.slice(0, 3).join(", ")}`);
  const [bundled, ...others] = result.outputs;
  if (bundled === undefined || others.length > 0) throw new Error(`${name}: expected one bundle`);
  const text = await bundled.text();
  if (name === "cli.js" && /from\s*"bun:/.test(text)) throw new Error("Node could not load dist/cli.js");
  // Bun's minifier leaves it as it is, and Node 20 cannot parse it.
  if (name === "cli.js" && /\busing [\w$]+\s*=/.test(text))
    throw new Error("dist/cli.js has a `using`: Node 20 could not load it");
  if (text.includes(root)) throw new Error(`dist/${name} names the folder it was built in`);
  await Bun.write(join(folder, name), text);
  if (text.startsWith("#!")) chmodSync(join(folder, name), 0o755);
}

if (import.meta.main) {
  const folder = join(root, "dist");
  for (const name of await build(folder)) {
    console.log(`dist/${name} ${(Bun.file(join(folder, name)).size / 1000).toFixed(0)} kB`);
  }
}
