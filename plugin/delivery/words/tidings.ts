/** What model and person of this session should hear at the next chance, each once. */
export interface Tidings {
  toModel(): string | null;
  toPerson(): string | null;
}

/** What happened here, before what another source has to say. */
export function tidings(others: Tidings): Tidings & { add(text: string): void } {
  const model: string[] = [];
  const person: string[] = [];
  return {
    add(text) {
      model.push(text);
      person.push(text);
    },
    toModel: () => model.shift() ?? others.toModel(),
    toPerson: () => person.shift() ?? others.toPerson(),
  };
}
