/** `cc-dm who` as a person and a script run it, with real servers. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { until } from "../../support/processes.ts";
import { testBus } from "../../support/testbus.ts";
import { type Built, builtProgram, run } from "../program.ts";

let built: Built;
beforeAll(async () => {
  built = await builtProgram();
});
afterAll(() => built.remove());

const bus = testBus();
const env = () => ({ CC_DM_HOME: bus.home, PATH: "/usr/bin:/bin", HOME: bus.folder });
const who = (...words: readonly string[]) =>
  run([process.execPath, built.file, "who", ...words], env(), bus.folder);
type Told = Readonly<Record<string, unknown>>;
const told = async (...words: readonly string[]) =>
  JSON.parse((await who("--json", ...words)).out).sessions as readonly Told[];
const names = async (...words: readonly string[]) => (await told(...words)).map(({ name }) => name);

/** What a session's hooks would have told of it. */
function does(name: string, state: string, on: string | null, agoMs: number): void {
  bus
    .open()
    .query(
      "update session set reach = 'wake', activity = ?, activity_since = ?, activity_on = ? where name = ?",
    )
    .run(state, Date.now() - agoMs, on, name);
}

test("a list for a person, by project: what each does since when, its mail, where it works", async () => {
  await bus.start({ name: "free", folder: "x" });
  const lead = await bus.start({ name: "lead", role: "planner", project: "shop" });
  await bus.start({ name: "api", project: "shop" });
  for (let n = 0; n < 2; n++) await lead.call("dm", { to: "api", content: "x" });
  does("lead", "busy", "Bash", 125_000);
  does("api", "blocked", "Write", 3_600_000);
  does("free", "idle", null, 5_000);
  const { exit, out, err } = await who();
  expect({ exit, err }).toEqual({ exit: 0, err: "" });
  expect(out.replace(/idle, \d+ s/, "idle, N s")).toBe(`lead  busy with Bash, 2 min      planner, shop
  ~/lead · mail wakes it · waits for api (2)
api   blocked: Write, 1 h    ✉2  worker, shop
  ~/api · mail wakes it
free  idle, N s                  worker
  ~/x · mail wakes it
`);
  expect(await told("--project", "shop")).toEqual([
    expect.objectContaining({
      name: "lead",
      role: "planner",
      project: "shop",
      cwd: bus.path("lead"),
      branch: null,
      presence: "busy",
      on: "Bash",
      since: expect.stringMatching(/^\d{4}-.*Z$/),
      reach: "wake",
      unread: 0,
      listed: true,
      waits_for: [{ name: "api", project: "shop", count: 2 }],
    }),
    expect.objectContaining({ name: "api", presence: "blocked", on: "Write", unread: 2, waits_for: [] }),
  ]);
});

describe("shows", () => {
  test("of a project only its own, with an empty one those without", async () => {
    await bus.start({ name: "api", project: "shop" });
    await bus.start({ name: "free" });
    expect(await names("--project", "Shop")).toEqual(["api"]);
    expect(await names("--project", "")).toEqual(["free"]);
    expect(await who("--project", "none")).toMatchObject({
      exit: 0,
      out: 'No session in project "none" runs now. cc-dm who --all shows those that closed.\n',
    });
  });

  test("closed ones with --all, also one that died without a word, and changes nothing for it", async () => {
    const [api, web] = [await bus.start({ name: "api" }), await bus.start({ name: "web" })];
    await api.stop();
    web.kill("SIGKILL");
    await web.gone;
    await until("nobody is there", async () => (await names()).length === 0);
    expect(await names("--all")).toEqual(["web", "api"]);
    expect((await told("--all")).map(({ presence }) => presence)).toEqual(["closed", "closed"]);
    expect(bus.open().query("select name from session where closed_at is null").all()).toEqual([
      { name: "web" },
    ]);
  });

  test("whom an address means: a name, the beginning of an id, a folder; live or closed", async () => {
    const api = await bus.start({ name: "api", folder: "Deep" });
    await (await bus.start({ name: "web" })).stop();
    const [{ id }] = (await told("api")) as readonly [{ id: string }];
    expect(await names(id.slice(0, 8))).toEqual(["api"]);
    expect(await names("deep", "API")).toEqual(["api"]);
    expect(await names("web")).toEqual(["web"]);
    const { exit, out, err } = await who("apo");
    expect({ exit, out }).toEqual({ exit: 3, out: "" });
    expect(err).toStartWith('cc-dm: No session is called "apo".');
    expect(err).toEndWith("  api\n");
    await api.stop();
  });
});

test("folders and tools of others obey no terminal", async () => {
  await bus.start({ name: "api" });
  does("api", "busy", "Ba\u001b[2Jsh\u202e", 0);
  const { out } = await who();
  expect(out).toStartWith("api  busy with Ba");
  expect(out.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});

test("without a bus it says so, and makes none", async () => {
  const { exit, out, err } = await who();
  expect({ exit, out }).toEqual({ exit: 3, out: "" });
  expect(err).toStartWith("cc-dm: There is no bus at ");
});
