import type { Session } from "../../core/model.ts";
import { command, refusedExit } from "../command.ts";
import { withStore } from "../store.ts";
import { envelope } from "../terminal/envelope.ts";
import { line } from "../terminal/plain.ts";
import { type Voice, voiceOf } from "../voice.ts";

export const whoami = command({
  details: `You, the user of this machine; or the session whose client started this shell, at any remove.
Exit code: 0; 77 it cannot be told, and commands that speak are refused here.`,
  operands: "",
  options: { json: { type: "boolean", about: "One JSON object instead of text" } },
  examples: [["cc-dm whoami", "in a terminal of yours, or by a session's shell"]],
  async run(terminal, { options }) {
    return withStore(terminal, async (store) => {
      const voice = await voiceOf({ ...store, env: terminal.env, pid: terminal.pid });
      if (options.json === true) terminal.out(envelope(terminal, voiceJson(voice)));
      else terminal.out(`${voiceText(voice)}\n`);
      return voice.kind === "nobody" ? refusedExit : 0;
    });
  },
});

function voiceText(voice: Voice): string {
  switch (voice.kind) {
    case "person":
      return `user: the user of this machine${voice.typed ? "" : ", by a script"}`;
    case "session":
      return `${line(voice.session.name)} (${line(tagsOf(voice.session))}): this runs inside its client`;
    case "nobody":
      return `nobody: ${line(voice.why)}`;
  }
}

function voiceJson(voice: Voice) {
  switch (voice.kind) {
    case "person":
      return { speaks_as: "user", kind: "user", typed: voice.typed };
    case "session": {
      const { id, name, role, project } = voice.session;
      return { speaks_as: name, kind: "session", id, role, project };
    }
    case "nobody":
      return { speaks_as: null, kind: "nobody", why: voice.why };
  }
}

function tagsOf({ role, project }: Session): string {
  return [role, project].filter(Boolean).join(", ");
}
