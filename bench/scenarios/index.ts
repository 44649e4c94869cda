import type { Scenario } from "../scenario.ts";
import { broadcast } from "./broadcast.ts";
import { contention } from "./contention.ts";
import { firstStarts } from "./first-starts.ts";
import { idle } from "./idle.ts";
import { latency } from "./latency.ts";
import { start } from "./start.ts";
import { throughput } from "./throughput.ts";
import { wake } from "./wake.ts";

export const scenarios: readonly Scenario[] = [
  latency,
  throughput,
  broadcast,
  contention,
  idle,
  start,
  firstStarts,
  wake,
];
