import { approvals } from "./approve/approvals.ts";
import { audit } from "./approve/audit.ts";
import { approve, deny } from "./approve/decide.ts";
import type { Command } from "./command.ts";
import { doctor } from "./setup/doctor.ts";

/** All commands, in the order in which the help lists them. */
export const commands: readonly Command[] = [approvals, approve, deny, audit, doctor];
