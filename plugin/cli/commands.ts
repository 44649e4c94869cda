import { type Group, loaded, type Named } from "./command.ts";

/**
 * All commands, in the order in which the help lists them. A command stands in one group only, and is loaded
 * when it is asked for: all of them together take longer than most of them run.
 */
export const groups: readonly Group[] = [
  {
    title: "Look",
    commands: [
      {
        name: "who",
        summary: "List the sessions: what each does, since when, and how mail gets there",
        load: () => import("./read/who.ts").then(({ who }) => who),
      },
      {
        name: "status",
        summary: "Tell how things stand: the bus, sessions, mail, approvals",
        load: () => import("./read/status.ts").then(({ status }) => status),
      },
      {
        name: "top",
        summary: "Watch sessions, messages and permission requests live, on the whole screen",
        load: () => import("./read/top.ts").then(({ top }) => top),
      },
      {
        name: "log",
        summary: "Show what the sessions wrote to each other, with receipts",
        load: () => import("./read/log.ts").then(({ log }) => log),
      },
      {
        name: "thread",
        summary: "Show a whole conversation, answers below what they answer",
        load: () => import("./read/thread.ts").then(({ thread }) => thread),
      },
      {
        name: "search",
        summary: "Find messages by words in them, over all that is kept",
        load: () => import("./read/search.ts").then(({ search }) => search),
      },
      {
        name: "receipts",
        summary: "Show how far one message has come with each of its receivers",
        load: () => import("./read/receipts.ts").then(({ receipts }) => receipts),
      },
      {
        name: "transcript",
        summary: "Read a session's conversation: its newest turns, a search, one turn in full",
        load: () => import("./read/transcript.ts").then(({ transcript }) => transcript),
      },
    ],
  },
  {
    title: "Talk",
    commands: [
      {
        name: "send",
        summary: "Send a message to one session, as you",
        load: () => import("./write/send.ts").then(({ send }) => send),
      },
      {
        name: "reply",
        summary: "Answer a message that was sent to you",
        load: () => import("./write/reply.ts").then(({ reply }) => reply),
      },
      {
        name: "inbox",
        summary: "Read what was sent to you, oldest first",
        load: () => import("./write/inbox.ts").then(({ inbox }) => inbox),
      },
      {
        name: "broadcast",
        summary: "Send one message to all sessions that run, or to some",
        load: () => import("./write/broadcast.ts").then(({ broadcast }) => broadcast),
      },
      {
        name: "whoami",
        summary: "Tell in whose name a command here speaks",
        load: () => import("./write/whoami.ts").then(({ whoami }) => whoami),
      },
    ],
  },
  {
    title: "Approve",
    commands: [
      {
        name: "approvals",
        summary: "List the permission requests that wait for an answer",
        load: () => import("./approve/approvals.ts").then(({ approvals }) => approvals),
      },
      {
        name: "approve",
        summary: "Allow what sessions ask permission for",
        load: () => import("./approve/decide.ts").then(({ approve }) => approve),
      },
      {
        name: "deny",
        summary: "Deny what sessions ask permission for",
        load: () => import("./approve/decide.ts").then(({ deny }) => deny),
      },
      {
        name: "audit",
        summary: "Show who asked for permission, who answered, and what came of it",
        load: () => import("./approve/audit.ts").then(({ audit }) => audit),
      },
    ],
  },
  {
    title: "Start sessions",
    commands: [
      {
        name: "run",
        summary: "Start Claude Code with a name, or as a profile of the project, or a whole team",
        load: () => import("./run/run.ts").then(({ run }) => run),
      },
      {
        name: "demo",
        summary: "Watch sessions talk: real servers, in a temporary folder",
        load: () => import("./setup/demo.ts").then(({ demo }) => demo),
      },
    ],
  },
  {
    title: "Set up",
    commands: [
      {
        name: "install",
        summary: "Put the plugin into Claude Code, and cc-dm on the PATH",
        load: () => import("./setup/install/install.ts").then(({ install }) => install),
      },
      {
        name: "doctor",
        summary: "Find what is wrong with cc-dm on this machine, and how to mend it",
        load: () => import("./setup/doctor.ts").then(({ doctor }) => doctor),
      },
      {
        name: "config",
        summary: "Show every setting, its value, and where that comes from",
        load: () => import("./setup/config.ts").then(({ config }) => config),
      },
      {
        name: "completions",
        summary: "Print a script by which your shell completes cc-dm",
        load: () =>
          import("./setup/completions/command.ts").then(({ completionsOf }) => completionsOf(allCommands)),
      },
      {
        name: "statusline",
        summary: "One line about a session, for the client's status line",
        load: () => import("./setup/statusline/command.ts").then(({ statusline }) => statusline),
      },
      {
        name: "uninstall",
        summary: "Take cc-dm out of Claude Code and off the PATH",
        load: () => import("./setup/install/uninstall.ts").then(({ uninstall }) => uninstall),
      },
    ],
  },
  {
    title: "Keep or delete",
    commands: [
      {
        name: "export",
        summary: "Write messages and receipts out, as Markdown or JSON Lines",
        load: () => import("./read/export.ts").then(({ exporting }) => exporting),
      },
      {
        name: "prune",
        summary: "Delete history from the bus, for good",
        load: () => import("./setup/prune.ts").then(({ prune }) => prune),
      },
    ],
  },
];

export function allCommands(): Promise<readonly Named[]> {
  return Promise.all(groups.flatMap(({ commands }) => commands.map(loaded)));
}
