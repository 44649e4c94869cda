import type { Clock } from "../../core/clock.ts";
import type { EpochMs } from "../../core/model.ts";
import { isNewer } from "../../core/version.ts";
import type { Tidings } from "./tidings.ts";

export interface UpgradeParts {
  readonly clock: Clock;
  /** Of this server: a running process keeps what it was started with. */
  readonly version: string;
  /** The newest that is installed for the clients of this machine; null: none, or nobody can tell. */
  readonly installed: () => string | null;
}

const lookMs = 30_000;

/** Word of a newer version on this machine, once per version. Looks only when there is somebody to hear it: an idle session reads no files for this. */
export function upgrade({ clock, version, installed }: UpgradeParts): Tidings {
  let lookedAt: EpochMs | null = null;
  let newest: string | null = null;
  let [model, person] = [version, version];

  function newer(): string | null {
    if (lookedAt === null || Math.abs(clock.now() - lookedAt) >= lookMs) {
      lookedAt = clock.now();
      const found = installed();
      newest = found !== null && isNewer(found, version) ? found : null;
    }
    return newest;
  }

  return {
    toModel() {
      const found = newer();
      if (found === null || found === model) return null;
      model = found;
      return restartFor(found, version);
    },
    toPerson() {
      const found = newer();
      if (found === null || found === person) return null;
      person = found;
      return restartFor(found, version);
    },
  };
}

function restartFor(newer: string, version: string): string {
  return `cc-dm ${newer} is installed; this session still runs ${version}. They work together; to get the newer one restart this session: /exit, then claude --continue.`;
}
