import type { Movements } from "../bus/bus.ts";
import type { Session } from "../core/model.ts";

const most = 8;

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
