import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "./build.ts";

/**
 * The client runs dist/ as it is committed, so it must be what the sources say. Bun's minifier may name
 * things otherwise from version to version, so a difference under another Bun is told as such.
 */
export async function checkDist(root: string): Promise<readonly string[]> {
  const fresh = await mkdtemp(join(tmpdir(), "cc-dm-dist-"));
  try {
    const complaints: string[] = [];
    const names = await build(fresh);
    const left = new Bun.Glob("**").scanSync({ cwd: join(root, "dist") });
    for (const name of left)
      if (!names.includes(name))
        complaints.push(`dist/${name} comes from no build. Run the build and commit that it is gone.`);
    for (const name of names) {
      const committed = Bun.file(join(root, "dist", name));
      if (!(await committed.exists()))
        complaints.push(`dist/${name} is missing. Run the build and commit it.`);
      else if ((await committed.text()) !== (await Bun.file(join(fresh, name)).text()))
        complaints.push(stale(name));
    }
    return complaints;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

function stale(name: string): string {
  return `dist/${name} differs from a fresh build by Bun ${Bun.version}. Run the build with Bun 1.4.5 and commit it.`;
}
