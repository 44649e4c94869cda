import type { Step } from "./outline.ts";

/**
 * What belongs to the conversation that ends with a record: that record and all it follows. A prompt
 * taken back by Escape, or a turn that was rewound, stands in the file too, on a branch that nothing
 * goes on from. Of tools that ran at once only one call and result are followed; the others belong to the
 * same answer.
 */
export function branchTo(leaf: string, steps: readonly Step[]): ReadonlySet<string> {
  const byId = new Map(steps.map((step) => [step.uuid, step]));
  const branch = new Set<string>();
  for (let step = byId.get(leaf); step !== undefined && !branch.has(step.uuid); )
    step = byId.get(branch.add(step.uuid) && (step.parent ?? ""));
  const answers = new Set(
    steps.flatMap(({ uuid, answer }) => (branch.has(uuid) && answer !== null ? answer : [])),
  );
  for (const { uuid, answer } of steps) if (answer !== null && answers.has(answer)) branch.add(uuid);
  for (const { uuid, resultOf } of steps) if (resultOf !== null && branch.has(resultOf)) branch.add(uuid);
  return branch;
}

/** One turn: its number in the file, and its records, the prompt first. */
export interface Stretch {
  readonly number: number;
  readonly steps: readonly Step[];
}

/**
 * The turns of one branch, oldest first. A turn's number counts all prompts of the file up to its own,
 * those taken back too: the file only grows, so no number ever becomes another turn's.
 *
 * @param before how many prompts stand in the file before these steps.
 */
export function turnsOn(branch: ReadonlySet<string>, steps: readonly Step[], before: number): Stretch[] {
  const turns: { number: number; steps: Step[] }[] = [];
  let number = before;
  for (const step of steps) {
    if (step.prompt) number++;
    if (!branch.has(step.uuid)) continue;
    if (step.prompt) turns.push({ number, steps: [step] });
    else turns.at(-1)?.steps.push(step);
  }
  return turns;
}
