/** `cc-dm run` starts the real client: as a profile, with the terminal in its hands; and a team that talks. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { until } from "../support/processes.ts";
import { prepare, startMs } from "./client.ts";
import { call } from "./script.ts";
import { frameOf, loaded, startSession } from "./session.ts";
import { repo, runsHere, versions } from "./versions.ts";
import { openWorld, type World } from "./world.ts";

setDefaultTimeout(120_000);

const program = [process.execPath, join(repo, "dist/cli.js")];
const ours = ["--permission-mode", "default", "--plugin-dir", repo];

interface Listed {
  readonly name: string;
  readonly role: string;
  readonly project: string | null;
}

for (const version of versions) {
  describe.if(runsHere(version))(`Claude Code ${version}`, () => {
    let world: World;
    beforeAll(async () => {
      world = await openWorld(version);
    });
    afterAll(() => world?.close());

    /** The folder of a client, with profiles for it. */
    async function describeIn(name: string, profiles: object): Promise<string> {
      const folder = join(world.folder, "homes", name, name);
      await Bun.write(join(folder, ".cc-dm.json"), JSON.stringify(profiles));
      return folder;
    }

    async function listed(): Promise<readonly Listed[]> {
      const { PATH = "" } = process.env;
      const env = { PATH, HOME: world.folder, CC_DM_HOME: world.bus };
      const who = Bun.spawn([...program, "who", "--json"], { env, stdout: "pipe" });
      const told = JSON.parse(await who.stdout.text()) as { readonly sessions: readonly Listed[] };
      return told.sessions;
    }

    /** How many clients of a home have the plugin's server; a call before would find no such tool. */
    async function connected(home: string): Promise<number> {
      const logs = new Bun.Glob(".cache/claude-cli-nodejs/*/mcp-logs-plugin-cc-dm-cc-dm/*.jsonl");
      const paths = await Array.fromAsync(logs.scan({ cwd: home, dot: true, absolute: true }));
      const texts = await Promise.all(paths.map((path) => Bun.file(path).text()));
      return texts.filter((text) => text.includes("Successfully connected")).length;
    }

    test("a profile gives a session its name, role and project, and its first prompt is asked", async () => {
      await describeIn("desk", {
        project: "shop",
        profiles: {
          planner: { role: "lead", prompt: "--dangerously-skip-permissions is what I type first." },
        },
      });
      const client = await startSession(world, {
        ...loaded,
        version,
        name: "desk",
        through: [...program, "run", "planner", "--yes"],
      });
      await client.saw("--dangerously-skip-permissions is what I type first.");
      expect(await listed()).toEqual([
        expect.objectContaining({ name: "planner", role: "lead", project: "shop" }),
      ]);
      // Not taken for what it looks like.
      expect(await client.screen()).toMatch(/manual mode on|\? for shortcuts/);
      expect(await client.screen()).not.toMatch(/bypass/i);
      await client.exit();
    });

    test("Ctrl-Z and fg are between the client and the shell", async () => {
      const shell = ["bash", "--norc", "--noprofile", "-i"];
      const { cwd, command } = await prepare(world, {
        version,
        name: "shell",
        through: shell,
        args: [],
        env: { PS1: "ready> " },
      });
      const { terminal } = world;
      await terminal.open("shell", { cwd, command });
      const shows = (match: RegExp) =>
        until(`the shell shows ${match}`, async () => match.test(await terminal.screen("shell")), startMs);
      await terminal.type("shell", `${program.join(" ")} run --name job -- ${ours.join(" ")}`);
      await shows(/\? for shortcuts/);
      await terminal.press("shell", "C-z");
      await shows(/suspended.*Stopped.*ready>$/s);
      await terminal.type("shell", "clear; fg");
      await shows(/^❯/m);
      await terminal.type("shell", "Are you back?");
      await world.model.saw("shell", "Are you back?");
      await shows(/\? for shortcuts/);
      await terminal.type("shell", "/exit");
      await shows(/ready>$/);
      await terminal.type("shell", "echo ended with $?");
      await shows(/^ended with 0/m);
      await terminal.close("shell");
    });

    test("a team opens in tmux; one messages the other, and the log shows it", async () => {
      const folder = await describeIn("team", {
        project: "yard",
        profiles: { boss: { role: "lead" }, hand: { folder: "its own" } },
      });
      mkdirSync(join(folder, "its own"));
      const sockets = join(world.folder, "tmp/inner");
      mkdirSync(sockets, { recursive: true, mode: 0o700 });
      const env = { TMUX_TMPDIR: sockets };
      const { cwd, command } = await prepare(world, {
        version,
        name: "team",
        env,
        through: [...program, "run", "--team", "--yes"],
        args: ["--", ...ours],
      });
      const { terminal, model } = world;
      await terminal.open("team", { cwd, command });
      try {
        const shows = (match: RegExp) =>
          until(
            `the team's screen shows ${match}`,
            async () => match.test(await terminal.screen("team")),
            startMs,
          );
        await shows(/─ boss .*─ hand .*─ the log /s);
        await until(
          "both are on the bus, and in their clients",
          async () => {
            const there = (await listed()).filter(({ project }) => project === "yard");
            return there.length === 2 && (await connected(join(world.folder, "homes/team"))) === 2;
          },
          startMs,
        );
        await terminal.type("team", call("dm", { to: "hand", content: "Sweep the yard." }));
        const heard = await model.saw("team", (one) => frameOf("boss", "lead, yard").test(one.text));
        expect(heard.text).toContain("Sweep the yard.");
        await shows(/─ the log .*boss.*hand.*Sweep the yard\./s);
      } catch (error) {
        throw new Error(`${(error as Error).message}\n${await terminal.screen("team")}`);
      } finally {
        Bun.spawnSync(["tmux", "kill-server"], { env: { ...process.env, ...env } });
        await terminal.close("team").catch(() => {}); // it ends with its server
      }
    });
  });
}
