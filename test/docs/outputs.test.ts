/** What pages show as the output of a command is what it prints. */
import { expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { AuditKind } from "../../plugin/bus/relay.ts";
import { openSqliteBus } from "../../plugin/bus/sqlite/index.ts";
import { main } from "../../plugin/cli/main.ts";
import { makeKeys } from "../../plugin/core/keys.ts";
import { type PermissionRequest, requestText } from "../../plugin/core/permission.ts";
import { thisPlace } from "../../plugin/host/place.ts";
import { markOf } from "../../plugin/host/process.ts";
import { userKeys } from "../../plugin/host/userkey.ts";
import { fakeTerminal } from "../cli/fake.ts";
import { fakeClock } from "../fakes/clock.ts";
import { joining } from "../fakes/people.ts";
import { scratch } from "../fakes/scratch.ts";
import { blocks, page } from "./pages.ts";

const shown = blocks(page("docs/approvals.md"));

/** The request on docs/approvals.md, open for four minutes, and its record. */
async function scene() {
  const folder = scratch();
  const home = join(folder, ".cc-dm");
  mkdirSync(home);
  const [place, server, clock] = [thisPlace(), markOf(process.pid), fakeClock()];
  const bus = await openSqliteBus({ path: join(home, "bus.db"), clock, boot: place.boot });
  const [api, lead, person] = [makeKeys(), makeKeys(), userKeys(home)];
  const here = {
    place,
    server,
    client: server,
    cwd: join(homedir(), "code/shop"),
    branch: "main",
    project: "shop",
  };
  await bus.join(joining("api", { ...here, role: "builder" }, api));
  await bus.join(joining("lead", here, lead));
  await bus.person(person, folder);
  const request = {
    id: "01M7YA3QJX8GRYJ8F16ZF6NHNJ",
    letters: "kxqpa",
    session: api.id,
    name: "api",
    role: "builder",
    project: "shop",
    cwd: here.cwd,
    branch: "main",
    tool: "Bash",
    description: "",
    input: JSON.stringify({ command: "npm publish --dry-run" }),
    askedAt: clock.now(),
    asked: [lead.id, person.id],
    publicKey: api.publicKey,
    signature: "",
  } satisfies PermissionRequest;
  await bus.openRequest({ ...request, signature: api.sign(requestText(request)) });
  return {
    bus,
    clock,
    request,
    async run(...words: readonly string[]): Promise<string> {
      const { terminal, written } = fakeTerminal({ clock, env: { HOME: folder }, columns: 100 });
      expect({ exit: await main(terminal, words), err: written.err }).toEqual({ exit: 0, err: "" });
      return written.out;
    },
  };
}

test("cc-dm approvals", async () => {
  const { bus, clock, run } = await scene();
  await clock.pass(4 * 60_000);
  const block = shown.find(({ text }) => text.startsWith("$ cc-dm approvals\n"));
  expect(`$ cc-dm approvals\n${await run("approvals")}`).toBe(block?.text ?? "");
  bus.end();
});

test("cc-dm audit", async () => {
  const { bus, clock, request, run } = await scene();
  const from = clock.now();
  const note = (afterMs: number, kind: AuditKind, who: string, detail: string) =>
    bus.audit({ at: from + afterMs, request: request.id, kind, who, detail });
  await note(0, "asked", "api", "Bash put to lead, user; lead is busy");
  await note(12_000, "given", "lead", "allow");
  await note(13_000, "effective", "lead", "allow");
  await clock.pass(60_000);
  const out = await run("audit");
  const block = shown.find(({ text }) => text.startsWith("time "));
  const times = /^\d\d:\d\d:\d\d/gm;
  expect(out.replace(times, "TIME")).toBe((block?.text ?? "").replace(times, "TIME"));
  bus.end();
});
