import { expect } from "bun:test";
import type { Joining } from "../../../plugin/bus/bus.ts";
import { join, joining, send } from "../../fakes/people.ts";
import type { Case } from "../contract.ts";

/** Who inherits waiting mail, and what a mailbox remembers. */
export function mailboxes(it: Case): void {
  const successors: readonly (readonly [string, Partial<Joining>, "inherits" | "held" | "fresh"])[] = [
    [
      "started with the name, in another folder",
      { startName: "api", cwd: "/elsewhere", project: "shop" },
      "inherits",
    ],
    [
      "of an automatic name, in the same folder",
      { startName: null, cwd: "/code/api", project: "shop" },
      "inherits",
    ],
    [
      "of an automatic name, in another folder",
      { startName: null, cwd: "/elsewhere", project: "shop" },
      "held",
    ],
    ["started with another name, in another folder", { startName: "x", cwd: "/y", project: "shop" }, "held"],
    ["of another project", { startName: "api", cwd: "/code/api", project: "other" }, "fresh"],
    ["of no project", { startName: "api", cwd: "/code/api", project: null }, "fresh"],
  ];
  for (const [who, more, outcome] of successors) {
    it(`a closed name's waiting mail, asked for by a session ${who}: ${outcome}`, async ({ a, b }) => {
      const lead = await join(a, "lead", { project: "shop" });
      const old = await join(b, "api", { project: "shop", cwd: "/code/api" });
      const id = await send(a, lead, [old.session]);
      await b.close([old.session.id]);
      const joined = await b.join(joining("api", more));
      if (outcome === "held") {
        expect(joined).toMatchObject({ ok: false, why: "mailbox_held", waiting: 1 });
        expect(await a.named("api")).toBeNull();
        return;
      }
      if (!joined.ok) throw new Error(joined.why);
      const offers = await b.claim({ session: joined.session, path: "pull", limit: 10 });
      expect(offers.map((offer) => offer.message.id)).toEqual(outcome === "inherits" ? [id] : []);
    });
  }

  it("counts mail that was handed over without evidence as waiting mail", async ({ a, b }) => {
    const lead = await join(a, "lead");
    const old = await join(b, "api");
    await send(a, lead, [old.session]);
    await b.claim({ session: old.session, path: "wake", limit: 1 });
    await b.close([old.session.id]);
    const stranger = joining("api", { startName: null, cwd: "/elsewhere" });
    expect(await b.join(stranger)).toMatchObject({ ok: false, why: "mailbox_held", waiting: 1 });
  });

  it("gives an address where nothing waits to anybody, with an empty past", async ({ a, b }) => {
    const lead = await join(a, "lead");
    const old = await join(b, "api");
    await send(a, lead, [old.session]);
    const [offer] = await b.claim({ session: old.session, path: "wake", limit: 1 });
    await b.seen(old.session.id, [offer?.token ?? ""], "test");
    await b.filter(old.session.mailbox, "block", "spam", true);
    await b.close([old.session.id]);
    const { session } = await join(b, "api", { startName: null, cwd: "/elsewhere" });
    expect(session.mailbox).not.toBe(old.session.mailbox);
    expect(await b.history({ mailbox: session.mailbox, limit: 10 })).toEqual([]);
    expect(await b.filters(session.mailbox)).toEqual([]);
    // Looked up by number the old one is still what it was; it has no address any more.
    expect(await a.mailbox(old.session.mailbox)).toMatchObject({ folder: "/code/api" });
    expect(await a.closedMailboxes()).toEqual([]);
  });

  it("tells of one mailbox by its number", async ({ a, b }) => {
    const { session } = await join(a, "api", { project: "shop" });
    expect(await b.mailbox(session.mailbox)).toEqual({
      id: session.mailbox,
      name: "api",
      project: "shop",
      folder: "/code/api",
      holder: session.id,
    });
    expect(await b.mailbox(session.mailbox + 1000)).toBeNull();
  });

  it("lists the mailboxes of closed names only", async ({ a, b }) => {
    await join(a, "live");
    const gone = await join(a, "gone", { project: "shop" });
    await a.close([gone.session.id]);
    expect((await b.closedMailboxes()).map(({ name, project }) => [name, project])).toEqual([
      ["gone", "shop"],
    ]);
  });

  it("lists each project once, in order", async ({ a, b }) => {
    await join(a, "one", { project: "web" });
    await join(a, "two", { project: "api" });
    await join(a, "three", { project: "web" });
    await join(a, "four");
    expect(await b.projects()).toEqual(["api", "web"]);
  });

  it("keeps filters by mailbox, kind and name, and takes them back", async ({ a, b }) => {
    const { session } = await join(a, "api");
    const other = await join(a, "lead");
    await a.filter(session.mailbox, "mute", "x", true);
    await a.filter(session.mailbox, "mute", "x", true);
    await a.filter(session.mailbox, "block", "x", true);
    await a.filter(session.mailbox, "block", "y", true);
    await a.filter(session.mailbox, "block", "x", false);
    await a.filter(session.mailbox, "mute", "never-set", false);
    const filters = await b.filters(session.mailbox);
    expect(filters.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual(["block y", "mute x"]);
    expect(await b.filters(other.session.mailbox)).toEqual([]);
  });
}
