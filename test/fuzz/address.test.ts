/** An address means one session or none, whoever is on the roster and whatever is written. */
import { expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { isDmError } from "../../plugin/core/errors.ts";
import { fold } from "../../plugin/core/names.ts";
import { resolve, type Target } from "../../plugin/policy/address.ts";
import { hostileText } from "../core/hostile.ts";
import { house, type Seat, seat } from "../fakes/house.ts";
import { budget, patience } from "./budget.ts";

setDefaultTimeout(patience);

const codes = ["unknown_recipient", "ambiguous_recipient", "self_message", "reserved_name"];
// Names that are each other's beginnings, twins and folders.
const cast = [
  ["api", null, "/code/shop"],
  ["api-2", "shop", "/code/api"],
  ["shop", "shop", "/projects/shop"],
  ["back-end", null, "/x/Back End"],
  ["ärger", null, "/x/y z"],
] as const;

test("it is a name, the beginning of an id or a folder of whom it finds, and else an error that helps", async () => {
  const home = await house();
  const seats: Seat[] = [];
  for (const [name, project, cwd] of cast) seats.push(await seat(home, name, { project, cwd }));
  const gone = await seat(home, "gone", { cwd: "/gone" });
  await home.bus.close([gone.session().id]);
  const sessions = seats.map((one) => one.session());
  const address = fc.oneof(
    hostileText,
    fc.constantFrom(
      ...cast.flatMap(([name, , cwd]) => [name, cwd, cwd.split("/").at(-1) ?? ""]),
      "gone",
      "user",
      "all",
      "YOU",
      "..",
      "/",
      "",
    ),
    fc
      .tuple(fc.nat(cast.length - 1), fc.nat(26))
      .map(([n, length]) => (sessions[n]?.id ?? "").slice(0, length)),
    fc
      .tuple(
        fc.constantFrom(...cast.map(([name]) => name)),
        fc.constantFrom(" ", "\u200b", "\n", "-", "％", "\u0301", "'", "*", "?"),
      )
      .map((parts) => parts.join("")),
  );
  let meant = 0;
  await fc.assert(
    fc.asyncProperty(address, fc.nat(cast.length - 1), async (written, by) => {
      const self = sessions[by];
      if (self === undefined) return;
      let found: Target;
      try {
        found = await resolve({ bus: home.bus, self, standing: home.standing, person: home.person }, written);
      } catch (error) {
        if (!isDmError(error)) throw error;
        expect(codes).toContain(error.code);
        return;
      }
      meant++;
      expect(found.mailbox).not.toBe(self.mailbox);
      const { session, name } = found;
      const word = fold(written);
      const folder = session?.cwd.split("/").at(-1)?.toLowerCase();
      const fits =
        name === word ||
        (session !== null && word.length >= 4 && session.id.startsWith(word)) ||
        (session !== null &&
          (folder === written.trim().toLowerCase() || session.cwd === written.trim().replace(/\/+$/, "")));
      expect({ written, name, fits }).toEqual({ written, name, fits: true });
    }),
    budget(300),
  );
  expect(meant).toBeGreaterThan(50); // else nobody was found who could be another
});
