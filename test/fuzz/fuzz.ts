/**
 * `npm run fuzz`: every property of this folder, and of the whole suite's others that take a budget, with new
 * inputs. `npm run fuzz -- 300` gives each property 300 seconds instead of 20; more words name test files.
 */
import { join } from "node:path";

const [given = "20", ...files] = process.argv.slice(2);
const seconds = /^\d+$/.test(given) ? given : "20";
const named = seconds === given ? files : [given, ...files];
const words = ["test", ...(named.length > 0 ? named : [import.meta.dir])];
const child = Bun.spawn([process.execPath, ...words], {
  cwd: join(import.meta.dir, "..", ".."),
  env: { ...process.env, CC_DM_FUZZ_S: seconds },
  stdio: ["ignore", "inherit", "inherit"],
});
process.exitCode = await child.exited;
