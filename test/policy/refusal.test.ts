import { beforeEach, describe, expect, test } from "bun:test";
import { type House, type Seat, seat } from "../fakes/house.ts";
import { bodies, got, hi, office } from "./office.ts";

let home: House;
let lead: Seat;
let api: Seat;
beforeEach(async () => {
  ({ home, lead, api } = await office());
});

const block = async (name = "lead") => {
  await home.bus.filter(api.session().mailbox, "block", name, true);
  return api.desk.refuse(name);
};
const rang = () => home.rung.splice(0).map((one) => one.name);

describe("who is blocked gets back what waits", () => {
  test("each message with a notice that can be trusted and says why, and a ring", async () => {
    const { message_id } = await lead.desk.dm("api", { content: "please look", thread_id: "T-1" });
    await lead.desk.dm("api", { content: "and now" });
    rang();
    expect(await block()).toBe(2);
    expect(new Set(rang())).toEqual(new Set(["lead"]));
    expect(await bodies(api)).toEqual([]);
    const notices = await got(lead);
    expect(notices).toHaveLength(2);
    expect(notices[0]).toMatchObject({
      kind: "notice",
      inReplyTo: message_id,
      threadId: "T-1",
      body: `Your message ${message_id} was refused: api takes no messages from lead any more (block). It was not read. It said: please look`,
    });
    expect(home.logged).toEqual([]);
  });

  test("also what it sent under an earlier name", async () => {
    await lead.desk.dm("api", hi);
    await lead.desk.rename({ name: "boss", role: "planner", project: "shop" });
    await lead.desk.dm("api", hi);
    expect(await block("boss")).toBe(2);
    expect(await got(lead)).toHaveLength(2);
  });

  test("when it is there again, if it is closed", async () => {
    await lead.desk.dm("api", hi);
    await home.bus.close([lead.session().id]);
    rang();
    expect(await block()).toBe(1);
    expect(rang()).toEqual([]);
    const back = await seat(home, "lead", { project: "shop" });
    expect((await got(back)).map((message) => message.kind)).toEqual(["notice"]);
  });

  test("and nothing twice", async () => {
    await lead.desk.dm("api", hi);
    expect([await block(), await block()]).toEqual([1, 0]);
    expect(await got(lead)).toHaveLength(1);
  });
});

test("mail of others stays, and so does what was handed over already", async () => {
  const web = await seat(home, "web", { project: "shop" });
  await lead.desk.dm("api", { content: "handed" });
  const [offer] = await home.bus.claim({ session: api.session(), path: "wake", limit: 1 });
  await web.desk.dm("api", { content: "of web" });
  expect(await block()).toBe(0);
  expect(await bodies(api)).toEqual(["of web"]);
  expect(await home.bus.seen(api.keys.id, [offer?.token ?? ""], "prompt")).toBe(1);
  expect(await got(lead)).toEqual([]);
});

test("a broadcast is taken back from the one that blocks, not from the others", async () => {
  const web = await seat(home, "web", { project: "shop" });
  await lead.desk.broadcast(hi);
  await block();
  expect(await bodies(web)).toEqual(["hi"]);
  expect(await bodies(api)).toEqual([]);
  expect(await got(lead)).toHaveLength(1);
});
