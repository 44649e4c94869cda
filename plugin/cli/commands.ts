import { approvals } from "./approve/approvals.ts";
import { audit } from "./approve/audit.ts";
import { approve, deny } from "./approve/decide.ts";
import type { Command, Group } from "./command.ts";
import { exporting } from "./read/export.ts";
import { log } from "./read/log.ts";
import { receipts } from "./read/receipts.ts";
import { search } from "./read/search.ts";
import { status } from "./read/status.ts";
import { thread } from "./read/thread.ts";
import { top } from "./read/top.ts";
import { transcript } from "./read/transcript.ts";
import { who } from "./read/who.ts";
import { run } from "./run/run.ts";
import { completionsOf } from "./setup/completions/command.ts";
import { config } from "./setup/config.ts";
import { demo } from "./setup/demo.ts";
import { doctor } from "./setup/doctor.ts";
import { install } from "./setup/install/install.ts";
import { uninstall } from "./setup/install/uninstall.ts";
import { prune } from "./setup/prune.ts";
import { statusline } from "./setup/statusline/command.ts";
import { broadcast } from "./write/broadcast.ts";
import { inbox } from "./write/inbox.ts";
import { reply } from "./write/reply.ts";
import { send } from "./write/send.ts";
import { whoami } from "./write/whoami.ts";

const completions = completionsOf(() => commands);

/** All commands, in the order in which the help lists them. A command stands in one group only. */
export const groups: readonly Group[] = [
  { title: "Look", commands: [who, status, top, log, thread, search, receipts, transcript] },
  { title: "Talk", commands: [send, reply, inbox, broadcast, whoami] },
  { title: "Approve", commands: [approvals, approve, deny, audit] },
  { title: "Start sessions", commands: [run, demo] },
  { title: "Set up", commands: [install, doctor, config, completions, statusline, uninstall] },
  { title: "Keep or delete", commands: [exporting, prune] },
];

export const commands: readonly Command[] = groups.flatMap((group) => group.commands);
