import { expect, test } from "bun:test";
import { join } from "node:path";

const root = join(import.meta.dir, "..", "..");
const script = `
  import { readerCheck } from ${JSON.stringify(join(root, "plugin", "host", "reader.ts"))};
  const heard = readerCheck(1);
  process.stderr.write(heard() + " ");
  for await (const _ of process.stdin) break; // until the reader has gone
  process.stderr.write(heard() + "");
`;

/** What a program that runs this way says of its reader: at first, and when that should be gone. */
async function told(line: string): Promise<string> {
  const child = Bun.spawn(["sh", "-c", line], {
    env: { PATH: "/usr/bin:/bin", BUN: process.execPath, SCRIPT: script },
    stdout: "ignore",
    stderr: "pipe",
  });
  return child.stderr.text();
}

test.skipIf(process.platform === "win32")(
  "a pipe that nobody reads any more is told of, without writing to it",
  async () => {
    // What stands behind the pipe closes it and then ends the script's wait.
    const pipe = `d=$(mktemp -d) && mkfifo $d/go && "$BUN" -e "$SCRIPT" < $d/go | { exec 0<&-; echo > $d/go; }; rm -r $d`;
    expect(await told(pipe)).toMatch(/ false$/);
    expect(await told(`echo | "$BUN" -e "$SCRIPT" | cat`)).toBe("true true");
    expect(await told(`echo | "$BUN" -e "$SCRIPT" > /dev/null`)).toBe("true true");
  },
);
