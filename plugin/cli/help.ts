import type { Group, Named, Options } from "./command.ts";
import { pad, widest, wrap } from "./terminal/paper.ts";

/** Lines longer than this are hard to read, however wide the terminal is. */
export const helpWidth = 80;

export function helpOfAll(groups: readonly Group[], columns: number): string {
  const width = Math.min(columns, helpWidth);
  const listed = groups.filter(({ commands }) => commands.length > 0);
  const names = listed.flatMap(({ commands }) => commands.map(({ name }) => name));
  const options = [
    ["-h, --help", "This text, or that of a command"],
    ["-V, --version", "The version of cc-dm"],
  ] as const;
  const left = widest([...names, ...options.map(([option]) => option)]);
  const parts = [
    wrap("cc-dm: direct messages between the Claude Code sessions of this machine", width).join("\n"),
    "Usage: cc-dm [COMMAND] [OPTION...]",
    wrap("Without a command it shows in a screen how things stand.", width).join("\n"),
    ...listed.map(
      ({ title, commands }) =>
        `${title}:\n${table(
          commands.map(({ name, summary }) => [name, summary]),
          width,
          left,
        )}`,
    ),
    `Options:\n${table(options, width, left)}`,
    wrap("cc-dm COMMAND --help tells more, with examples.", width).join("\n"),
  ];
  return `${parts.join("\n\n")}\n`;
}

export function helpOf(command: Named, columns: number): string {
  const { name, summary, details, operands, options, examples } = command;
  const width = Math.min(columns, helpWidth);
  const usage = `Usage: cc-dm ${[name, "[OPTION...]", operands].filter(Boolean).join(" ")}`;
  const parts = [
    wrap(`${summary}.`, width).join("\n"),
    ...(details === undefined ? [] : [paragraphs(details, width)]),
    usage,
    `Options:\n${table([...optionRows(options), ["-h, --help", "This text"]], width)}`,
    `Examples:\n${examples.map((example) => shown(example, width)).join("\n")}`,
  ];
  return `${parts.join("\n\n")}\n`;
}

/** An example is copied: its line stays as it was written. */
function shown([line, about]: readonly [string, string], width: number): string {
  const why = wrap(about, width - 4).map((text) => `  # ${text}`);
  return [...why, ...line.split("\n").map((text) => `  ${text}`)].join("\n");
}

/** Line ends within a paragraph are the source's; what begins a new line here is what begins one there and is indented, or tells exit codes. */
function paragraphs(text: string, width: number): string {
  const blocks = text.split(/\n\n|\n(?= |Exit code)/);
  return blocks
    .flatMap((block) => {
      const indent = /^ */.exec(block)?.[0] ?? "";
      const words = block.trim().replaceAll(/\s*\n\s*/g, " ");
      return wrap(words, width - indent.length).map((line) => indent + line);
    })
    .join("\n");
}

function optionRows(options: Options): readonly (readonly [string, string])[] {
  return Object.entries(options).map(([name, { short, value, about }]) => [
    `${short === undefined ? "" : `-${short}, `}--${name}${value === undefined ? "" : ` ${value}`}`,
    about,
  ]);
}

/** Two columns; where the second would be too narrow to read, it goes below the first. */
function table(
  rows: readonly (readonly [string, string])[],
  width: number,
  left = widest(rows.map(([first]) => first)),
): string {
  const room = width - left - 4;
  const below = room < 30; // less is not kept to (wrap)
  return rows
    .flatMap(([first, second]) =>
      below
        ? [`  ${first}`, ...wrap(second, width - 6).map((line) => `      ${line}`)]
        : wrap(second, room).map((line, i) => `  ${pad(i === 0 ? first : "", left)}  ${line}`),
    )
    .join("\n");
}
