import { dirname } from "node:path";
import { type Built, builtProgram } from "../../program.ts";
import { type Machine, machine } from "./machine.ts";

/** A build for all tests of a file, and a machine for each. */
export function testSetup() {
  let built: Built;
  return {
    async begin() {
      built = await builtProgram(["cli.js", "statusline.js"]);
    },
    end: () => built.remove(),
    fresh: (): Machine => machine(dirname(built.file)),
  };
}
