/** `cc-dm approve` and `cc-dm deny` as a person runs them, with real servers that ask. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { queue } from "../../support/queue.ts";
import { testBus } from "../../support/testbus.ts";
import { type Built, builtProgram, node } from "../program.ts";
import { hasWindows, windows } from "../window.ts";
import { prompt, relayOn } from "../worker.ts";

let built: Built;
beforeAll(async () => {
  built = await builtProgram();
});
afterAll(() => built.remove());

const window = windows(); // before the bus: what runs in them must have ended when it looks
const bus = testBus();
const person = (...words: readonly string[]) => {
  const line = [process.execPath, built.file, ...words].map((word) => `'${word}'`).join(" ");
  return window.run(line, { CC_DM_HOME: bus.home });
};
const worker = (name: string) => bus.start({ name, env: relayOn });

describe.if(hasWindows)("approve", () => {
  test("by the five letters: the client is told, and the person hears that", async () => {
    const asked = await prompt(bus, await worker("api"));
    expect(await person("approve", asked.letters)).toEqual({
      exit: 0,
      out: `${asked.letters}  api: Bash  allowed: given to its client\n`,
      err: "",
    });
    expect(await asked.decision).toEqual({ behavior: "allow" });
  });

  test.if(node !== null)("started under Node, which hands over to Bun", async () => {
    const asked = await prompt(bus, await worker("api"));
    const line = `'${node}' '${built.file}' approve ${asked.letters}`;
    const env = { CC_DM_HOME: bus.home, PATH: `${dirname(process.execPath)}:/usr/bin:/bin` };
    expect(await window.run(line, env)).toMatchObject({ exit: 0, err: "" });
    expect(await asked.decision).toEqual({ behavior: "allow" });
  });

  test.each([
    ["the id", (id: string) => id],
    ["the id in small letters", (id: string) => id.toLowerCase()],
    ["its end", (id: string) => id.slice(-6)],
  ])("by %s", async (_what, wordOf) => {
    const asked = await prompt(bus, await worker("api"));
    expect((await person("approve", wordOf(asked.id))).exit).toBe(0);
    expect(await asked.decision).toEqual({ behavior: "allow" });
  });

  test("of several, each is told; JSON for a script", async () => {
    const [api, web] = [await worker("api"), await worker("web")];
    const one = await prompt(bus, api);
    const two = await prompt(bus, web);
    const { exit, out } = await person("approve", "--json", one.letters, two.id);
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      verdict: "allow",
      results: [
        { request_id: one.id, from: "api", tool: "Bash", state: "given", taken: true, by: "user" },
        { request_id: two.id, from: "web", state: "given", taken: true },
      ],
    });
    expect([await one.decision, await two.decision]).toEqual([{ behavior: "allow" }, { behavior: "allow" }]);
  });

  test("--same: all that ask for the very same call, and no other", async () => {
    const [api, web, ci] = [await worker("api"), await worker("web"), await worker("ci")];
    const input = { command: "npm publish" };
    const [one, two] = [await prompt(bus, api, { input }), await prompt(bus, web, { input })];
    const other = await prompt(bus, ci, { input: { command: "npm publish --force" } });
    expect((await person("approve", one.letters, "--same")).exit).toBe(0);
    expect(await two.decision).toEqual({ behavior: "allow" });
    const { out } = await person("approvals", "--json");
    expect(JSON.parse(out).requests).toMatchObject([{ request_id: other.id }]);
  });

  test("--same takes no beginnings for the same call", async () => {
    for (const name of ["api", "web"]) {
      const { client } = await worker(name);
      await client.notification({
        method: "notifications/claude/channel/permission_request",
        params: { request_id: name === "api" ? "abcde" : "fghij", tool_name: "Bash", input_preview: "ls" },
      } as never);
    }
    const { out } = await waitFor(
      () => person("approvals"),
      (text) => text.includes("2 requests"),
    );
    expect(out).toContain("Perhaps not all of it");
    expect((await person("approve", "abcde", "--same")).exit).toBe(0);
    expect(JSON.parse((await person("approvals", "--json")).out).requests).toMatchObject([
      { letters: "fghij" },
    ]);
  });

  test("--remember: the same call of that session asks nobody any more", async () => {
    const api = await worker("api");
    const input = { command: "git push" };
    const asked = await prompt(bus, api, { input });
    expect((await person("approve", asked.letters, "--remember")).exit).toBe(0);
    expect(await asked.decision).toEqual({ behavior: "allow" });
    expect(await (await prompt(bus, api, { input })).decision).toEqual({ behavior: "allow" });
  });

  test("by the channel alone, the client gets its verdict under its own letters", async () => {
    const api = await worker("api");
    const verdicts = queue<unknown>("verdict");
    api.client.fallbackNotificationHandler = async ({ method, params }) => {
      if (method === "notifications/claude/channel/permission") verdicts.add(params);
    };
    await api.client.notification({
      method: "notifications/claude/channel/permission_request",
      params: { request_id: "abcde", tool_name: "Bash", description: "", input_preview: "ls" },
    } as never);
    await Bun.sleep(0);
    const { out } = await waitFor(
      () => person("approvals", "--json"),
      (text) => text.includes("abcde"),
    );
    expect(JSON.parse(out).requests).toMatchObject([{ letters: "abcde", input: "ls" }]);
    expect((await person("approve", "ABCDE")).exit).toBe(0);
    expect(await verdicts.next()).toEqual({ request_id: "abcde", behavior: "allow" });
  });
});

async function waitFor<T extends { readonly out: string }>(
  run: () => Promise<T>,
  fits: (out: string) => boolean,
) {
  for (let tries = 0; ; tries++) {
    const ran = await run();
    if (fits(ran.out) || tries > 20) return ran;
  }
}

describe.if(hasWindows)("deny", () => {
  test("the session's model reads the reason", async () => {
    const asked = await prompt(bus, await worker("api"));
    const { exit, out } = await person("deny", asked.letters, "--reason", "use the staging key");
    expect({ exit, out }).toEqual({
      exit: 0,
      out: `${asked.letters}  api: Bash  denied: given to its client\n`,
    });
    expect(await asked.decision).toMatchObject({
      behavior: "deny",
      message: expect.stringContaining("user, asked through cc-dm: use the staging key"),
    });
  });

  test("a reason that is too long decides nothing", async () => {
    const asked = await prompt(bus, await worker("api"));
    expect(await person("deny", asked.letters, "-r", "x".repeat(501))).toMatchObject({ exit: 2, out: "" });
    expect(JSON.parse((await person("approvals", "--json")).out).requests).toHaveLength(1);
  });
});

describe.if(hasWindows)("nothing is decided", () => {
  test("without an ID", async () => {
    await worker("api");
    const { exit, err } = await person("approve");
    expect({ exit, err }).toEqual({
      exit: 2,
      err: "cc-dm: approve needs an ID; cc-dm approvals lists what waits.\n",
    });
  });

  test("where one of several IDs is unknown: it says what there is", async () => {
    const asked = await prompt(bus, await worker("api"));
    const { exit, out, err } = await person("approve", asked.letters, "zzzzz");
    expect({ exit, out }).toEqual({ exit: 3, out: "" });
    expect(err).toBe(`cc-dm: No request is called "zzzzz".\n  ${asked.letters}  ${asked.id}  api: Bash\n`);
    expect(JSON.parse((await person("approvals", "--json")).out).requests).toHaveLength(1);
  });

  test("where letters fit two", async () => {
    for (const name of ["api", "web"]) {
      const { client } = await worker(name);
      await client.notification({
        method: "notifications/claude/channel/permission_request",
        params: { request_id: "abcde", tool_name: "Bash", input_preview: name },
      } as never);
    }
    await waitFor(
      () => person("approvals"),
      (out) => out.includes("2 requests"),
    );
    const { exit, err } = await person("approve", "abcde");
    expect(exit).toBe(3);
    expect(err).toStartWith('cc-dm: 2 requests are called "abcde"; use the id.\n  abcde  01');
  });

  test("for one that was settled before: it says how", async () => {
    const asked = await prompt(bus, await worker("api"));
    await person("deny", asked.letters);
    const { exit, err } = await person("approve", asked.letters);
    expect(exit).toBe(3);
    expect(err).toBe(
      `cc-dm: The request ${asked.letters} (${asked.id}) is settled: denied by user. Nothing was decided.\n`,
    );
    expect(await asked.decision).toMatchObject({ behavior: "deny" });
  });

  test("for one whose session is gone", async () => {
    const api = await worker("api");
    const asked = await prompt(bus, api);
    api.kill("SIGKILL");
    await api.gone;
    const { exit, err } = await person("approve", asked.letters);
    expect(exit).toBe(3);
    expect(err).toContain("waits no more: its session is gone");
  });

  test("with another key than the one that was asked", async () => {
    const asked = await prompt(bus, await worker("api"));
    rmSync(join(bus.home, "user.key"));
    const { exit, err } = await person("approve", asked.letters);
    expect(exit).toBe(3);
    expect(err).toContain("was put to another key than that in user.key");
  });
});

test.if(hasWindows)("an answer that its session has not read is left for it, and says so", async () => {
  const api = await worker("api");
  const asked = await prompt(bus, api);
  api.kill("SIGSTOP");
  const { exit, out } = await person("approve", asked.letters);
  expect({ exit, out }).toEqual({
    exit: 0,
    out: `${asked.letters}  api: Bash  left for api, which has not looked yet (is it stopped?)\n`,
  });
  api.kill("SIGCONT");
  expect(await asked.decision).toEqual({ behavior: "allow" });
});
