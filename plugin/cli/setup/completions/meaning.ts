import { messageTypes, priorities } from "../../../core/model.ts";
import { settingKeys } from "../../../core/settings.ts";
import type { Named } from "../../command.ts";
import type { List } from "./live.ts";

/** What may stand in one place of a command line. */
export type Meaning =
  | { readonly kind: "list"; readonly list: List }
  | { readonly kind: "words"; readonly words: readonly string[] }
  | { readonly kind: "files" }
  /** Anything: there is nothing to propose. */
  | { readonly kind: "any" };

const any: Meaning = { kind: "any" };
const files: Meaning = { kind: "files" };
const words = (...all: readonly string[]): Meaning => ({ kind: "words", words: all });
const list = (of: List): Meaning => ({ kind: "list", list: of });

const byPlaceholder: Readonly<Record<string, Meaning>> = {
  TO: list("names"),
  ADDRESS: list("names"),
  SESSION: list("names"),
  FILE: files,
  PATH: files,
  TYPE: words(...messageTypes),
  WHICH: words(...priorities),
  FOR: words("seen", "reply"),
};

/** Whatever the command: `--from NAME` is a session, `--name NAME` is one that is still to be made. */
const byOption: Readonly<Record<string, Meaning>> = {
  from: list("names"),
  to: list("names"),
  with: list("names"),
  approver: list("names"),
  project: list("projects"),
  request: list("requests"),
};

export function meaningOfOption(name: string, value: string | undefined): Meaning {
  return byOption[name] ?? meaningOf(value ?? "");
}

function meaningOf(placeholder: string): Meaning {
  const known = byPlaceholder[placeholder];
  if (known !== undefined) return known;
  const choices = placeholder.split("|");
  return choices.length > 1 || /^[a-z]+$/.test(placeholder) ? words(...choices) : any;
}

export interface Operand {
  readonly meaning: Meaning;
  /** It and all behind it. */
  readonly repeats: boolean;
}

/** The operands of a command in their order, as its usage line has them: `TO [TEXT...]`. Behind one that repeats comes nothing new. */
export function operandsOf({ name, operands }: Pick<Named, "name" | "operands">): readonly Operand[] {
  const all = operands
    .split(/\s+(?![^[]*\])/)
    .filter(Boolean)
    .map((text) => {
      const placeholder = text.replace(/[[\]]|\.\.\./g, "");
      return { meaning: meaningOfOperand(name, placeholder), repeats: text.includes("...") };
    });
  const last = all.findIndex(({ repeats }) => repeats);
  return last < 0 ? all : all.slice(0, last + 1);
}

function meaningOfOperand(command: string, placeholder: string): Meaning {
  if (placeholder === "ID" && ["approvals", "approve", "deny"].includes(command)) return list("requests");
  if (placeholder === "NAME" && command === "config") return words(...settingKeys);
  return meaningOf(placeholder);
}
