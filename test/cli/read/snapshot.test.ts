/** `cc-dm top --json`: what its screen would show, once. */
import { expect, test } from "bun:test";
import { main } from "../../../plugin/cli/main.ts";
import { systemClock } from "../../../plugin/core/clock.ts";
import { thisPlace } from "../../../plugin/host/place.ts";
import { markOf } from "../../../plugin/host/process.ts";
import { join } from "../../fakes/people.ts";
import { scratch } from "../../fakes/scratch.ts";
import { fakeTerminal } from "../fake.ts";
import { mailIn } from "./mail.ts";

async function snapshot(home: string, ...words: readonly string[]) {
  const env = { HOME: home, CC_DM_HOME: home };
  const { terminal, written } = fakeTerminal({ env, clock: systemClock });
  const exit = await main(terminal, ["top", "--json", ...words]);
  return { exit, err: written.err, told: written.out === "" ? null : JSON.parse(written.out) };
}

test("tells of sessions, mail and who waits for whom, of all or of one project", async () => {
  const mail = await mailIn(scratch());
  const here = { place: thisPlace(), server: markOf(process.pid) };
  const [lead, api, other] = [
    await join(mail.bus, "lead", { ...here, project: "shop" }),
    await join(mail.bus, "api", { ...here, project: "shop" }),
    await join(mail.bus, "other", here),
  ];
  const body = "x".repeat(5_000); // the screen keeps less of it
  const id = await mail.send(lead, [api], { body });
  await mail.send(other, [lead], { type: "question" });
  await mail.read(lead);

  const { exit, err, told } = await snapshot(mail.home);
  expect({ exit, err }).toEqual({ exit: 0, err: "" });
  expect(told).toMatchObject({ cc_dm: "0.1.0", requests: [], for_user: 0, forged: 0 });
  expect(told.at).toMatch(/^\d{4}-.*Z$/);
  expect(told.sessions.map(({ name }: { name: string }) => name).toSorted()).toEqual([
    "api",
    "lead",
    "other",
  ]);
  expect(told.messages).toHaveLength(2);
  expect(told.messages[0]).toMatchObject({ message_id: id, content: body, receipts: [{ state: "queued" }] });
  expect(told.waits).toEqual([
    { from: "lead", to: "api", why: "unseen", since: told.messages[0].sent_at },
    { from: "other", to: "lead", why: "no answer", since: told.messages[1].sent_at },
  ]);

  const alone = await snapshot(mail.home, "--project", "");
  expect(alone.told.sessions).toMatchObject([{ name: "other" }]);
  expect(alone.told.messages).toMatchObject([{ from: "other" }]);
  expect(alone.told.waits).toHaveLength(1);
  mail.end();
});

test("without a bus tells that there is none, and does not wait for one", async () => {
  const { exit, err, told } = await snapshot(scratch());
  expect({ exit, told }).toEqual({ exit: 3, told: null });
  expect(err).toContain("There is no bus at");
});
