import type { Clock } from "../core/clock.ts";
import type { EpochMs } from "../core/model.ts";
import type { Doing } from "./doing.ts";

const everyMs = 2_000;

export interface ApprovalParts {
  readonly clock: Clock;
  readonly doing: Doing;
  /** The processes that the client has started and that run now. */
  readonly children: () => readonly number[];
}

/**
 * Whether a command that was asked for runs by now. When the person allows a tool the client tells
 * nobody: the first sign is the tool's end, ten minutes later perhaps, and until then the roster would
 * say "blocked" of a session that works. A command is a process, though: one that appears after the
 * dialog and stays, while nothing else of this session could have started it.
 */
export function approval({ clock, doing, children }: ApprovalParts): { look(): void } {
  let since: EpochMs | null = null;
  let before: ReadonlySet<number> = new Set();
  let candidates: ReadonlySet<number> = new Set();
  let next = 0;

  return {
    look() {
      const dialog = doing.loneDialog();
      if (dialog === null || dialog.about !== "Bash") {
        since = null;
        return;
      }
      const now = clock.now();
      if (since === dialog.since && now < next && next - now <= everyMs) return;
      next = now + everyMs;
      const running = children();
      if (since !== dialog.since) {
        since = dialog.since;
        before = new Set(running);
        candidates = new Set();
        return;
      }
      const fresh = running.filter((pid) => !before.has(pid));
      if (fresh.some((pid) => candidates.has(pid))) doing.note({ kind: "answered", agent: dialog.agent });
      candidates = new Set(fresh);
    },
  };
}
