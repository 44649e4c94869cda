/**
 * What README promises a person who has never seen it, typed in its order on a fresh account: install, watch two
 * sessions talk, write to one from a shell and wait for the answer, find that message, answer a permission
 * prompt, remove it all.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { page } from "../docs/pages.ts";
import { until } from "../support/processes.ts";
import { checkOut } from "./checkout.ts";
import { startMs } from "./client.ts";
import { type Script, tool } from "./script.ts";
import { binary, runsHere, versions } from "./versions.ts";
import { openWorld, type World } from "./world.ts";

setDefaultTimeout(120_000);

const readme = page("README.md").text;
const key = "sk-ant-fake-0000-not-a-key-0000-for-tests-only";
// Another default mode than the newest clients have: there they decide most by themselves, behind a stand-in badly.
const settings = '{\n    "permissions": { "defaultMode": "default" }\n}\n';

interface Ran {
  readonly exit: number;
  readonly out: string;
}

for (const version of versions) {
  describe.if(runsHere(version))(`a newcomer with Claude Code ${version}`, () => {
    let world: World;
    let home = "";
    let count = 0;

    beforeAll(async () => {
      world = await openWorld(version);
      home = join(world.folder, "homes/me");
      for (const folder of ["bin", "tmp", ".claude", "code"])
        mkdirSync(join(home, folder), { recursive: true });
      symlinkSync(binary(version), join(home, "bin/claude"));
      symlinkSync(process.execPath, join(home, "bin/bun"));
      await checkOut(join(home, "cc-dm"));
      writeFileSync(join(home, ".claude/settings.json"), settings);
      const answered = {
        hasCompletedOnboarding: true,
        theme: "dark",
        customApiKeyResponses: { approved: [key.slice(-20)], rejected: [] },
        projects: { [home]: { hasTrustDialogAccepted: true } },
      };
      writeFileSync(join(home, ".claude.json"), JSON.stringify(answered));
      await open("shell");
    });
    afterAll(() => world?.close());

    /** A terminal of that person. The client that is started in it speaks with the stand-in under its name. */
    async function open(name: string): Promise<void> {
      const env = {
        HOME: home,
        PATH: [join(home, ".local/bin"), join(home, "bin"), "/usr/local/bin", "/usr/bin", "/bin"].join(":"),
        TERM: "xterm-256color",
        LANG: "C.UTF-8",
        TMPDIR: join(home, "tmp"),
        CLAUDE_CODE_TMPDIR: join(home, "tmp"),
        ANTHROPIC_API_KEY: key,
        ANTHROPIC_BASE_URL: world.url(name),
        DISABLE_AUTOUPDATER: "1",
        PS1: "$ ",
      };
      const words = Object.entries(env).map(([variable, value]) => `${variable}=${value}`);
      const command = ["env", "-i", ...words, "sh"];
      await world.terminal.open(name, { cwd: join(home, "code"), command });
    }

    /** A line that stands in README, with what is an example there replaced. */
    function said(line: string, ...examples: readonly (readonly [there: string, here: string])[]): string {
      expect(readme.includes(line)).toBe(true);
      return examples.reduce((text, [there, here]) => text.replace(there, here), line);
    }

    /** Types a line into the first terminal. */
    async function run(line: string): Promise<Ran> {
      const file = join(home, "tmp", `line-${++count}`);
      await world.terminal.type(
        "shell",
        `( ${line} ) >${file} 2>&1; echo $? >${file}.new; mv ${file}.new ${file}.exit`,
      );
      await until(`"${line}" ends`, () => existsSync(`${file}.exit`), 60_000);
      return { exit: Number(readFileSync(`${file}.exit`, "utf8")), out: readFileSync(file, "utf8") };
    }

    /** A model that answers what it is asked, by name of the window. */
    const answering =
      (on: RegExp, answer: (id: string) => ReturnType<Script>): Script =>
      ({ text }) => {
        const id = /reply with message_id (\S+)/.exec(text)?.[1] ?? "";
        return on.test(text) ? answer(id) : [];
      };

    test("installs it by one line", async () => {
      const { exit, out } = await run(`cd ~/cc-dm && ${said("sh install.sh")}`);
      expect({ exit, out }).toEqual({ exit: 0, out: expect.stringContaining("Claude Code has installed") });
      expect(await run("cc-dm --version")).toEqual({ exit: 0, out: expect.stringMatching(/^cc-dm \d/) });
    });

    test("starts two sessions, and watches them talk", async () => {
      for (const name of ["backend", "planner"]) {
        await open(name);
        const start = said("CC_DM_SESSION_NAME=backend claude", ["backend", name]);
        await world.terminal.type(name, `${name === "backend" ? "CC_DM_PERMISSION_RELAY=1 " : ""}${start}`);
        const isThere = async () =>
          /"name": ?"\w+"[^}]*"presence": ?"idle"/.test((await run(`cc-dm who ${name} --json`)).out);
        await until(`${name} is there`, isThere, startMs);
      }
      world.model.script(
        "planner",
        answering(/^Ask backend/m, () => [
          { call: tool("dm"), input: { to: "backend", content: "Which port do you listen on?" } },
        ]),
      );
      world.model.script(
        "backend",
        answering(/Which port do you listen on/, (id) => [
          { call: tool("reply"), input: { message_id: id, content: "On 8081, the token endpoint too." } },
        ]),
      );
      await world.terminal.type("planner", "Ask backend which port it uses.");
      await world.model.saw("planner", "On 8081, the token endpoint too.");
      let out = "";
      await until(
        "it is known to be seen",
        async () => {
          ({ out } = await run(said("cc-dm log --follow", [" --follow", ""])));
          return out.includes(" backend -> planner seen: On 8081, the token endpoint too.\n");
        },
        startMs,
      );
      expect(out).toContain(" planner -> backend replied: Which port do you listen on?\n");
    });

    test("writes to one and waits for the answer", async () => {
      world.model.script(
        "backend",
        answering(/run the auth suite/, (id) => [
          { call: tool("reply"), input: { message_id: id, content: "18 of 18 pass." } },
        ]),
      );
      const line = said('cc-dm send tests "run the auth suite" --wait reply --timeout 30m', [
        "tests",
        "backend",
      ]);
      expect(await run(line)).toEqual({ exit: 0, out: expect.stringContaining("18 of 18 pass.") });
      const asked = await world.model.saw("backend", "run the auth suite");
      expect(asked.text).toContain("From user · the user of this machine · ");
    });

    test("finds last night's message", async () => {
      const { exit, out } = await run(said('cc-dm search "token endpoint"'));
      expect(exit).toBe(0);
      expect(out).toContain("On 8081, the token endpoint too.");
    });

    test("answers a permission prompt", async () => {
      world.model.script(
        "backend",
        answering(/^Try a release/m, () => [
          { call: "Bash", input: { command: "touch released; cat released" } },
        ]),
      );
      await world.terminal.type("backend", "Try a release.");
      let letters = "";
      await until(
        "it is asked",
        async () => {
          letters = /^([a-z]{5}) {2}waits/m.exec((await run("cc-dm approvals")).out)?.[1] ?? "";
          return letters !== "";
        },
        startMs,
      );
      const { exit, out } = await run(said("cc-dm approve kxqpa", ["kxqpa", letters]));
      expect({ exit, out }).toEqual({ exit: 0, out: expect.stringContaining("allowed") });
      await until("it was done", () => existsSync(join(home, "code/released")), startMs);
    });

    test("removes it all", async () => {
      for (const name of ["backend", "planner"]) {
        await world.terminal.type(name, "/exit");
        await until(
          `${name} is gone`,
          async () => !(await run("cc-dm who --json")).out.includes(`"${name}"`),
          startMs,
        );
      }
      expect((await run(said("cc-dm uninstall --dry-run"))).exit).toBe(0);
      const { exit, out } = await run(`${said("cc-dm uninstall")} ${said("--purge")} --yes`);
      expect({ exit, out }).toEqual({ exit: 0, out: expect.stringContaining("~/.cc-dm is removed") });
      expect(existsSync(join(home, ".cc-dm"))).toBe(false);
      expect(existsSync(join(home, ".local/bin/cc-dm"))).toBe(false);
      expect(readFileSync(join(home, ".claude/settings.json"), "utf8")).toBe(settings);
      expect(readdirSync(join(home, ".claude")).filter((name) => name.includes("cc-dm"))).toEqual([]);
    });
  });
}
