/**
 * The pictures of README, made from the real program: `npm run pictures [NAME…]`. Real clients, found or not as
 * for test/client, with a stand-in for their model, in a network namespace that has only loopback.
 */
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { startSession } from "../../test/client/session.ts";
import { absent, versions } from "../../test/client/versions.ts";
import { openWorld, type World } from "../../test/client/world.ts";
import { backend, planner, question } from "./story.ts";
import { svg, type Window } from "./svg.ts";
import { capture, resize } from "./tmux.ts";

const [version] = versions;
const folder = join(import.meta.dir, "../../docs/pictures");
const root = join(import.meta.dir, "../..");

const pictures: Readonly<Record<string, (world: World) => Promise<string>>> = { talk };

const wanted = process.argv.slice(2);
const reason = absent(version);
if (reason !== undefined) {
  console.error(`No pictures: ${reason}`);
  process.exit(1);
}
const world = await openWorld(version);
try {
  for (const [name, draw] of Object.entries(pictures)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const drawn = await draw(world);
    refuseTraces(drawn, world);
    await Bun.write(join(folder, `${name}.svg`), drawn);
    console.log(`docs/pictures/${name}.svg`);
  }
} finally {
  await world.close();
}

/** Two sessions, each in its terminal: one asks, the other answers, nobody switches windows. */
async function talk(world: World): Promise<string> {
  const size = { columns: 62, rows: 31 };
  const shop = { version, project: "shop", home: "me", plugin: root };
  world.model.script("planner", planner);
  world.model.script("backend", backend);
  const [one, other] = [
    await startSession(world, { name: "planner", folder: "planner", ...shop }),
    await startSession(world, { name: "backend", folder: "backend", ...shop }),
  ];
  const socket = join(world.folder, "tmux.sock");
  for (const name of ["planner", "backend"]) await resize(socket, name, size.columns, size.rows);
  await one.type(question);
  await one.shows("on port 8081");
  await other.shows("Told planner");
  await Promise.all([one.idle(), other.idle()]);
  const windows: Window[] = [];
  for (const name of ["planner", "backend"]) {
    windows.push({ title: name, screen: await capture(socket, name), ...size });
  }
  await Promise.all([one.exit(), other.exit()]);
  return svg(windows, "Two terminals: planner asks backend a question, and reads the answer");
}

/** A picture is for everybody: nothing of the machine on which it was made. */
function refuseTraces(drawn: string, world: World): void {
  const traces = [world.folder, root, hostname(), `${userInfo().username}@`, "/tmp/"];
  const found = traces.filter((trace) => drawn.includes(trace));
  if (found.length > 0) throw new Error(`The picture names ${found.join(", ")}.`);
}
