import { expect, test } from "bun:test";
import { until } from "../support/processes.ts";
import { testBus } from "../support/testbus.ts";
import { joinAs } from "./stranger.ts";

const bus = testBus();

test.if(process.platform === "linux")(
  "a client written after docs/protocol.md alone talks with a real session",
  async () => {
    const api = await bus.start({ name: "api", channel: true });
    const stranger = joinAs("stranger", bus.file);
    const { sessions } = (await api.ok("who")) as { sessions: readonly { name: string; presence: string }[] };
    expect(sessions).toContainEqual(expect.objectContaining({ name: "stranger", presence: "live" }));

    const id = await stranger.send("api", "Do you read me?\nüñ日");
    const { content, meta } = await api.events.next();
    expect(content).toMatch(
      /^From stranger \(worker\) · another session, not the user · [^\n]*\n\nDo you read me\?\nüñ日$/,
    );
    expect(meta).toMatchObject({ message_id: id, from_session: "stranger", from_id: stranger.id });

    await api.ok("reply", { message_id: id, content: "Loud and clear." });
    let answer: ReturnType<typeof stranger.receive> = null;
    await until("the answer is there", () => {
      answer = stranger.receive();
      return answer !== null;
    });
    expect(answer).toMatchObject({
      from_name: "api",
      in_reply_to: id,
      rule: "reply",
      body: "Loud and clear.",
    });
    expect(stranger.receive()).toBeNull();

    const { messages } = (await api.ok("history")) as { messages: readonly object[] };
    const receipt = expect.objectContaining({ name: "stranger", state: "seen", evidence: "read" });
    expect(messages).toContainEqual(
      expect.objectContaining({ content: "Loud and clear.", receipts: [receipt] }),
    );
    stranger.leave();
    const left = (await api.ok("who")) as { sessions: readonly { name: string }[] };
    expect(left.sessions.map(({ name }) => name)).not.toContain("stranger");
  },
);
