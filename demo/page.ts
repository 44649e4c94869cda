const colours = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, magenta: 35, cyan: 36 } as const;
export type Colour = keyof typeof colours;

export interface Page {
  heading(text: string): void;
  chapter(title: string): void;
  /** One thing one session did or saw. */
  line(who: string, what: string, text: string): void;
  /** Word for word. */
  quote(text: string): void;
  close(text: string, colour: Colour): void;
}

export interface Paper {
  readonly width: number;
  readonly coloured: boolean;
  readonly write: (text: string) => void;
}

const margin = 3;
const whoWidth = 10;
const whatWidth = 13;

/** Columns that line up, on a terminal of 80 columns as well as of 60, with or without colour. */
export function page({ width, coloured, write }: Paper): Page {
  const people: Colour[] = ["cyan", "magenta", "yellow", "green"];
  const colourOf = new Map<string, Colour>();
  let chapters = 0;

  const paint = (text: string, colour: Colour) =>
    coloured ? `\x1b[${colours[colour]}m${text}\x1b[0m` : text;
  const indent = " ".repeat(margin);
  const put = (text: string) => write(`${text}\n`);

  function person(name: string): string {
    const colour = colourOf.get(name) ?? people[colourOf.size % people.length] ?? "cyan";
    colourOf.set(name, colour);
    return paint(name.padEnd(whoWidth), colour);
  }

  return {
    heading(text) {
      for (const line of wrap(text, width)) put(paint(line, "bold"));
    },
    chapter(title) {
      put("");
      const [first = "", ...more] = wrap(title, width - margin);
      put(`${paint(String(++chapters).padEnd(margin), "dim")}${paint(first, "bold")}`);
      for (const line of more) put(indent + paint(line, "bold"));
    },
    line(who, what, text) {
      const left = margin + whoWidth + whatWidth;
      const [first = "", ...more] = wrap(text, width - left);
      const tone = /\d ms$/.test(what) ? "green" : "dim";
      const column = first === "" ? what : what.padEnd(whatWidth);
      put(indent + person(who) + paint(column, tone) + first);
      for (const line of more) put(" ".repeat(left) + line);
    },
    quote(text) {
      for (const paragraph of text.split("\n")) {
        for (const line of wrap(paragraph, width - margin - 2))
          put(`${indent}${paint("|", "dim")} ${line}`.trimEnd());
      }
    },
    close(text, colour) {
      put("");
      for (const line of wrap(text, width)) put(paint(line, colour));
    },
  };
}

/** At spaces; a word longer than a line stands on its own. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
