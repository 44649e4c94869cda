import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { BunPlugin } from "bun";

const root = join(import.meta.dir, "..");

/** What a bundle may not pull in, by the path of the module. */
const forbidden: Readonly<Record<string, RegExp>> = {
  // A client starts the hook anew for every event: 16 ms bare, and zod with the SDK add about 20 ms.
  "hook.js": /node_modules\/(zod|ajv|@modelcontextprotocol)\//,
  "server.js": /node_modules\/(ajv|fast-uri)\//,
};

/**
 * The SDK's Server builds an Ajv in its constructor, to check answers to elicitation forms. cc-dm sends
 * none and checks its own input with zod; without it the bundle is 140 kB and not 280.
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
 * Bundles both entrances into `folder`. The same sources give the same bytes wherever they lie: `check`
 * compares dist/ with a fresh build.
 *
 * @throws if an entrance pulls in what it must not, or a bundle names this machine's folders.
 */
export async function build(folder: string): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  const names = ["server.js", "hook.js"];
  for (const name of names) await bundle(name, folder);
  return names;
}

async function bundle(name: string, folder: string): Promise<void> {
  const result = await Bun.build({
    entrypoints: [join(root, "plugin", name.replace(/\.js$/, ".ts"))],
    root,
    target: "bun",
    format: "esm",
    minify: true,
    metafile: true,
    plugins: [withoutAjv],
  });
  const bad = forbidden[name];
  const pulledIn = Object.keys(result.metafile?.inputs ?? {}).filter((path) => bad?.test(path));
  if (pulledIn.length > 0) throw new Error(`dist/${name} would pull in ${pulledIn.slice(0, 3).join(", ")}`);
  const [bundled, ...others] = result.outputs;
  if (bundled === undefined || others.length > 0) throw new Error(`${name}: expected one bundle`);
  const text = await bundled.text();
  if (text.includes(root)) throw new Error(`dist/${name} names the folder it was built in`);
  await Bun.write(join(folder, name), text);
}

if (import.meta.main) {
  const folder = join(root, "dist");
  for (const name of await build(folder)) {
    console.log(`dist/${name} ${(Bun.file(join(folder, name)).size / 1000).toFixed(0)} kB`);
  }
}
