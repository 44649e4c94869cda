import type { Scenario } from "../scenario.ts";
import { raise } from "../stage.ts";
import { bundle, measureShorts } from "./processes.ts";

/** What a person or a script types, with two sessions open. */
export const cli: Scenario = {
  name: "cli",
  about: "commands at the shell, from start to exit, two sessions open",
  async run(setup) {
    await using stage = await raise(setup.subject, ["alice", "bob"]);
    const { launch } = setup.subject;
    const { env } = launch({ home: stage.home, name: "nobody" });
    const run = (file: string, ...words: readonly string[]) => ({
      command: ["bun", bundle(file), ...words],
      env: { HOME: env.HOME ?? stage.home, CC_DM_HOME: env.CC_DM_HOME ?? "" },
      cwd: stage.home,
    });
    const status = JSON.stringify({ session_id: "none", workspace: { current_dir: stage.home } });
    return await measureShorts(setup, {
      scenario: "cli",
      title: "Commands at the shell, from start to exit",
      programs: [
        { what: "cc-dm who", code: 0, program: () => run("cli.js", "who") },
        { what: "cc-dm send", code: 0, program: () => run("cli.js", "send", "bob", "hello") },
        { what: "cc-dm inbox", code: 0, program: () => run("cli.js", "inbox") },
        { what: "status line", code: 0, program: () => ({ ...run("statusline.js"), stdin: status }) },
      ],
    });
  },
};
