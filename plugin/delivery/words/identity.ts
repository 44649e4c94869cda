import type { Identity } from "../../core/model.ts";

/** Who this session is, in a line a model can act on. */
export function identityLine({ name, role, project }: Identity): string {
  return `You are "${name}" on cc-dm (role ${role}, ${project === null ? "no project" : `project ${project}`}).`;
}
