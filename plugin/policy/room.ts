import type { Bus } from "../bus/bus.ts";
import { DmError } from "../core/errors.ts";
import type { UpMs } from "../core/model.ts";

const lookMs = 30_000;
const megabyte = 1_000_000;

/**
 * Whether the bus may grow: two that read what they write to each other never fill a mailbox. Looked at now and
 * then, and not within a send, whose order is that of the calls; so it grows on for half a minute.
 *
 * @returns a function that throws DmError `bus_at_limit`; nothing was written then.
 */
export function room({ bytes }: Pick<Bus, "bytes">, maxMegabytes: number): (now: UpMs) => void {
  let held = 0;
  let lookedAt: UpMs | null = null;
  const look = () =>
    bytes().then(
      (found) => {
        held = found;
      },
      () => {}, // what is wrong with the bus, the send tells
    );
  void look(); // a command sends once
  return (now) => {
    lookedAt ??= now;
    const stale = now - lookedAt >= lookMs;
    const full = held > maxMegabytes * megabyte;
    if (stale || full) {
      lookedAt = now;
      void look(); // room may be made at any moment; what is refused is tried again
    }
    if (!full || stale) return; // nobody is refused for what was found long ago
    throw new DmError(
      "bus_at_limit",
      `The bus holds ${Math.ceil(held / megabyte)} MB, and ${maxMegabytes} are the most (CC_DM_MAX_BUS_MB). Nothing was sent. What was read goes by itself after some days (CC_DM_HISTORY_DAYS); the user makes room at once with cc-dm prune.`,
    );
  };
}
