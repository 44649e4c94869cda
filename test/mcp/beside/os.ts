/** What a server, or a command, takes from `node:os`, with an uptime that can be moved. */
import { readFileSync } from "node:fs";
import * as os from "node:os";

export const { constants, homedir, hostname } = os;
export const uptime = () => os.uptime() + moved().up / 1000;

export function moved(): { wall: number; up: number } {
  const [wall = 0, up = 0] = JSON.parse(readFileSync(process.env.CC_DM_TEST_CLOCK ?? "", "utf8")) as number[];
  return { wall, up };
}
