import { expect, test } from "bun:test";
import { said, world } from "./world.ts";

const made = (target: string, version: string | null) =>
  world({ link: { path: "/home/ann/.cc-dm/plugin", target, version } });

test("a link that leads to this version or a newer one is in order", () => {
  expect(said(world(), "client.link")).toEqual([expect.stringMatching(/^ok: /)]);
  expect(said(made("/cache/99.0.0", "99.0.0"), "client.link")).toEqual([
    expect.stringMatching(/^ok: .*99\.0\.0/),
  ]);
});

test("one that leads nowhere is told, with what does not work for it", () => {
  const [told] = said(made("/cache/0.1.0", null), "client.link");
  expect(told).toMatch(/^warning: .*\/cache\/0\.1\.0.*no cc-dm: the command on the PATH and the status line/);
});

test("one that leads to an older copy is told", () => {
  expect(said(made("/cache/0.0.1", "0.0.1"), "client.link")).toEqual([
    expect.stringMatching(/^warning: .*0\.0\.1/),
  ]);
});

test("without one nothing is said: nobody asked for it", () => {
  expect(said(world({ link: null }), "client.link")).toEqual([]);
});
