import { statSync } from "node:fs";
import { isDmError } from "../../../core/errors.ts";
import type { UpMs } from "../../../core/model.ts";
import type { Terminal } from "../../command.ts";
import { openStore, type Store } from "../../store.ts";
import { type Looker, looker } from "./look.ts";

/** The way to the bus, which may not be there yet, be locked, or be removed and made anew. */
export interface Line {
  /**
   * The bus as it is now.
   *
   * @throws DmError `bus_newer` and what else waiting does not mend; the others are told as `trouble`.
   */
  readonly reach: () => Promise<Reached | Trouble>;
  readonly end: () => void;
}

export interface Trouble {
  readonly trouble: string;
  /** There is a bus, it only cannot be read now. */
  readonly isThere: boolean;
}

export interface Reached {
  readonly store: Store;
  readonly looker: Looker;
}

// Another cc-dm, updated meanwhile, may have brought the bus to a schema that this one does not know.
const againMs = 30_000;

export function lineTo(terminal: Terminal): Line {
  let open: (Reached & { readonly file: string; readonly at: UpMs }) | null = null;

  function end(): void {
    open?.store.bus.end();
    open = null;
  }

  return {
    end,
    async reach() {
      if (open !== null && fileAt(open.store.home.bus) !== open.file) end();
      try {
        if (open !== null && Math.abs(terminal.clock.up() - open.at) < againMs) return open;
        const store = await openStore(terminal);
        if (open !== null) {
          store.bus.end();
          open = { ...open, at: terminal.clock.up() };
          return open;
        }
        const found = await looker(store, terminal).catch((error: unknown) => {
          store.bus.end();
          throw error;
        });
        open = { store, looker: found, file: fileAt(store.home.bus), at: terminal.clock.up() };
        return open;
      } catch (error) {
        if (!isDmError(error) || error.code === "bus_newer") throw error;
        return { trouble: error.message, isThere: error.code === "bus_busy" };
      }
    },
  };
}

/** Which file stands there; another one of the same name is another bus. */
function fileAt(path: string): string {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return "";
  }
}
