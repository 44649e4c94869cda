/** The log of what real servers write: mail, its answer, a notice of cc-dm's own, and how far each has come. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { until } from "../../support/processes.ts";
import { testBus } from "../../support/testbus.ts";
import { type Built, builtProgram, run } from "../program.ts";

let built: Built;
beforeAll(async () => {
  built = await builtProgram();
});
afterAll(() => built.remove());

const bus = testBus();
const cli = (...words: readonly string[]) =>
  run(
    [process.execPath, built.file, ...words],
    { CC_DM_HOME: bus.home, HOME: bus.folder, PATH: "/usr/bin:/bin" },
    bus.folder,
  );

test("what servers say to each other is there at once, for somebody who was given none of it", async () => {
  const [lead, api] = [await bus.start({ name: "lead" }), await bus.start({ name: "api" })];
  const { message_id } = await lead.ok("dm", {
    to: "api",
    content: "which port?",
    message_type: "question",
    notify: "seen",
  });
  expect(await cli("receipts", message_id)).toMatchObject({ exit: 1 });
  await api.ok("inbox");
  await api.ok("who"); // evidence that the answer to inbox was read
  await until("cc-dm says that it was seen", async () => (await cli("log", "--from", "cc-dm")).out !== "");
  const answer = await api.ok("reply", { message_id, content: "8080" });
  const { exit, out, err } = await cli("log");
  expect({ exit, err }).toEqual({ exit: 0, err: "" });
  expect(out.replace(/^\S+Z /gm, "")).toContain(
    `${message_id} lead -> api (question) replied: which port?\n`,
  );
  expect(out).toContain(`${answer.message_id} api -> lead queued: 8080\n`);
  expect((await cli("log", "--from", "cc-dm")).out).toMatch(/ cc-dm -> lead \(notice\) \w+: /);
  expect(JSON.parse((await cli("thread", answer.message_id, "--json")).out).messages).toMatchObject([
    { message_id, depth: 0 },
    expect.anything(),
    expect.anything(),
  ]);
  expect(await cli("receipts", message_id.slice(-8))).toMatchObject({ exit: 0 });
  // Reading it here was nobody's reading.
  expect((await lead.ok("inbox")).messages.map(({ content }) => content.split("\n\n")[1])).toContain("8080");
});
