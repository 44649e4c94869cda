import type { Command } from "./command.ts";
import { doctor } from "./doctor.ts";

/** All commands, in the order in which the help lists them. */
export const commands: readonly Command[] = [doctor];
