import { expect, test } from "bun:test";
import { noticeCommand } from "../../plugin/host/notify.ts";

const text = '--x <img src="http://x/"> & "quoted"';

test("a notice's text is no markup and no option of notify-send", () => {
  const words = noticeCommand("linux", "cc-dm", text);
  expect(words.slice(-3)).toEqual(["--", "cc-dm", '--x &lt;img src="http://x/"&gt; &amp; "quoted"']);
});

test("on macOS it is an argument of a script that stays the same", () => {
  const [of, other] = [noticeCommand("darwin", "cc-dm", text), noticeCommand("darwin", "cc-dm", "plain")];
  expect(of.at(-1)).toBe(text);
  expect(of.slice(0, -1)).toEqual(other.slice(0, -1));
});
