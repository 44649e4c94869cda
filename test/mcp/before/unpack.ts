import { join } from "node:path";

/**
 * The programs as the plugin shipped them before there was a person on the bus (schema 3, commit f72c3a0):
 * a session that was started then and still runs. Packed, and here, because a shallow clone has no history.
 */
export async function unpackBefore(
  folder: string,
): Promise<{ readonly server: string; readonly hook: string }> {
  for (const name of ["server.js", "hook.js"]) {
    const packed = await Bun.file(join(import.meta.dir, `${name}.gz`)).bytes();
    await Bun.write(join(folder, "dist", name), Bun.gunzipSync(packed));
  }
  return { server: join(folder, "dist", "server.js"), hook: join(folder, "dist", "hook.js") };
}
