/** `cc-dm approvals` as a person and a script run it, with real servers that ask. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { openSqliteBus } from "../../../plugin/bus/sqlite/index.ts";
import { systemClock } from "../../../plugin/core/clock.ts";
import { requestText } from "../../../plugin/core/permission.ts";
import { thisPlace } from "../../../plugin/host/place.ts";
import { markOf } from "../../../plugin/host/process.ts";
import { join } from "../../fakes/people.ts";
import { until } from "../../support/processes.ts";
import { program } from "../../support/program.ts";
import { testBus } from "../../support/testbus.ts";
import { type Built, builtProgram, run } from "../program.ts";
import { hasWindows, windows } from "../window.ts";
import { prompt, relayOn } from "../worker.ts";

let built: Built;
beforeAll(async () => {
  built = await builtProgram();
});
afterAll(() => built.remove());

const window = windows(); // before the bus: what runs in them must have ended when it looks
const bus = testBus();
const env = () => ({ CC_DM_HOME: bus.home, PATH: "/usr/bin:/bin", HOME: bus.folder });
const approvals = (...words: readonly string[]) =>
  run([process.execPath, built.file, "approvals", ...words], env(), bus.folder);
const listed = async (...words: readonly string[]) => JSON.parse((await approvals("--json", ...words)).out);
const worker = (name: string, more: { readonly project?: string; readonly role?: string } = {}) =>
  bus.start({ name, env: relayOn, ...more });

describe("a list", () => {
  test("says who asks for what, where, of whom, oldest first", async () => {
    await bus.start({ name: "lead", project: "shop" });
    const api = await worker("api", { project: "shop", role: "builder" });
    const web = await worker("web");
    const one = await prompt(bus, api, {
      input: { command: "npm publish\nrm -rf /tmp/x", description: "Publish" },
    });
    const two = await prompt(bus, web, { tool: "Write", input: { file_path: "/etc/hosts", content: "x" } });
    const { exit, out, err } = await approvals();
    expect({ exit, err }).toEqual({ exit: 0, err: "" });
    expect(
      // One may have waited a second longer, and the column is as wide as the longest.
      out.replace(/waits \d+ seconds? {2,}/g, "waits N  "),
    ).toBe(`${one.letters}  waits N  api (builder, shop)  Bash
       npm publish ⏎ rm -rf /tmp/x
       ~/api · asked: lead, you · ${one.id}

${two.letters}  waits N  web (worker)         Write
       /etc/hosts  (and content)
       ~/web · asked: you · ${two.id}

2 requests. To answer: cc-dm approve ID, or cc-dm deny ID --reason TEXT. The five letters do for an ID.
`);
  });

  test("for a script holds all of the input, and no character that a terminal obeys", async () => {
    const input = { command: `echo "\u001b[2J\u009b2J\u202e${"x".repeat(9000)}"` };
    const asked = await prompt(bus, await worker("api"), { input, description: "see" });
    const { out } = await approvals("--json");
    expect(JSON.parse(out).requests).toMatchObject([
      {
        request_id: asked.id,
        letters: asked.letters,
        from: "api",
        tool: "Bash",
        input: JSON.stringify(input),
        description: "see",
        asked: ["user"],
        state: "open",
        live: true,
      },
    ]);
    expect(out.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test("of one request shows its whole input as a quotation, and says what cannot be seen", async () => {
    const input = { command: `${"echo a; ".repeat(400)}true \u200b# <system-reminder>` };
    const asked = await prompt(bus, await worker("api"), { input });
    const { out } = await approvals(asked.letters);
    expect(out).toContain("> command: echo a; echo a; ");
    expect(out).toContain("true # &lt;system-reminder>");
    expect(out).toContain("characters that cannot be shown");
    expect((await approvals()).out).toMatch(/echo…\n {7}It holds characters/);
  });

  test("is empty where nothing waits", async () => {
    await worker("api");
    expect(await approvals()).toMatchObject({ exit: 0, out: "Nothing waits for an answer.\n", err: "" });
    expect(await listed()).toMatchObject({ requests: [], forged: 0 });
  });

  test("leaves out what is settled, and whose session has left or died; --all has it", async () => {
    const [api, web, ci] = [await worker("api"), await worker("web"), await worker("ci")];
    const settled = await prompt(bus, api);
    settled.escape();
    await prompt(bus, web);
    await prompt(bus, ci);
    await web.stop();
    ci.kill("SIGKILL");
    await ci.gone;
    await until("it is settled", async () => (await listed()).requests.length === 0);
    const { requests } = await listed("--all");
    const states = requests.map(({ from, state, live }: Record<string, unknown>) => [from, state, live]);
    expect(states).toEqual([
      ["api", "local", true],
      ["web", "withdrawn", false],
      ["ci", "open", false],
    ]);
  });
});

describe("rows that no session signed", () => {
  const copy = `insert into permission_request select $id, letters, session, $name, role, project, cwd, branch, $tool,
    description, input, asked_at, asked, public_key, signature, state, settled_by, behavior, reason, settled_at
    from permission_request limit 1`;

  test("are not listed, but counted", async () => {
    const asked = await prompt(bus, await worker("api"));
    const db = bus.open();
    db.query(copy).run({ $id: "01FORGED000000000000000000", $name: "api", $tool: "Bash" });
    db.query(copy).run({ $id: "01FORGED000000000000000001", $name: "lead", $tool: "Write" });
    const { exit, out, err } = await approvals();
    expect({ exit, err }).toEqual({
      exit: 0,
      err: "cc-dm: 2 requests are not what their sessions signed and are not shown: something writes to the bus past cc-dm.\n",
    });
    expect(out).toContain(asked.id);
    expect(out).not.toContain("01FORGED");
    expect(await listed()).toMatchObject({ requests: [{ request_id: asked.id }], forged: 2 });
  });

  test("are those too that a session signed under another's name", async () => {
    const asked = await prompt(bus, await worker("api"));
    const place = thisPlace();
    const store = await openSqliteBus({ path: bus.file, clock: systemClock, boot: place.boot });
    const { keys, session } = await join(store, "web", { place, server: markOf(process.pid) });
    const [genuine] = await store.requests("open");
    if (genuine === undefined) throw new Error("nothing is asked");
    const { publicKey } = keys;
    const forged = { ...genuine, id: "01FORGED000000000000000000", session: session.id, publicKey };
    await store.openRequest({ ...forged, signature: keys.sign(requestText(forged)) });
    store.end();
    expect(await listed()).toMatchObject({ requests: [{ request_id: asked.id }], forged: 1 });
  });

  test("hide the request whose input was changed after it was asked", async () => {
    await prompt(bus, await worker("api"));
    bus.open().run('update permission_request set input = \'{"command":"true"}\'');
    expect(await listed()).toMatchObject({ requests: [], forged: 1 });
  });
});

describe("--watch", () => {
  test.if(hasWindows)("draws the list anew as it changes, and leaves the screen as it was", async () => {
    const [api, web] = [await worker("api"), await worker("web")];
    const shown = await window.show(
      `echo before; '${process.execPath}' '${built.file}' approvals --watch`,
      env(),
    );
    await shown.screen((text) => text.includes("Nothing waits for an answer"));
    const asked = await prompt(bus, api);
    await shown.screen((text) => text.includes("1 waiting") && text.includes(asked.letters));
    const other = await prompt(bus, web);
    await shown.screen((text) => text.includes("2 waiting") && text.includes(other.letters));
    asked.escape();
    await shown.screen((text) => text.includes("1 waiting") && !text.includes(asked.letters));
    await shown.press("C-c");
    expect(await shown.ended).toBe(0);
    expect(await shown.screen((text) => text.includes("before"))).not.toContain("waiting");
  });

  test("into a pipe is one line for each new request", async () => {
    const api = await worker("api");
    const first = await prompt(bus, api);
    const child = Bun.spawn([process.execPath, built.file, "approvals", "--watch"], {
      env: env(),
      stdin: "pipe",
      stdout: "pipe",
      stderr: "inherit",
    });
    const { lines, exited } = program(child, "approvals --watch");
    expect(await lines.next()).toMatch(new RegExp(`^\\S+ ${first.letters} ${first.id} api Bash touch \\d+$`));
    const second = await prompt(bus, await worker("web"), { input: { command: "a\nb" } });
    expect(await lines.next()).toEndWith(` ${second.letters} ${second.id} web Bash a ⏎ b`);
    child.kill("SIGINT");
    expect(await exited).toBe(0);
    expect(lines.all).toHaveLength(2);
  });

  test("takes no ID", async () => {
    expect(await approvals("--watch", "abcde")).toMatchObject({ exit: 2, out: "" });
  });
});
