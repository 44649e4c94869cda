import { expect, test } from "bun:test";
import { believer } from "../../../plugin/cli/read/believed.ts";
import { tailOf } from "../../../plugin/cli/read/tail.ts";
import { scratch } from "../../fakes/scratch.ts";
import { type Mail, mailIn } from "./mail.ts";

async function scene() {
  const mail = await mailIn(scratch());
  const [lead, api, web] = [await mail.join("lead"), await mail.join("api"), await mail.join("web")];
  return { mail, lead, api, web };
}

const follow = ({ home }: Mail) => tailOf({}, { shown: [], after: 0, believe: believer({ folder: home }) });

async function told(mail: Mail, tail: ReturnType<typeof follow>) {
  const { entries, changes, forged } = await tail.look(mail.bus);
  return {
    new: entries.map(({ message }) => message.body),
    changed: changes.flatMap(({ entry, changed }) =>
      changed.map(({ name, state }) => `${entry.message.body}: ${name} ${state}`),
    ),
    forged,
  };
}

test("tells what came since the last look, and what has changed of what it told", async () => {
  const { mail, lead, api, web } = await scene();
  await mail.send(lead, [api, web], { body: "both" });
  const tail = follow(mail);
  expect(await told(mail, tail)).toEqual({ new: ["both"], changed: [], forged: 0 });
  expect(await told(mail, tail)).toEqual({ new: [], changed: [], forged: 0 });
  await mail.read(api);
  await mail.send(api, [lead], { body: "answer" });
  expect(await told(mail, tail)).toEqual({ new: ["answer"], changed: ["both: api seen"], forged: 0 });
  await mail.bus.claim({ session: web.session, path: "wake", limit: 1 });
  expect(await told(mail, tail)).toEqual({ new: [], changed: ["both: web handed"], forged: 0 });
  mail.end();
});

test("rows written past us are counted, and what comes behind them is told", async () => {
  const { mail, lead, api } = await scene();
  const tail = follow(mail);
  const ids = [];
  for (const body of ["one", "two", "three"]) ids.push(await mail.send(lead, [api], { body }));
  mail.tamper("update message set body = 'forged' where id = ?", ids[1] ?? "");
  expect(await told(mail, tail)).toEqual({ new: ["one", "three"], changed: [], forged: 1 });
  // Somebody writes a delivery that its sender never signed for.
  mail.tamper(
    `insert into delivery (message, addressed, mailbox, name, state, open, expires_at)
     select message, 99, 99, 'web', 'seen', 0, 0 from delivery limit 1`,
  );
  expect(await told(mail, tail)).toEqual({ new: [], changed: [], forged: 0 });
  mail.end();
});

test("skips nothing of a burst, and forgets what was swept away", async () => {
  const { mail, lead, api } = await scene();
  const tail = follow(mail);
  for (let n = 0; n < 620; n++) await mail.send(lead, [api], { body: `${n}` });
  expect((await told(mail, tail)).new).toHaveLength(500);
  expect((await told(mail, tail)).new.at(-1)).toBe("619");
  mail.tamper("delete from delivery");
  expect(await told(mail, tail)).toEqual({ new: [], changed: [], forged: 0 });
  mail.end();
});
