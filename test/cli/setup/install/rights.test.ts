/** What install makes and copies lets nobody in who was not in before, whatever the umask. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { lstatSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { testSetup } from "./setup.ts";

setDefaultTimeout(60_000);
const { fresh, begin, end } = testSetup();
beforeAll(begin);
afterAll(end);

test("with a umask of 000 nobody else writes anywhere, and what was closed stays closed", () => {
  const on = fresh();
  mkdirSync(dirname(on.settings), { recursive: true, mode: 0o755 });
  // A client's settings may hold keys; a person may have closed them.
  writeFileSync(
    on.settings,
    '{ "env": { "TOKEN": "x" }, "statusLine": { "type": "command", "command": "date" } }',
    {
      mode: 0o600,
    },
  );
  const words = [process.execPath, join(on.clone, "dist", "cli.js"), "install", "--statusline"];
  const { exitCode, stderr } = Bun.spawnSync(["sh", "-c", 'umask 000; exec "$@"', "sh", ...words], {
    cwd: on.folder,
    env: { HOME: on.home, PATH: `${join(on.folder, "bin")}:/usr/bin:/bin`, TMPDIR: on.folder },
    stdin: "ignore",
  });
  expect({ exitCode, err: stderr.toString() }).toEqual({ exitCode: 0, err: "" });
  const made = (readdirSync(on.home, { recursive: true }) as string[])
    .map((name) => ({ name, found: lstatSync(join(on.home, name)) }))
    // The plugins are the client's own, and the link leads to one.
    .filter(
      ({ name, found }) => !found.isSymbolicLink() && !/^(\.claude\/plugins|\.cc-dm\/plugin\/)/.test(name),
    )
    .map(({ name, found }) => [name, (found.mode & 0o777).toString(8)] as const);
  expect(Object.fromEntries(made)).toEqual({
    ".cc-dm": "700",
    ".cc-dm/installed.json": "600",
    ".cc-dm/statusline.json": "600",
    ".claude": "755",
    ".claude/settings.json": "600",
    ".claude/settings.json.before-cc-dm": "600",
    ".local": "755",
    ".local/bin": "755",
  });
});
