// What neither linter nor compiler sees. Each check returns its complaints; none is good.
import { join } from "node:path";
import { checkDist } from "./dist.ts";
import { checkLengths } from "./lengths.ts";
import { checkManifests } from "./manifests.ts";
import { checkWords } from "./words.ts";

const root = join(import.meta.dir, "..");
const checks = [checkManifests, checkWords, checkLengths, checkDist];
const complaints: string[] = [];
for (const check of checks) complaints.push(...(await check(root)));
for (const complaint of complaints) console.error(complaint);
if (complaints.length === 0) console.log("Manifests agree, dist/ is fresh, no stray names, no long files.");
process.exit(complaints.length === 0 ? 0 : 1);
