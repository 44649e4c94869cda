/**
 * Preloaded into a server (`bun --preload`), moves its clocks by what the file in CC_DM_TEST_CLOCK
 * says: `[wall, uptime]` in milliseconds. A clock that is set moves the wall alone; a machine that
 * slept moves both.
 */
import { join } from "node:path";
import { plugin } from "bun";
import { moved } from "./os.ts";

const { now } = Date;
Date.now = () => now() + moved().wall;

// Bun lets nobody replace a builtin module, so the server's import of it is pointed elsewhere.
const stub = JSON.stringify(join(import.meta.dir, "os.ts"));
plugin({
  name: "clock",
  setup(build) {
    build.onLoad({ filter: /(server\.js|plugin\/.*\.ts)$/ }, async ({ path }) => ({
      contents: (await Bun.file(path).text()).replace(/\bfrom ?"(node:)?os"/g, `from${stub}`),
      loader: path.endsWith(".ts") ? "ts" : "js",
    }));
  },
});
