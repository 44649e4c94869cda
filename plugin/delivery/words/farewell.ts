import { isDmError } from "../../core/errors.ts";

/**
 * What hooks answer while the server has no bus: nothing, but for one line to the client's person when a
 * newer cc-dm has changed it, with the next prompt. (Every other fault mends itself, or is for doctor.)
 */
export function farewell(): (hook: string, fault: unknown) => Record<string, unknown> {
  let said = false;
  return (hook, fault) => {
    if (said || hook !== "hook_prompt" || !isDmError(fault) || fault.code !== "bus_newer") return {};
    said = true;
    return { systemMessage: `cc-dm: ${fault.message}` };
  };
}
