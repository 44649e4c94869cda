import type { Scene } from "../fault.ts";
import { damaged } from "./damaged.ts";
import { killed } from "./killed.ts";

export const scenes: readonly Scene[] = [...killed, ...damaged];
