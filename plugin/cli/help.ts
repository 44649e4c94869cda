import type { Command, Options } from "./command.ts";

export function helpOfAll(commands: readonly Command[]): string {
  return `cc-dm: direct messages between the Claude Code sessions of this machine

Usage: cc-dm COMMAND [OPTION...]

Commands:
${table(commands.map(({ name, summary }) => [name, summary]))}

Options:
${table([
  ["-h, --help", "This text, or that of a command"],
  ["-V, --version", "The version of cc-dm"],
])}

cc-dm COMMAND --help tells more.
`;
}

export function helpOf({ name, summary, details, operands, options, examples }: Command): string {
  const parts = [
    `${summary}.${details === undefined ? "" : `\n${details}`}`,
    `Usage: cc-dm ${[name, "[OPTION...]", operands].filter(Boolean).join(" ")}`,
    `Options:\n${table([...optionRows(options), ["-h, --help", "This text"]])}`,
    `Examples:\n${examples.map(([line, about]) => `  # ${about}\n  ${line}`).join("\n")}`,
  ];
  return `${parts.join("\n\n")}\n`;
}

function optionRows(options: Options): readonly (readonly [string, string])[] {
  return Object.entries(options).map(([name, { short, value, about }]) => [
    `${short === undefined ? "" : `-${short}, `}--${name}${value === undefined ? "" : ` ${value}`}`,
    about,
  ]);
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}
