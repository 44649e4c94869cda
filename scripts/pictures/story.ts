/** What the sessions on the pictures say: a stand-in speaks for their models, all else is the real program. */
import { type Action, type Script, tool } from "../../test/client/script.ts";

interface Line {
  /** What is new in the request. */
  readonly on: RegExp;
  /** @param id of the message that came with it. */
  readonly answer: (id: string) => readonly Action[];
}

/** A model that says each line once, when its word comes up. */
function script(lines: readonly Line[]): Script {
  const left = [...lines];
  return ({ text, results }) => {
    const all = [text, ...results.map((result) => result.text)].join("\n");
    const at = left.findIndex(({ on }) => on.test(all));
    const [line] = at < 0 ? [] : left.splice(at, 1);
    const id = /reply with message_id (\S+)/.exec(text)?.[1] ?? "";
    return line?.answer(id) ?? [];
  };
}

export const question =
  "Ask backend which port the token endpoint listens on, then point the smoke test at it.";

export const planner = script([
  {
    on: /^Ask backend which port/m,
    answer: () => [
      { say: "I'll ask backend." },
      {
        call: tool("dm"),
        input: {
          to: "backend",
          content: "Which port does the token endpoint listen on? I want to point the smoke test at it.",
          message_type: "question",
        },
      },
      { say: "Asked. Its answer comes by itself." },
    ],
  },
  {
    on: /8081/,
    answer: () => [
      {
        say: "backend answered: the token endpoint is up on port **8081**. I'll set that in the smoke test.",
      },
    ],
  },
]);

export const backend = script([
  {
    on: /Which port does the token endpoint/,
    answer: (id) => [
      {
        call: tool("reply"),
        input: {
          message_id: id,
          content: "On 8081, since the last commit. /health answers without a token.",
        },
      },
      { say: "Told planner: port 8081." },
    ],
  },
]);
