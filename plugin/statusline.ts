/**
 * What the client runs for its status line, again and again: one line about this session, or nothing.
 * It loads neither zod nor the SDK, writes nothing, and waits for nobody.
 */
import { statusline } from "./cli/setup/statusline/run.ts";
import { systemClock } from "./core/clock.ts";

await statusline({
  words: process.argv.slice(2),
  env: process.env,
  clock: systemClock,
  pid: process.pid,
  // `process.stdout` takes 10 ms to be made, a third of it all. Who reads no more needs no line.
  out: (text) => Bun.write(Bun.stdout, text).catch(() => 0),
});
