import { dlopen, type FFIFunction } from "bun:ffi";

const names: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ["libc.so.6", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1"],
  darwin: ["libSystem.B.dylib"],
};

/** Functions of the system that neither Bun nor Node hands on; null: they cannot be reached here. */
export function libc<F extends Record<string, FFIFunction>>(functions: F) {
  for (const name of names[process.platform] ?? []) {
    try {
      return dlopen(name, functions).symbols;
    } catch {} // no such library on this system
  }
  return null;
}
