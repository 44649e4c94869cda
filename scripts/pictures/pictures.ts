/**
 * The pictures of README, made from the real program: `npm run pictures [NAME…]`. Real clients, found or not as
 * for test/client, with a stand-in for their model, in a network namespace that has only loopback.
 */
import { hostname, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { startSession } from "../../test/client/session.ts";
import { absent, versions } from "../../test/client/versions.ts";
import { openWorld, type World } from "../../test/client/world.ts";
import * as story from "./story.ts";
import { svg, type Window } from "./svg.ts";
import { capture, resize } from "./tmux.ts";

const [version] = versions;
const folder = join(import.meta.dir, "../../docs/pictures");
const root = join(import.meta.dir, "../..");

const pictures: Readonly<Record<string, (world: World) => Promise<string>>> = { talk, top };

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
  world.model.script("planner", story.planner);
  world.model.script("backend", story.backend);
  const [one, other] = [
    await startSession(world, { name: "planner", folder: "planner", ...shop }),
    await startSession(world, { name: "backend", folder: "backend", ...shop }),
  ];
  const socket = join(world.folder, "tmux.sock");
  for (const name of ["planner", "backend"]) await resize(socket, name, size.columns, size.rows);
  await one.type(story.question);
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

/** `cc-dm top`, while four work: one plans, one is busy, one waits, one asks for permission. */
async function top(world: World): Promise<string> {
  const size = { columns: 96, rows: 21 };
  const shop = { version, project: "shop", home: "me", plugin: root };
  // An approver who is not there: only the person is asked.
  const relay = {
    CC_DM_SESSION_ROLE: "builder",
    CC_DM_PERMISSION_RELAY: "1",
    CC_DM_PERMISSION_APPROVER: "lead",
  };
  world.model.script("planner", story.lead);
  world.model.script("backend", story.maker);
  world.model.script("tests", story.tester);
  world.model.script("builder", story.builder);
  const planner = await startSession(world, {
    name: "planner",
    folder: "planner",
    ...shop,
    env: { CC_DM_SESSION_ROLE: "planner" },
  });
  const backend = await startSession(world, { name: "backend", folder: "backend", ...shop });
  const tests = await startSession(world, { name: "tests", folder: "tests", ...shop });
  const builder = await startSession(world, { name: "builder", folder: "builder", ...shop, env: relay });
  await Bun.write(join(world.folder, "homes/me/backend/migration.log"), "1 of 3\n");
  await planner.type(story.order);
  await planner.shows("Both have their work");
  await tests.shows("Told you: 18 of 18");
  await backend.shows("tail -f");
  await builder.type(story.errand);
  await builder.shows("npm publish --dry-run");
  await builder.shows(/Do you want to/);

  const env = {
    HOME: join(world.folder, "homes/me"),
    CC_DM_HOME: world.bus,
    PATH: [dirname(process.execPath), "/usr/bin", "/bin"].join(":"),
    TERM: "xterm-256color",
    COLORTERM: "truecolor",
    LANG: "C.UTF-8",
  };
  const words = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const command = ["env", "-i", ...words, process.execPath, join(root, "dist/cli.js"), "top"];
  await world.terminal.open("top", { cwd: env.HOME, command });
  const socket = join(world.folder, "tmux.sock");
  await resize(socket, "top", size.columns, size.rows);
  const screen = await settled(
    socket,
    "top",
    (text) => text.includes("npm publish") && text.includes("18 of 18"),
  );
  await world.terminal.press("top", "q");
  return svg(
    [{ title: "cc-dm top", screen, ...size }],
    "cc-dm top: sessions, messages, an open permission request",
  );
}

/** What stands on the screen once it is all there, and drawn to its end. */
async function settled(socket: string, window: string, there: (screen: string) => boolean): Promise<string> {
  let before = "";
  for (const deadline = performance.now() + 20_000; performance.now() < deadline; await Bun.sleep(500)) {
    const screen = await capture(socket, window);
    if (there(screen) && screen === before) return screen;
    before = screen;
  }
  throw new Error(`${window} does not show it:\n${before}`);
}

/** A picture is for everybody: nothing of the machine on which it was made. */
function refuseTraces(drawn: string, world: World): void {
  const traces = [world.folder, root, hostname(), `${userInfo().username}@`, "/tmp/"];
  const found = traces.filter((trace) => drawn.includes(trace));
  if (found.length > 0) throw new Error(`The picture names ${found.join(", ")}.`);
}
