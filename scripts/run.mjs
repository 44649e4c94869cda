// `npm test`, `npm run demo`, `bun run build` …: finds or fetches Bun and the development packages, both
// into this folder only, then runs the verb. Plain JavaScript, because it must run under Node 18 as well as
// under Bun: a machine with only one of them is enough. With everything in place it needs no network.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installPackages } from "./packages.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = join(root, ".cache", "bun");
const oldest = [1, 4];
const fetched = "1.4.5"; // what dist/ is built and measured with

// Biome colours even what goes into a file, each letter by itself, as soon as CI is set.
const plain = process.stdout.isTTY ? [] : ["--colors=off"];
const lint = ["node_modules/@biomejs/biome/bin/biome", "ci", "--error-on-warnings", ...plain];
const types = ["node_modules/typescript/bin/tsc", "--noEmit"];
/** Each verb is one or more Bun command lines; what the user adds goes to the last. */
const verbs = {
  demo: [["demo/demo.ts"]],
  // Most tests wait for something: two files at once take half the time, three starve the real clients.
  test: [["test", "--parallel=2"]],
  build: [["scripts/build.ts"]],
  lint: [lint],
  types: [types],
  check: [lint, types, ["scripts/check.ts"]],
  bench: [["bench/bench.ts"]],
  fuzz: [["test/fuzz/fuzz.ts"]], // every property with inputs it never saw, 20 s each
  soak: [["test/soak/soak.ts"]], // fifty sessions under a hand of chaos, for ten minutes
  faults: [["test/faults/faults.ts"]], // what a machine, a disk and a person can do; what was promised against what arrived
  clients: [["test/client/install.ts"]], // the real clients, for test/client
  pictures: [["scripts/pictures/pictures.ts"]], // those of README, from the real program
  relock: [], // bun.dev.lock anew, after a change to the packages in package.json
};

const [verb = "", ...rest] = process.argv.slice(2);
if (!Object.hasOwn(verbs, verb)) fail(`Unknown verb "${verb}". There are: ${Object.keys(verbs).join(", ")}.`);

const bun = findBun() ?? installBun();
const env = { ...process.env, PATH: [dirname(bun), process.env.PATH].filter(Boolean).join(delimiter) };
preparePackages();

let code = 0;
for (const [index, words] of verbs[verb].entries()) {
  const last = index === verbs[verb].length - 1;
  code = await run(last ? [...words, ...rest] : words);
  if (code !== 0) break;
}
process.exit(code);

/** A Bun that is new enough: the one that runs this, one on the PATH, or the one fetched before. */
function findBun() {
  const running = process.versions.bun === undefined ? [] : [process.execPath];
  return [...running, ...onPath(), ...inCache()].find((file) => newEnough(versionOf(file)));
}

function onPath() {
  const names = process.platform === "win32" ? ["bun.exe"] : ["bun"];
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .filter((file) => existsSync(file));
}

/**
 * The npm package `bun` puts the binary in place by an install script, which npm may be told to skip; the
 * binary itself lies in the optional package for the platform, so it is taken from there.
 */
function inCache() {
  const scope = join(cache, "node_modules", "@oven");
  if (!existsSync(scope)) return [];
  const name = process.platform === "win32" ? "bun.exe" : "bun";
  return readdirSync(scope)
    .map((folder) => join(scope, folder, "bin", name))
    .filter((file) => existsSync(file));
}

function versionOf(file) {
  const answer = spawnSync(file, ["--version"], { encoding: "utf8" });
  return answer.status === 0 ? answer.stdout.trim() : "";
}

function newEnough(version) {
  const [major = 0, minor = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

function installBun() {
  say(
    `No Bun ${oldest.join(".")} or newer on the PATH; fetching Bun ${fetched} into .cache/bun (once, about 100 MB).`,
  );
  mkdirSync(cache, { recursive: true });
  const npm = process.env.npm_execpath?.endsWith("npm-cli.js")
    ? [process.execPath, process.env.npm_execpath]
    : ["npm"];
  const words = ["install", "--prefix", cache, "--no-save", "--no-package-lock", "--ignore-scripts"];
  const [command, ...before] = [
    ...npm,
    ...words,
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    `bun@${fetched}`,
  ];
  const answer = spawnSync(command, before, { stdio: ["ignore", 2, 2], cwd: cache });
  const found = inCache().find((file) => newEnough(versionOf(file)));
  if (found !== undefined) return found;
  const why =
    answer.error?.code === "ENOENT" ? "npm was not found either" : "npm could not fetch it (see above)";
  return fail(
    `cc-dm needs Bun ${oldest.join(".")} or newer, and ${why}. Get it from https://bun.sh and run this again.`,
  );
}

function preparePackages() {
  try {
    installPackages({ root, bun, relock: verb === "relock", say });
  } catch (error) {
    fail(`${error.message}\nThe development packages could not be installed; that needs a network.`);
  }
}

/** @returns the exit code of `bun …words`, with this terminal as its own. */
function run(words) {
  return new Promise((resolve) => {
    const child = spawn(bun, words, { cwd: root, env, stdio: "inherit" });
    // A Ctrl-C reaches the child from the terminal itself; it decides when to go, and we tell how it went.
    process.on("SIGINT", () => {});
    process.on("SIGTERM", () => child.kill("SIGTERM"));
    child.on("error", (error) => fail(`${bun} could not be started: ${error.message}`));
    child.on("exit", (status, signal) => resolve(status ?? (signal === "SIGINT" ? 130 : 143)));
  });
}

function say(text) {
  process.stderr.write(`cc-dm: ${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}
