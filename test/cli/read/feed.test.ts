import { expect, test } from "bun:test";
import { believer } from "../../../plugin/cli/read/believed.ts";
import { feed } from "../../../plugin/cli/read/top/feed.ts";
import { scratch } from "../../fakes/scratch.ts";
import { mailIn } from "./mail.ts";

test("the live view shows no row that is no mail, counts it once, and goes on behind it", async () => {
  const mail = await mailIn(scratch());
  const [lead, api] = [await mail.join("lead"), await mail.join("api")];
  const live = feed(mail.bus, believer({ folder: mail.home }));
  const bodies = async () => (await live.look()).map(({ message }) => message.body);
  await mail.send(lead, [api], { body: "one" });
  await mail.send(lead, [api], { body: "two" });
  mail.tamper("update message set body = 'forged' where body = 'two'");
  expect([await bodies(), live.forged()]).toEqual([["one"], 1]);
  await mail.send(lead, [api], { body: "three" });
  mail.tamper(
    `insert into delivery (message, addressed, mailbox, name, state, open, expires_at)
     select seq, 99, 99, 'web', 'seen', 0, 0 from message where body = 'one'`,
  );
  expect([await bodies(), live.forged()]).toEqual([["one", "three"], 1]);
  expect((await live.look())[0]?.receipts.map(({ name }) => name)).toEqual(["api"]);
  mail.end();
});
