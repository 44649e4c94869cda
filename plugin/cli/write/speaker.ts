import { loadConfig } from "../../core/config.ts";
import { DmError } from "../../core/errors.ts";
import { messageIds } from "../../core/ids.ts";
import type { Presence, Session } from "../../core/model.ts";
import { fold, normalise, personName } from "../../core/names.ts";
import { ringer } from "../../host/bell.ts";
import { personCheck, userKeys } from "../../host/userkey.ts";
import { touch, wakeFile } from "../../host/wake.ts";
import { type Among, type Desk, openDesk } from "../../policy/desk.ts";
import { limitsOf } from "../../policy/limits.ts";
import type { Draft, Sent } from "../../policy/post.ts";
import { Refused, type Terminal, Usage } from "../command.ts";
import type { Store } from "../store.ts";
import { line } from "../terminal/plain.ts";
import { voiceOf } from "../voice.ts";
import { runErrand } from "./errand.ts";

/** Who writes: the person, with their own key, or the session whose client this process runs in. */
export interface Speaker {
  readonly session: Session;
  readonly isPerson: boolean;
  /** @throws DmError as the tools of these names do. */
  dm(to: string, draft: Draft): Promise<Sent>;
  reply(messageId: string, draft: Draft): Promise<Sent>;
  broadcast(draft: Draft, among: Among): Promise<Sent>;
}

/** @throws Refused where it cannot be told in whose name to speak. */
export async function speaker(terminal: Terminal, store: Store): Promise<Speaker> {
  const voice = await voiceOf({ ...store, env: terminal.env, pid: terminal.pid });
  switch (voice.kind) {
    case "person":
      return personSpeaker(await personDesk(terminal, store, voice.typed ? "person" : "script"));
    case "session":
      return sessionSpeaker(terminal, store, voice.session);
    case "nobody":
      throw new Refused(
        `In whose name this is said cannot be told: ${line(voice.why)}. In a session use its tools (dm, reply, inbox), or run this in a terminal of yours.`,
      );
  }
}

function personSpeaker(desk: Desk): Speaker {
  return {
    session: desk.self(),
    isPerson: true,
    async dm(to, draft) {
      if (fold(to) === personName)
        throw new DmError(
          "self_message",
          '"user" is you: sessions write to you by that name. cc-dm who lists them.',
        );
      return desk.dm(to, draft);
    },
    reply: desk.reply,
    broadcast: (draft, { role, project }) =>
      desk.broadcast(draft, {
        role: role === undefined ? undefined : normalise(role, "role"),
        project: project === undefined ? undefined : normalise(project, "project"),
      }),
  };
}

function sessionSpeaker(terminal: Terminal, store: Store, session: Session): Speaker {
  const call = async (tool: string, args: Readonly<Record<string, unknown>>) =>
    (await runErrand(terminal, store, session, tool, args)).structuredContent as unknown as Sent;
  return {
    session,
    isPerson: false,
    dm: (to, draft) => call("dm", { to, ...draft }),
    reply: (message_id, draft) => call("reply", { message_id, ...draft }),
    broadcast(draft, { project, ...among }) {
      if (project !== undefined)
        throw new Usage(
          `A session broadcasts to its own project (${session.project ?? "it has none: to all"}).`,
        );
      return call("broadcast", { ...draft, ...among });
    },
  };
}

/** The person's way out. The lists of the settings bind sessions, not the person who wrote them. */
async function personDesk(
  terminal: Pick<Terminal, "env">,
  { bus, home, clock, standing }: Store,
  role: "person" | "script",
): Promise<Desk> {
  const { values } = loadConfig({ env: terminal.env, args: [] });
  const keys = userKeys(home.folder);
  const person = () => bus.person(keys, home.folder);
  const connect = ringer(clock);
  return openDesk(
    {
      bus,
      clock,
      keys,
      log: () => {},
      newId: messageIds(),
      limits: limitsOf(values),
      lists: { broadcastRoles: [], dmAllow: [], dmBlock: [] },
      historyDays: values.CC_DM_HISTORY_DAYS,
      standing,
      isPerson: personCheck(() => home.folder),
      person,
      tellPerson: () => {},
      progressAt: () => null,
      ring(to: Session, presence: Presence) {
        if (presence === "deaf") touch(wakeFile(home.clients, to.client, to.place), clock.now());
        else if (to.bell !== null && values.CC_DM_BELL) connect(to.bell);
      },
      expiresAt: () => {},
    },
    { ...(await person()), role },
  );
}
