import { approvals } from "./approvals.ts";
import { broadcast } from "./broadcast.ts";
import { decide } from "./decide.ts";
import { dm } from "./dm.ts";
import { doctor } from "./doctor.ts";
import { block, mute } from "./filter.ts";
import { history } from "./history.ts";
import { inbox } from "./inbox.ts";
import { quiet } from "./quiet.ts";
import { register } from "./register.ts";
import { reply } from "./reply.ts";
import type { Tool } from "./tool.ts";
import { transcript } from "./transcript.ts";
import { who } from "./who.ts";

/** All a model can call, in the order it reads them. */
export const tools: readonly Tool[] = [
  dm,
  reply,
  broadcast,
  who,
  inbox,
  history,
  register,
  mute,
  block,
  quiet,
  decide,
  approvals,
  transcript,
  doctor,
];
