/** A window of a tmux server that is there, as it is to be drawn. */
export async function resize(socket: string, window: string, columns: number, rows: number): Promise<void> {
  await tmux(socket, "resize-window", "-t", `=${window}:`, "-x", String(columns), "-y", String(rows));
}

/** With its colours. */
export async function capture(socket: string, window: string): Promise<string> {
  return tmux(socket, "capture-pane", "-p", "-e", "-t", `=${window}:`);
}

export async function tmux(socket: string, ...words: readonly string[]): Promise<string> {
  // -N: never start a server of its own.
  const run = Bun.spawn(["tmux", "-N", "-S", socket, ...words], { stdout: "pipe", stderr: "pipe" });
  const [out, problem] = await Promise.all([run.stdout.text(), run.stderr.text()]);
  if ((await run.exited) !== 0) throw new Error(`tmux ${words[0]}: ${problem.trim()}`);
  return out;
}
