import { DmError } from "../../core/errors.ts";
import { onlooker, resolve, type Target } from "../../policy/address.ts";
import type { Store } from "../store.ts";

/**
 * The session or mailbox that somebody means who only looks.
 *
 * @param ofUser what to say to who means the user.
 * @throws DmError as `resolve` does.
 */
export function addressed({ bus, standing }: Store, word: string, ofUser: string): Promise<Target> {
  const parts = {
    bus: { ...bus, close: async () => {} }, // a look changes nothing
    self: onlooker,
    person: () => Promise.reject(new DmError("unknown_recipient", `"user" is you${ofUser}`)),
    standing,
  };
  return resolve(parts, word);
}
