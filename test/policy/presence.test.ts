import { describe, expect, test } from "bun:test";
import type { Activity, Place, ProcessMark, Session } from "../../plugin/core/model.ts";
import { sharesPids } from "../../plugin/host/place.ts";
import { standing } from "../../plugin/policy/presence.ts";
import { fakeClock } from "../fakes/clock.ts";
import { joining, place } from "../fakes/people.ts";

const second = 1000;
const minute = 60 * second;
const here = { place };
const otherBoot = { place: { ...place, boot: "boot-0" } };
const container = { place: { ...place, pidSpace: "pid:[2]" } };
const otherHost = { place: { machine: "desktop", boot: "boot-9", pidSpace: "pid:[1]" } };

interface Facts {
  readonly place: Place;
  readonly server: boolean;
  readonly client: boolean;
  readonly hooks: boolean;
  readonly silentMs: number;
  /** What it last told of itself. */
  readonly doing?: Activity["state"] | null;
}
const fine: Facts = { ...here, server: true, client: true, hooks: true, silentMs: 0 };

function judge({ place: where, server, client, hooks, silentMs, doing = null }: Facts, jumpMs = 0): string {
  const clock = fakeClock();
  const brought = joining("api", { place: where });
  const session: Session = {
    ...brought,
    mailbox: 1,
    startedAt: clock.now(),
    beatAt: clock.now() - silentMs,
    beatUp: clock.up() - silentMs,
    closedAt: null,
    hooksAt: hooks ? clock.now() : null,
    condition:
      doing === null
        ? null
        : { activity: { state: doing, since: 0, on: null }, reach: "wake", quietUntil: null },
  };
  clock.setWall(jumpMs);
  const isRunning = (mark: ProcessMark) => (mark.pid === brought.server.pid ? server : client);
  return standing(session, { place, clock, sharesPids, isRunning });
}

describe("on this host the processes tell", () => {
  const table: readonly (readonly [string, Partial<Facts>, string])[] = [
    ["server and client run, heard a moment ago", {}, "live"],
    ["not heard for almost a minute", { silentMs: minute - 1 }, "live"],
    ["not heard for a minute", { silentMs: minute }, "away"],
    ["asleep for a night", { silentMs: 600 * minute }, "away"],
    ["the server died, the client lives and its hooks were heard", { server: false }, "deaf"],
    ["the server died, and no hook of its client was ever heard", { server: false, hooks: false }, "gone"],
    ["both died", { server: false, client: false }, "gone"],
    ["the client died under a server that has not noticed", { client: false }, "live"],
    ["a session of an earlier boot of this machine", { ...otherBoot, silentMs: 0 }, "gone"],
  ];
  for (const [what, facts, expected] of table) {
    test(`${what}: ${expected}`, () => expect(judge({ ...fine, ...facts })).toBe(expected));
  }
});

describe("elsewhere there is only the heartbeat", () => {
  for (const [where, at] of [
    ["in another container", container],
    ["on another host", otherHost],
  ] as const) {
    const table: readonly (readonly [number, string])[] = [
      [0, "live"],
      [minute - 1, "live"],
      [minute, "away"],
      [5 * minute - 1, "away"],
      [5 * minute, "gone"],
    ];
    for (const [silentMs, expected] of table) {
      test(`${where}, silent for ${silentMs / second} s: ${expected}`, () => {
        // Its pids mean nothing here, so what they seem to say must not count.
        expect(judge({ ...fine, ...at, server: false, client: false, silentMs })).toBe(expected);
      });
    }
  }
});

describe("a clock that is set evicts nobody", () => {
  test("an hour ahead: still live, here and in another container", () => {
    expect(judge(fine, 60 * minute)).toBe("live");
    expect(judge({ ...fine, ...container }, 60 * minute)).toBe("live");
  });
  test("an hour back: still live", () => {
    expect(judge(fine, -60 * minute)).toBe("live");
    expect(judge({ ...fine, ...container, silentMs: 2 * minute }, -60 * minute)).toBe("live");
  });
});

describe("whoever is there is what it told of itself", () => {
  for (const doing of ["idle", "busy", "blocked"] as const) {
    test(`${doing}, here and in another container`, () => {
      expect(judge({ ...fine, doing })).toBe(doing);
      expect(judge({ ...fine, ...container, doing })).toBe(doing);
    });
    test(`but not once it is silent, deaf or gone (${doing})`, () => {
      expect(judge({ ...fine, doing, silentMs: minute })).toBe("away");
      expect(judge({ ...fine, ...container, doing, silentMs: minute })).toBe("away");
      expect(judge({ ...fine, doing, server: false })).toBe("deaf");
      expect(judge({ ...fine, doing, server: false, client: false })).toBe("gone");
    });
  }
});
