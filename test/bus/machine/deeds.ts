import fc from "fast-check";
import type { Path, Priority } from "../../../plugin/core/model.ts";

/** Which of the clients of the town; each has a folder, a name to start with and perhaps a project. */
export type Seat = number;
export const seats = 4;
export const paths = ["channel", "wake", "turn", "pull"] as const satisfies readonly Path[];

/** What a session does or what is done to it. */
export type Doing =
  | {
      readonly do: "dm";
      readonly who: Seat;
      readonly to: Seat;
      readonly ttlS: number;
      readonly priority: Priority;
    }
  | { readonly do: "broadcast"; readonly who: Seat; readonly ttlS: number }
  /** An answer to one of the messages it was shown. */
  | { readonly do: "reply"; readonly who: Seat; readonly nth: number }
  | { readonly do: "take"; readonly who: Seat; readonly path: Path; readonly limit: number }
  /** Evidence by token for some of what it was last shown. */
  | { readonly do: "prove"; readonly who: Seat; readonly nth: number; readonly count: number }
  /** Tokens of offers to the others, old and new: what a text that quotes them would bring. */
  | { readonly do: "quote"; readonly who: Seat }
  | { readonly do: "proveBy"; readonly who: Seat; readonly path: Path; readonly agoMs: number }
  | { readonly do: "requeue"; readonly who: Seat; readonly path: Path; readonly agoMs: number }
  | { readonly do: "rename"; readonly who: Seat; readonly as: Seat; readonly project: string | null }
  | { readonly do: "block"; readonly who: Seat; readonly whom: Seat; readonly on: boolean }
  | { readonly do: "beat"; readonly who: Seat }
  | { readonly do: "sweep"; readonly who: Seat }
  | { readonly do: "prune"; readonly who: Seat }
  /** Its server vanishes; the client may live on, so that its hook still drains. */
  | { readonly do: "crash"; readonly who: Seat; readonly clientLives: boolean }
  /** Others hold it for gone, though it runs. */
  | { readonly do: "evict"; readonly who: Seat };

/** What can happen at once with other such things. */
export type Deed =
  | Doing
  /** The client is started anew under its old name, after leaving if its server still runs. */
  | { readonly do: "restart"; readonly who: Seat };

/** One step of a story: several deeds at once, or something that befalls the whole machine. */
export type Step =
  | { readonly at: "once"; readonly deeds: readonly Deed[] }
  | { readonly at: "later"; readonly ms: number }
  | { readonly at: "clock set"; readonly by: number }
  | { readonly at: "reboot" };

const seat = fc.nat(seats - 1);
const path = fc.constantFrom(...paths);
const nth = fc.nat(30);
const ttlS = fc.constantFrom(5, 60, 86_400);
const agoMs = fc.constantFrom(-1, 0, 1000, 10_000);

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant("dm" as const),
      who: seat,
      to: seat,
      ttlS,
      priority: fc.constantFrom<Priority>("urgent", "normal", "low"),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("broadcast" as const), who: seat, ttlS }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("reply" as const), who: seat, nth }) },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant("take" as const),
      who: seat,
      path,
      limit: fc.integer({ min: 1, max: 5 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("prove" as const),
      who: seat,
      nth,
      count: fc.integer({ min: 1, max: 5 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("quote" as const), who: seat }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("proveBy" as const), who: seat, path, agoMs }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("requeue" as const), who: seat, path, agoMs }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("rename" as const),
      who: seat,
      as: fc.nat(seats + 1),
      project: fc.constantFrom("shop", null),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("block" as const), who: seat, whom: seat, on: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("beat" as const), who: seat }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("sweep" as const), who: seat }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("prune" as const), who: seat }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("crash" as const), who: seat, clientLives: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("evict" as const), who: seat }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("restart" as const), who: seat }) },
);

const minute = 60_000;

export const story: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 14,
      arbitrary: fc.record({ at: fc.constant("once" as const), deeds: fc.tuple(deed) }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        at: fc.constant("once" as const),
        deeds: fc.array(deed, { minLength: 2, maxLength: 5 }),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        at: fc.constant("later" as const),
        ms: fc.constantFrom(1, 400, 1000, 6000, minute, 60 * minute, 26 * 60 * minute),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        at: fc.constant("clock set" as const),
        by: fc.constantFrom(-25 * 60 * minute, -minute, minute, 25 * 60 * minute),
      }),
    },
    { weight: 1, arbitrary: fc.record({ at: fc.constant("reboot" as const) }) },
  ),
  { minLength: 1, maxLength: 80, size: "max" },
);
