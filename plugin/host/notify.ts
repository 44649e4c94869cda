import { spawn } from "node:child_process";

/** A desktop notice, where this system has a program for it; it never fails and nobody waits for it. */
export function notifyDesktop(title: string, text: string): void {
  const [program = "", ...rest] = noticeCommand(process.platform, title, text);
  try {
    spawn(program, rest, { stdio: "ignore", detached: true })
      .once("error", () => {})
      .unref();
  } catch {} // no such program
}

/** Foreign text is handed over as an argument, and never as a script. */
export function noticeCommand(platform: NodeJS.Platform, title: string, text: string): readonly string[] {
  return platform === "darwin"
    ? [
        "osascript",
        "-e",
        "on run argv",
        "-e",
        "display notification (item 2 of argv) with title (item 1 of argv)",
        "-e",
        "end run",
        title,
        text,
      ]
    : ["notify-send", "--app-name=cc-dm", "--", title, escaped(text)];
}

/**
 * The body of a notice is markup: a session must not put a link there, nor a picture that is loaded.
 *
 * @see https://specifications.freedesktop.org/notification-spec/latest/markup.html
 */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
