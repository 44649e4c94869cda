import type { PermissionRequest } from "../../plugin/core/permission.ts";
import { startOfTime } from "../fakes/clock.ts";

/** A permission request of api's, with these fields as its model and its repository chose them. */
export function requestOf(more: Partial<PermissionRequest>): PermissionRequest {
  return {
    id: "01M7YX00000000000000000001",
    letters: "abcde",
    session: "api-id",
    name: "api",
    role: "worker",
    project: "shop",
    cwd: "/code/api",
    branch: null,
    tool: "Bash",
    description: "",
    input: "{}",
    askedAt: startOfTime,
    asked: [],
    publicKey: "",
    signature: "",
    ...more,
  } as PermissionRequest;
}
