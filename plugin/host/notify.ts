import { spawn } from "node:child_process";

/** A desktop notice, where this system has a program for it; it never fails and nobody waits for it. */
export function notifyDesktop(title: string, text: string): void {
  const words =
    process.platform === "darwin"
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
      : ["notify-send", "--app-name=cc-dm", "--", title, text];
  const [program = "", ...rest] = words;
  try {
    spawn(program, rest, { stdio: "ignore", detached: true })
      .once("error", () => {})
      .unref();
  } catch {} // no such program
}
