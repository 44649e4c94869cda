import type { Scene } from "../fault.ts";
import { killed } from "./killed.ts";

export const scenes: readonly Scene[] = [...killed];
