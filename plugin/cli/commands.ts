import { approvals } from "./approvals.ts";
import { audit } from "./audit.ts";
import type { Command } from "./command.ts";
import { approve, deny } from "./decide.ts";
import { doctor } from "./doctor.ts";

/** All commands, in the order in which the help lists them. */
export const commands: readonly Command[] = [approvals, approve, deny, audit, doctor];
