import { idOfKey, verifies } from "../core/keys.ts";
import type { SessionId } from "../core/model.ts";
import { type PermissionRequest, type Verdict, verdictText } from "../core/permission.ts";

/** What a requester's own server noted when it asked. Nothing that stands in the store changes it. */
export interface Noted {
  readonly request: PermissionRequest;
  readonly asked: ReadonlySet<SessionId>;
  /** A verdict was believed, or the dialog was answered. */
  readonly settled: boolean;
}

/**
 * Why a verdict is not believed, or null. The id of whoever decides is made from its key, so a name
 * that changed hands, a row that was rewritten or a newcomer decide nothing.
 */
export function disbelief(noted: Noted | undefined, verdict: Verdict): string | null {
  if (noted === undefined) return "this session asked no such question";
  const { request, asked, settled } = noted;
  if (idOfKey(verdict.publicKey) !== verdict.decider) return "its key is not the decider's";
  if (verdict.decider === request.session) return "nobody decides for itself";
  if (!asked.has(verdict.decider)) return "its decider was not asked";
  const { publicKey, signature } = verdict;
  if (!verifies({ publicKey, signature, text: verdictText(verdict, request) }))
    return "its signature is wrong";
  if (verdict.behavior !== "allow" && verdict.behavior !== "deny") return "it says neither allow nor deny";
  return settled ? "it was settled before" : null;
}
