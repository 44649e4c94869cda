import { describe, expect, test } from "bun:test";
import { type Command, command, type Group, Usage } from "../../plugin/cli/command.ts";
import { allCommands } from "../../plugin/cli/commands.ts";
import { main } from "../../plugin/cli/main.ts";
import { DmError } from "../../plugin/core/errors.ts";
import { scratch } from "../fakes/scratch.ts";
import { fakeTerminal } from "./fake.ts";
import { mailIn } from "./read/mail.ts";

const commands = await allCommands();
const given: unknown[] = [];
const shout = command({
  operands: "WORD...",
  options: {
    loud: { type: "boolean", short: "l", about: "Louder" },
    times: { type: "string", value: "N", about: "How often" },
  },
  examples: [["cc-dm shout hey", "once"]],
  async run(terminal, { options, operands }) {
    if (operands[0] === undefined) throw new Usage("shout needs a word.");
    if (operands[0] === "busy") throw new DmError("bus_busy", "The bus is locked.");
    if (operands[0] === "bug") throw new TypeError("x is not a function");
    given.push({ options, operands });
    terminal.out("hey\n");
    return 7;
  },
});
const hush = command({
  operands: "",
  instead: "A word goes behind whisper.",
  options: {},
  examples: [["cc-dm hush", "at once"]],
  run: async () => 0,
});
const whisper: Command = { ...shout, options: {} };
const talk: Group = {
  title: "Talk",
  commands: [
    { name: "shout", summary: "Says a word loudly", load: async () => shout },
    { name: "whisper", summary: "Says it softly", load: async () => whisper },
    { name: "hush", summary: "Says nothing", load: async () => hush },
  ],
};

async function run(...words: readonly string[]) {
  const { terminal, written } = fakeTerminal();
  return { exit: await main(terminal, words, [talk]), ...written };
}

test("a command gets its options and operands, and its exit code is the program's", async () => {
  given.length = 0;
  expect(await run("shout", "-l", "one", "--times=3", "--", "--two")).toEqual({
    exit: 7,
    out: "hey\n",
    err: "",
  });
  expect(given).toMatchObject([{ options: { loud: true, times: "3" }, operands: ["one", "--two"] }]);
});

describe("help", () => {
  test.each([["--help"], ["-h"], ["help"]])("%s lists all commands, on stdout", async (word) => {
    const { exit, out, err } = await run(word);
    expect({ exit, err }).toEqual({ exit: 0, err: "" });
    expect(out).toContain("Talk:\n  shout          Says a word loudly\n  whisper        Says it softly\n");
  });

  test.each([[["shout", "--help"]], [["help", "shout"]], [["shout", "--nonsense", "-h"]]])(
    "%j tells of that command: usage, options, examples",
    async (words) => {
      const { exit, out } = await run(...words);
      expect(exit).toBe(0);
      expect(out).toContain("Usage: cc-dm shout [OPTION...] WORD...");
      expect(out).toContain("  -l, --loud  Louder\n  --times N   How often\n");
      expect(out).toContain("  # once\n  cc-dm shout hey\n");
    },
  );

  test("is no help if it stands behind --", async () => {
    expect((await run("shout", "--", "--help")).exit).toBe(7);
  });
});

test("without any word there is a screen of its own, and its exit code", async () => {
  const { terminal, written } = fakeTerminal();
  const bare = async ({ out }: typeof terminal) => {
    out("the state\n");
    return 5;
  };
  expect(await main(terminal, [], [], bare)).toBe(5);
  expect(written).toEqual({ out: "the state\n", err: "" });
});

test.each([["--version"], ["-V"]])("%s tells the version", async (word) => {
  expect(await run(word)).toEqual({ exit: 0, out: "cc-dm 0.1.0\n", err: "" });
});

describe("a command line that cannot be understood ends with 2 and says how it goes", () => {
  test.each([
    [["shuot"], 'There is no command "shuot". Did you mean shout?'],
    [["sh"], 'There is no command "sh". Did you mean shout?'],
    [["SHOUT"], 'There is no command "SHOUT". Did you mean shout?'],
    [["dance"], 'There is no command "dance". There are: shout, whisper'],
    [["help", "dance"], 'There is no command "dance".'],
    [["--json"], 'There is no command "--json".'],
    [["--loud", "shout"], 'There is no command "--loud". It is an option, and stands behind a command.'],
    [["shout", "--luod", "x"], 'There is no option "--luod". Did you mean --loud?'],
    [["shout", "-x"], 'There is no option "-x". There are: --loud, --times'],
    [["shout", "--times"], "--times"],
    [["shout", "--loud=yes", "x"], "--loud"],
    [["whisper", "--any", "x"], 'There is no option "--any". It takes none'],
    [["shout"], "shout needs a word"],
    [["hush", "now", "--any"], 'There is no option "--any"'],
    [["hush", "now"], 'hush takes no "now". A word goes behind whisper.'],
  ])("%j", async (words, complaint) => {
    const { exit, out, err } = await run(...words);
    expect({ exit, out }).toEqual({ exit: 2, out: "" });
    expect(err).toStartWith("cc-dm: ");
    expect(err).toContain(complaint);
    expect(err.trimEnd()).not.toContain("\n");
  });
});

test("what a person can act on is said as it is", async () => {
  expect(await run("shout", "busy")).toEqual({ exit: 3, out: "", err: "cc-dm: The bus is locked.\n" });
  expect(await run("shout", "bug")).toMatchObject({
    exit: 3,
    err: expect.stringContaining("not a function"),
  });
});

test("of a newer bus a command tells its own way out, not a session's", async () => {
  const folder = scratch();
  const mail = await mailIn(folder);
  mail.tamper("pragma user_version = 99");
  mail.end();
  const { terminal, written } = fakeTerminal({ env: { HOME: folder, CC_DM_HOME: mail.home } });
  expect(await main(terminal, ["status"])).toBe(3);
  expect(written.err).toContain("was written by a newer cc-dm (schema 99");
  expect(written.err).toEndWith(
    " is kept. Update cc-dm (docs/install.md), or run the newer one's own command.\n",
  );
});

describe("every command of cc-dm", () => {
  test.each(commands.map((one) => [one.name, one] as const))(
    "%s can be found and explains itself",
    async (name, one) => {
      const { terminal, written } = fakeTerminal();
      expect(await main(terminal, ["help", name])).toBe(0);
      expect(written.out).toContain(`Usage: cc-dm ${name}`);
      expect(one.summary).toMatch(/^[A-Z].*[^.]$/);
      expect(one.examples.length).toBeGreaterThan(0);
      expect(one.examples.some(([line]) => new RegExp(`\\bcc-dm ${name}\\b`).test(line))).toBe(true);
      for (const line of written.out.split("\n")) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(80);
    },
  );

  test.each(commands.filter(({ operands }) => operands === "").map((one) => [one.name, one] as const))(
    "%s, which takes no operands, does nothing with one",
    async (name, { instead }) => {
      const { terminal, written } = fakeTerminal();
      expect(await main(terminal, [name, "x"])).toBe(2);
      const way = instead ?? `cc-dm ${name} --help tells what it takes.`;
      expect(written).toEqual({ out: "", err: `cc-dm: ${name} takes no "x". ${way}\n` });
    },
  );

  test("has a name of its own", () => {
    const names = commands.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });
});
