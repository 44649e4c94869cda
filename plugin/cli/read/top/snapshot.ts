import { iso } from "../../../core/clock.ts";
import { fold } from "../../../core/names.ts";
import { waitsIn } from "../../../view/waits.ts";
import { asJson } from "../../approve/listing.ts";
import { requestsOf } from "../../approve/requests.ts";
import type { Store } from "../../store.ts";
import { believer, look } from "../believed.ts";
import { messageJson } from "../entry.ts";
import { people, personJson } from "../people.ts";
import { kept } from "./feed.ts";

/**
 * What the screen would show at first, for a script: whole texts, and foreign ones as they are.
 *
 * @param project that one alone; "": those without one.
 */
export async function snapshot(store: Store, project: string | undefined) {
  const now = store.clock.now();
  const wanted = project === undefined ? undefined : fold(project) || null;
  const isOf = (...projects: readonly (string | null)[]) => wanted === undefined || projects.includes(wanted);
  const requests = await requestsOf(store, "open");
  const { entries, forged } = await look(store, { limit: kept }, believer(store.home));
  const messages = entries.filter(({ message: { fromProject, recipients } }) =>
    isOf(fromProject, ...recipients.map((to) => to.project)),
  );
  return {
    sessions: (await people(store, { project, closedWithinMs: null })).map(personJson),
    requests: requests.list.filter(({ request }) => isOf(request.project)).map((one) => asJson(one, now)),
    for_user: await store.bus.forPerson(),
    messages: messages.map(messageJson),
    waits: waitsIn(messages, now).map(({ since, ...wait }) => ({ ...wait, since: iso(since) })),
    forged: requests.forged + forged,
  };
}
