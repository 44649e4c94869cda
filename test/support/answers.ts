import { expect } from "bun:test";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";

export interface You {
  readonly name: string;
  readonly role: string;
  readonly project: string | null;
}

/** A result as the tools give it. Which fields are there depends on the tool; a test names those it expects. */
export interface Body {
  readonly you: You;
  readonly id: string;
  readonly message_id: string;
  readonly recipients: readonly { readonly name: string; readonly presence: string }[];
  readonly skipped: readonly { readonly name: string; readonly why: string }[];
  readonly sessions: readonly Listed[];
  readonly messages: readonly Entry[];
  readonly warnings?: readonly string[];
  readonly note?: string;
  readonly unread?: string;
  readonly left?: number;
}

export interface Listed {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly project: string | null;
  readonly cwd: string;
  readonly repo: string | null;
  readonly branch: string | null;
  readonly presence: string;
  readonly since: string;
  readonly unread: number;
  readonly you: boolean;
}

/** A message in `inbox` or `history`. */
export interface Entry {
  readonly message_id: string;
  readonly direction: string;
  readonly from: string;
  readonly content: string;
  readonly repeat?: boolean;
  readonly in_reply_to: string | null;
  readonly thread_id: string | null;
  readonly receipts: readonly { readonly name: string; readonly state: string; readonly evidence?: string }[];
}

export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly candidates?: readonly string[];
  /** Null where the session has no identity, because there is no bus. */
  readonly you: You | null;
}

/** The one JSON text of a result, and that it is what stands beside it as structured content. */
function bodyOf({ content, structuredContent }: CallToolResult): Record<string, unknown> {
  expect(content.map((part) => part.type)).toEqual(["text"]);
  const body = JSON.parse((content[0] as { text: string }).text) as Record<string, unknown>;
  expect(structuredContent).toEqual(body);
  return body;
}

/** @throws if the call was refused. */
export function accepted(result: CallToolResult): Body {
  const body = bodyOf(result);
  if (result.isError !== undefined) throw new Error(`refused: ${JSON.stringify(body)}`);
  expect(Object.keys(body.you as object)).toEqual(["name", "role", "project"]);
  return body as unknown as Body;
}

/** @throws if the call was not refused in our form. */
export function refused(result: CallToolResult): Fault {
  const body = bodyOf(result);
  if (result.isError !== true) throw new Error(`not refused: ${JSON.stringify(body).slice(0, 500)}`);
  expect(Object.keys(body)).toEqual(["error", "you"]);
  const error = body.error as Fault;
  expect(Object.keys(error).filter((key) => key !== "candidates")).toEqual(["code", "message"]);
  expect(error.code).toMatch(/^[a-z_]+$/);
  return { ...error, you: body.you as You | null };
}
