import type { Bus, Movements } from "../bus/bus.ts";
import type { Session, SessionId } from "../core/model.ts";

const most = 8;

/**
 * What this session has not been told yet. "" also where a bus in trouble cannot tell or note it: it is told
 * another time, and what was taken to be shown with it must be shown.
 */
export function newsFor(bus: Pick<Bus, "movements">, id: SessionId, patienceMs?: number): Promise<string> {
  return bus.movements(id, patienceMs).then(movementsLine, () => "");
}

/** Who joined and who left since the last hand-over, in a line; it never comes by itself. "" if nobody did. */
export function movementsLine({ joined, left }: Movements): string {
  const lines = [
    ...(joined.length > 0 ? [`joined: ${list(joined, ({ name, role }) => `${name} (${role})`)}`] : []),
    ...(left.length > 0 ? [`left: ${list(left, ({ name }) => name)}`] : []),
  ];
  return lines.length === 0 ? "" : `Since then ${lines.join("; ")}.`;
}

function list(sessions: readonly Session[], say: (session: Session) => string): string {
  const more = sessions.length - most;
  return sessions.slice(0, most).map(say).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
