import { describe, expect, test } from "bun:test";
import { namesOurChannel } from "../../plugin/host/flag.ts";

describe("a client was started with our channel", () => {
  const yes: readonly string[] = [
    "--channels plugin:cc-dm",
    "--channels plugin:cc-dm@cc-dm-marketplace",
    "--channels server:cc-dm",
    "--channels=plugin:cc-dm@x",
    "--channels=server:other,plugin:cc-dm@x",
    "--channels server:other plugin:cc-dm",
    "--channels server:other,server:cc-dm --model x",
    "--dangerously-load-development-channels plugin:cc-dm@inline",
    "-p --channels server:other --dangerously-load-development-channels server:cc-dm hello",
  ];
  for (const line of yes)
    test(line, () => expect(namesOurChannel(["claude", ...line.split(" ")])).toBe(true));
});

describe("a client was not", () => {
  const no: readonly string[] = [
    "",
    "--channels",
    "--channels server:other",
    "--channels plugin:cc-dm2@x",
    "--channels plugin:xcc-dm",
    "--channels server:cc-dm2",
    "--channels server:cc-dm@x",
    "--channels --model plugin:cc-dm",
    "--channelsx plugin:cc-dm",
    "plugin:cc-dm",
    "-p plugin:cc-dm --channels server:other",
    "--plugin-dir /x/cc-dm",
  ];
  for (const line of no) {
    test(line || "nothing", () =>
      expect(namesOurChannel(["claude", ...line.split(" ").filter(Boolean)])).toBe(false),
    );
  }
});
