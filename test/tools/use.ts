import { callTool } from "../../plugin/tools/call.ts";
import type { Seat } from "../fakes/house.ts";

/** What a tool answered. @throws if it was an error. */
export async function call(by: Seat, name: string, args: unknown): Promise<Record<string, unknown>> {
  const { result } = await callTool(by, name, args);
  if (result.isError) throw new Error(`${name} failed: ${result.content[0]?.text}`);
  return result.structuredContent;
}

export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly candidates?: readonly string[];
}

/** With what error a tool answered. @throws if it was none. */
export async function refusal(by: Seat, name: string, args: unknown): Promise<Refusal> {
  const { result } = await callTool(by, name, args);
  if (!result.isError) throw new Error(`${name} did not fail: ${result.content[0]?.text}`);
  return result.structuredContent.error as Refusal;
}
