import type { Scene } from "../fault.ts";
import { crowded } from "./crowded.ts";
import { cutoff } from "./cutoff.ts";
import { damaged } from "./damaged.ts";
import { disk } from "./disk.ts";
import { killed } from "./killed.ts";
import { mending } from "./mending.ts";
import { starved } from "./starved.ts";
import { stopped } from "./stopped.ts";
import { versions } from "./versions.ts";

export const scenes: readonly Scene[] = [
  ...killed,
  mending,
  ...stopped,
  ...disk,
  cutoff,
  ...damaged,
  ...starved,
  ...crowded,
  versions,
];
