import { ccDm } from "../contender.ts";
import { join, type Peer } from "../peer.ts";
import { bySize, type Scenario } from "../scenario.ts";
import { raise } from "../stage.ts";
import { median } from "../stats.ts";
import { bundle, measureShorts } from "./processes.ts";

const client = "11111111-2222-4333-8444-555555555555";
const other = "66666666-7777-4888-8999-000000000000";
// What a client calls for one tool use, in this order; the first and last once a turn.
const turn = [
  { tool: "hook_prompt", args: { sid: client, prompt: "go on", transcript: "" } },
  { tool: "hook_tool", args: { tool: "Bash", agent: "" } },
  { tool: "hook_batch", args: { agent: "" } },
  { tool: "hook_stop", args: { sid: client, transcript: "" } },
] as const;

/** What the client waits for: command hooks are processes, the others calls to the server that runs already. */
export const hooks: Scenario = {
  name: "hooks",
  about: "the client's hooks: the two that are processes, from start to exit, and the calls of a turn",
  async run(setup) {
    await using stage = await raise(setup.subject, ["alice"]);
    const [alice] = stage.peers;
    const plain = setup.subject.launch({ home: stage.home, name: "bob" });
    // A client's own session: hooks find it by the parent they share and the client's session id.
    const hooked = (session: string) =>
      ccDm("hooked", plain, {
        CC_DM_CHANNEL: "off",
        CLAUDECODE: "1",
        CLAUDE_CODE_SESSION_ID: session,
      });
    const bob = await join({ contender: hooked(client), home: stage.home, name: "bob" });
    // Nobody writes to her: what a wake brought to bob and he never proved to have read is offered again.
    const carol = await join({ contender: hooked(other), home: stage.home, name: "carol" });
    try {
      const hook = (verb: string, session: string, extra: object) => () => ({
        command: ["bun", bundle("hook.js"), verb],
        env: { HOME: stage.home, CC_DM_HOME: plain.env.CC_DM_HOME ?? "" },
        stdin: JSON.stringify({ session_id: session, ...extra }),
      });
      const send = () => alice?.call(setup.subject.dm("bob", "hello")) ?? Promise.resolve();
      const report = await measureShorts(setup, {
        scenario: "hooks",
        title: "The client's hooks",
        programs: [
          { what: "session-start", code: 0, program: hook("session-start", other, { source: "clear" }) },
          { what: "wake, nothing there", code: 0, program: hook("wake", other, {}) },
          { what: "wake, brings mail", code: 2, program: hook("wake", client, {}), prepare: send },
        ],
      });
      const calls = await measureCalls(bob, bySize(setup.size, 200, 50, 2));
      setup.record({ scenario: "hooks", calls });
      const figures = turn.map(({ tool }, i) => ({
        what: tool,
        unit: "ms",
        subject: calls[i] ?? Number.NaN,
        baseline: null,
        target: null,
      }));
      return { ...report, figures: [...report.figures, ...figures] };
    } finally {
      await Promise.all([bob.close(), carol.close()]);
    }
  },
};

/** @returns the median of each call, asked to answer, in milliseconds. */
async function measureCalls(peer: Peer, times: number): Promise<readonly number[]> {
  const took: number[][] = turn.map(() => []);
  for (let time = 0; time < times; time++) {
    for (const [i, call] of turn.entries()) {
      const before = performance.now();
      await peer.call(call);
      took[i]?.push(performance.now() - before);
    }
    await Bun.sleep(5);
  }
  return took.map(median);
}
