import { until } from "../support/processes.ts";
import type { TestSession } from "../support/session.ts";
import type { TestBus } from "../support/testbus.ts";

export const relayOn = { CC_DM_PERMISSION_RELAY: "1" };

/** What the hook of a prompt was answered; null: nothing, the dialog decides. */
export type Decision = { readonly behavior: string; readonly message?: string } | null;

export interface Prompted {
  readonly id: string;
  readonly letters: string;
  /** Settles when the hook is answered. */
  readonly decision: Promise<Decision>;
  /** Its client waits no more, as after Escape. */
  readonly escape: () => void;
}

let asked = 0;

/** Has a session's client show a permission dialog, and waits until the request is on the bus. */
export async function prompt(
  bus: TestBus,
  session: TestSession,
  {
    tool = "Bash",
    input = { command: `touch ${++asked}` } as Readonly<Record<string, unknown>>,
    description = "",
  } = {},
): Promise<Prompted> {
  const known = new Set(rows(bus).map(({ id }) => id));
  const text = JSON.stringify(input);
  const controller = new AbortController();
  const args = { about: tool, agent: "", input: text, description };
  const decision = session.client
    .callTool({ name: "hook_dialog", arguments: args }, undefined, { signal: controller.signal })
    .then((answer): Decision => {
      const [part] = answer.content as readonly { text: string }[];
      const parsed = JSON.parse(part?.text ?? "{}") as { hookSpecificOutput?: { decision?: Decision } };
      return parsed.hookSpecificOutput?.decision ?? null;
    });
  decision.catch(() => {}); // after Escape nobody hears the answer
  const isNew = (row: Row) => !known.has(row.id) && row.input === text;
  await until("the request is asked", () => rows(bus).some(isNew));
  const { id, letters } = rows(bus).find(isNew) as Row;
  return { id, letters, decision, escape: () => controller.abort() };
}

interface Row {
  readonly id: string;
  readonly letters: string;
  readonly input: string;
}

function rows(bus: TestBus): readonly Row[] {
  const db = bus.open();
  const found = db.query<Row, []>("select id, letters, input from permission_request").all();
  db.close();
  return found;
}
