import { dlopen, ptr } from "bun:ffi";

const libraries = ["libc.so.6", "libSystem.B.dylib", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1"];
const poll = { args: ["ptr", "u64", "i32"], returns: "i32" } as const;
// POLLERR, POLLHUP and POLLNVAL of poll(2), on Linux and macOS alike.
const gone = 0x08 | 0x10 | 0x20;

/**
 * Tells whether somebody still reads what a descriptor leads to. The end of `cc-dm log -f | head` is
 * heard at the next write only, and on a quiet bus that may be tomorrow: the shell would wait for us. Neither
 * Bun nor Node tells of it, so the system is asked; where that cannot be done, the answer is yes.
 */
export function readerCheck(descriptor: number): () => boolean {
  const ask = library();
  if (ask === null) return () => true;
  const entry = new DataView(new ArrayBuffer(8)); // struct pollfd
  entry.setInt32(0, descriptor, true);
  const address = ptr(entry);
  return () => ask(address, 1, 0) <= 0 || (entry.getInt16(6, true) & gone) === 0;
}

function library() {
  for (const name of libraries) {
    try {
      return dlopen(name, { poll }).symbols.poll;
    } catch {} // of another system
  }
  return null;
}
