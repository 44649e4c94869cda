/**
 * Plays one story with the server of every given commit and packs the files that they leave:
 *
 *   bun test/faults/versions/record.ts COMMIT...
 *
 * In the whole history, which a shallow clone has not, each schema has a first and a last build.
 */
import { Database } from "bun:sqlite";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stage } from "../stage.ts";
import { pack, type Version } from "./versions.ts";

const root = join(import.meta.dir, "..", "..", "..");
const git = (...words: readonly string[]) => Bun.spawnSync(["git", ...words], { cwd: root }).stdout;

async function play(commit: string): Promise<{ readonly version: Version; readonly file: Uint8Array }> {
  await using on = stage();
  const server = join(on.folder, "dist", "server.js");
  mkdirSync(join(on.folder, "dist"));
  writeFileSync(server, git("show", `${commit}:dist/server.js`));
  const own = { server, through: ["sh", "-c", '"$@"; exit', "sh"] };
  await (await on.start("dora", own)).server.close();
  const [lead, api] = [await on.start("lead", own), await on.start("api", own)];
  const web = await on.start("web", { ...own, env: { CC_DM_SESSION_PROJECT: "shop" } });
  const asked = await lead.send("api", "is it done?");
  await api.inbox();
  await api.ask("reply", { message_id: asked, content: "it is" });
  await lead.inbox();
  await lead.send("api", "good");
  await api.inbox();
  await Promise.all([lead, api].map((one) => one.ask("who"))); // what was read is proved by now
  await lead.ask("dm", {
    to: "dora",
    content: "later",
    priority: "urgent",
    thread_id: "t-1",
    message_type: "task",
  });
  await lead.send("dora", "and this");
  await lead.ask("broadcast", { content: "to all" });
  await web.ask("dm", { to: "dora", content: "from another project" }); // some builds refuse it
  await api.server.close();
  await lead.send("api", "handed over, and never proved");
  const dying = await on.start("api", { ...own, point: "evidence:before" });
  await dying.inbox();
  await Promise.race([dying.server.gone, Bun.sleep(5_000)]);
  await lead.send("api", "waits");
  for (const one of [lead, web]) one.signal("SIGKILL");
  await Promise.all([lead, web].map((one) => one.server.gone));
  const db = new Database(on.file);
  db.run("pragma wal_checkpoint(truncate)");
  const { user_version: schema } = db.query("pragma user_version").get() as { user_version: number };
  const at = Date.now();
  db.close();
  console.log(
    commit,
    schema,
    on
      .rows()
      .map(({ from, to, state }) => `${from}>${to}:${state}`)
      .join(" "),
  );
  return { version: { commit, schema, at, bytes: 0 }, file: readFileSync(on.file) };
}

const played: Awaited<ReturnType<typeof play>>[] = [];
for (const commit of process.argv.slice(2)) played.push(await play(commit));
await pack(played);
