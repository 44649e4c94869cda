import { onTestFinished } from "bun:test";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An empty folder of its own for the test that runs, gone after it. */
export function scratch(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "cc-dm-")));
  // An afterEach here would count for one test file only: the first that imports this.
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
