import type { Scenario } from "../scenario.ts";
import { broadcast } from "./broadcast.ts";
import { cli } from "./cli.ts";
import { contention } from "./contention.ts";
import { firstStarts } from "./first-starts.ts";
import { history } from "./history.ts";
import { hooks } from "./hooks.ts";
import { idle } from "./idle.ts";
import { latency, loaded } from "./latency.ts";
import { start } from "./start.ts";
import { throughput } from "./throughput.ts";
import { wake } from "./wake.ts";

export const scenarios: readonly Scenario[] = [
  latency,
  loaded,
  throughput,
  broadcast,
  contention,
  idle,
  history,
  start,
  firstStarts,
  hooks,
  cli,
  wake,
];
