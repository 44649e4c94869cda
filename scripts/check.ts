// What neither linter nor compiler sees. Each check returns its complaints; none is good.
import { join } from "node:path";
import { checkDist } from "./dist.ts";
import { checkManifests } from "./manifests.ts";
import { checkWords } from "./words.ts";

const root = join(import.meta.dir, "..");
const complaints = [...(await checkManifests(root)), ...(await checkWords(root)), ...(await checkDist(root))];
for (const complaint of complaints) console.error(complaint);
if (complaints.length === 0) console.log("Manifests agree, dist/ is fresh, no stray names.");
process.exit(complaints.length === 0 ? 0 : 1);
