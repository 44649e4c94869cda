import type { Entry } from "../bus/journal.ts";
import type { Party, Request, Scene } from "./scene.ts";
import type { Pane, Ui } from "./ui.ts";

/** What of a scene is listed: of the chosen project, with the text looked for. */
export interface Lists {
  readonly sessions: readonly Party[];
  readonly requests: readonly Request[];
  readonly messages: readonly Entry[];
}

export function listsOf(scene: Scene, { project, filter }: Pick<Ui, "project" | "filter">): Lists {
  const wanted = filter.trim().toLowerCase();
  const has = (...texts: readonly (string | null)[]) =>
    wanted === "" || texts.some((text) => text?.toLowerCase().includes(wanted) === true);
  const isOf = (...projects: readonly (string | null)[]) =>
    project === undefined || projects.includes(project);
  return {
    sessions: scene.sessions.filter(
      (one) => isOf(one.project) && has(one.name, one.role, one.project, one.cwd),
    ),
    requests: scene.requests.filter(
      (one) => isOf(one.project) && has(one.name, one.role, one.tool, one.subject, one.letters),
    ),
    messages: scene.messages.filter(
      ({ message: { fromName, fromProject, recipients, body, type, threadId } }) =>
        isOf(fromProject, ...recipients.map((to) => to.project)) &&
        has(fromName, ...recipients.map((to) => to.name), type, threadId, body),
    ),
  };
}

export function idsOf(lists: Lists, pane: Pane): readonly string[] {
  switch (pane) {
    case "sessions":
      return lists.sessions.map(({ id }) => id);
    case "requests":
      return lists.requests.map(({ id }) => id);
    case "messages":
      return lists.messages.map(({ message }) => message.id);
  }
}

/** The panes that hold something to choose, in their order on the screen; requests only while there are any. */
export function panesOf(scene: Scene): readonly Pane[] {
  return scene.requests.length > 0 ? ["sessions", "requests", "messages"] : ["sessions", "messages"];
}

/**
 * Where the chosen one stands. One that is gone gives way to none, not to its neighbour: a key must
 * not reach another than the person looks at. Messages follow the newest until one is chosen.
 */
export function chosenIn(ids: readonly string[], pane: Pane, { chosen }: Pick<Ui, "chosen">): number {
  const id = chosen[pane];
  if (id !== null) return ids.indexOf(id);
  return pane === "messages" ? ids.length - 1 : ids.length > 0 ? 0 : -1;
}

/** The projects one can leaf through: all (undefined), each, and none (null) where sessions without one are. */
export function projectsOf({ sessions }: Scene): readonly (string | null | undefined)[] {
  const names = [...new Set(sessions.flatMap(({ project }) => project ?? []))].sort();
  const without = sessions.some(({ project }) => project === null);
  return [undefined, ...names, ...(without && names.length > 0 ? [null] : [])];
}
