import { ptr } from "bun:ffi";
import { libc } from "./libc.ts";

const poll = { args: ["ptr", "u64", "i32"], returns: "i32" } as const;
// POLLERR, POLLHUP and POLLNVAL of poll(2), on Linux and macOS alike.
const gone = 0x08 | 0x10 | 0x20;

/**
 * Tells whether somebody still reads what a descriptor leads to. The end of `cc-dm log -f | head` is
 * heard at the next write only, and on a quiet bus that may be tomorrow: the shell would wait for us. Neither
 * Bun nor Node tells of it, so the system is asked; where that cannot be done, the answer is yes.
 */
export function readerCheck(descriptor: number): () => boolean {
  const system = libc({ poll });
  if (system === null) return () => true;
  const entry = new DataView(new ArrayBuffer(8)); // struct pollfd
  entry.setInt32(0, descriptor, true);
  const address = ptr(entry);
  return () => system.poll(address, 1, 0) <= 0 || (entry.getInt16(6, true) & gone) === 0;
}
