import { expect, test } from "bun:test";
import { believer, look } from "../../../plugin/cli/read/believed.ts";
import type { Store } from "../../../plugin/cli/store.ts";
import { userKeys } from "../../../plugin/host/userkey.ts";
import { scratch } from "../../fakes/scratch.ts";
import { type Mail, mailIn } from "./mail.ts";

async function scene() {
  const mail = await mailIn(scratch());
  return { mail, lead: await mail.join("lead"), api: await mail.join("api") };
}

async function seen({ bus, home }: Mail, limit = 100) {
  const { entries, forged } = await look({ bus } as Store, { limit }, believer({ folder: home }));
  return { bodies: entries.map(({ message }) => message.body), entries, forged };
}

test("what a session signed under its name is mail, whatever became of the session", async () => {
  const { mail, lead, api } = await scene();
  await mail.send(lead, [api], { body: "one" });
  await mail.bus.rename({ id: lead.session.id, name: "chief", role: "worker", project: null });
  await mail.bus.close([lead.session.id]);
  expect(await seen(mail)).toMatchObject({ bodies: ["one"], forged: 0 });
  mail.end();
});

test("what nobody on record signed is none, and so is what one signed under another's name", async () => {
  const { mail, lead, api } = await scene();
  const stranger = await mail.join("stranger");
  await mail.send(stranger, [api], { body: "of a stranger" });
  await mail.send(lead, [api], { body: "in the name of api", fromName: "api" });
  await mail.send(lead, [api], { body: "mail" });
  mail.tamper("delete from session where id = ?", stranger.session.id);
  expect(await seen(mail)).toMatchObject({ bodies: ["mail"], forged: 2 });
  mail.end();
});

test("the person's voice is that of the person's key alone", async () => {
  const { mail, api } = await scene();
  const keys = userKeys(mail.home);
  const person = { keys, session: await mail.bus.person(keys, "/") };
  await mail.send(person, [api], { body: "of the person", rule: "user" });
  expect(await seen(mail)).toMatchObject({ bodies: ["of the person"], forged: 0 });
  const elsewhere = believer({ folder: scratch() });
  expect(await look({ bus: mail.bus } as Store, { limit: 9 }, elsewhere)).toEqual({ entries: [], forged: 1 });
  mail.end();
});

test("rows that are no mail take no mail's place among the last", async () => {
  const { mail, lead, api } = await scene();
  for (let n = 0; n < 6; n++) await mail.send(lead, [api], { body: `${n}` });
  mail.tamper("update message set hops = 7 where body in ('2', '4', '5')");
  expect(await seen(mail, 3)).toMatchObject({ bodies: ["0", "1", "3"], forged: 3 });
  expect(await seen(mail, 1)).toMatchObject({ bodies: ["3"], forged: 2 });
  mail.end();
});

test("a delivery that the sender did not sign for is not shown; a message nobody believed is no mail", async () => {
  const { mail, lead, api } = await scene();
  await mail.send(lead, [api], { body: "one" });
  mail.tamper(
    `insert into delivery (message, addressed, mailbox, name, state, open, expires_at)
     select message, 99, 99, 'web', 'seen', 0, 0 from delivery`,
  );
  expect((await seen(mail)).entries[0]?.receipts.map(({ name }) => name)).toEqual(["api"]);
  mail.tamper("update delivery set state = 'quarantined' where name = 'api'");
  expect(await seen(mail)).toMatchObject({ bodies: [], forged: 1 });
  mail.end();
});

test("what stands in a delivery's row beside the signed message is shown in our words alone", async () => {
  const { mail, lead, api } = await scene();
  const web = await mail.join("web");
  await mail.send(lead, [api, web], { body: "one" });
  mail.tamper(
    "update delivery set state = ?1, path = ?1, evidence = ?1, name = '![x](http://evil/)' where name = 'api'",
    "\u001b]0;title\u0007ours",
  );
  const { entries } = await seen(mail);
  expect(entries[0]?.receipts.find(({ addressed }) => addressed === api.session.mailbox)).toMatchObject({
    name: "api",
    state: "quarantined",
    path: null,
    evidence: "ours",
  });
  mail.end();
});
