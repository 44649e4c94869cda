/** The commands on docs/cli.md, from the table of commands: `bun scripts/cli-page.ts` writes the page anew. */
import { join } from "node:path";
import { type Group, loaded } from "../plugin/cli/command.ts";
import { groups } from "../plugin/cli/commands.ts";
import { helpOf, helpWidth } from "../plugin/cli/help.ts";

const marker = "<!-- What follows is written by `bun scripts/cli-page.ts`. -->";

/** The page with what follows the marker made anew. */
export async function cliPage(page: string, all: readonly Group[] = groups): Promise<string> {
  const end = page.indexOf(marker);
  if (end < 0) throw new Error(`docs/cli.md has lost its line ${marker}`);
  const sections = (await Promise.all(all.map(section))).flat();
  return `${page.slice(0, end)}${marker}\n\n${sections.join("\n\n")}\n`;
}

async function section({ title, commands }: Group): Promise<readonly string[]> {
  if (commands.length === 0) return [];
  const helps = (await Promise.all(commands.map(loaded))).map(
    (command) =>
      `### ${command.name}\n\n\`\`\`text\n$ cc-dm ${command.name} --help\n${helpOf(command, helpWidth)}\`\`\``,
  );
  return [`## ${title}`, ...helps];
}

if (import.meta.main) {
  const path = join(import.meta.dir, "../docs/cli.md");
  await Bun.write(path, await cliPage(await Bun.file(path).text()));
}
