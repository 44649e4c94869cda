import * as z from "zod";
import { DmError } from "../core/errors.ts";
import { normalise, personName } from "../core/names.ts";
import { type Bench, type Outcome, tool } from "./tool.ts";

const schema = z.strictObject({
  name: z.string().describe("Name of the session."),
  off: z.boolean().default(false).describe("true takes it back."),
});

export const mute = tool({
  name: "mute",
  description:
    "Stop a session's messages from interrupting this one; they wait for inbox, or come along with other mail.",
  schema,
  run: (bench, args) => set(bench, "mute", args),
});

export const block = tool({
  name: "block",
  description: "Refuse a session's messages from now on; it is told so when it writes.",
  schema,
  run: (bench, args) => set(bench, "block", args),
});

async function set({ desk }: Bench, kind: "mute" | "block", args: z.output<typeof schema>): Promise<Outcome> {
  const self = desk.self();
  const name = normalise(args.name, "name");
  if (name === self.name) throw new DmError("self_message", `"${name}" is this session itself.`);
  if (name === personName)
    throw new DmError(
      "reserved_name",
      `The user of this machine is heard by every session; quiet holds back what may wait.`,
    );
  const { bus } = desk.parts;
  await bus.filter(self.mailbox, kind, name, !args.off);
  const refused = kind === "block" && !args.off ? await desk.refuse(name) : 0;
  const filters = await bus.filters(self.mailbox);
  const names = (of: string) => filters.filter((filter) => filter.kind === of).map((filter) => filter.name);
  return {
    result: {
      muted: names("mute"),
      blocked: names("block"),
      ...(refused > 0
        ? { note: `${refused} waiting message${refused === 1 ? "" : "s"} went back to ${name} as refused.` }
        : {}),
    },
  };
}
