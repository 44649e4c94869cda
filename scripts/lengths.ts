import { join } from "node:path";

/** A file longer than this is two files. */
const most = 300;

/** Of the program and of what builds it; a test may be as long as its list of cases. */
export async function checkLengths(root: string): Promise<readonly string[]> {
  const complaints: string[] = [];
  for await (const path of new Bun.Glob("{plugin,scripts}/**/*.{ts,tsx,js,mjs}").scan(root)) {
    const lines = (await Bun.file(join(root, path)).text()).trimEnd().split("\n").length;
    if (lines > most) complaints.push(`${path} has ${lines} lines; ${most} are the most. Which file is two?`);
  }
  return complaints.sort();
}
