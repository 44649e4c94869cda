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
    if (line === undefined) return [];
    // Several messages may come at once: the id stands above the text.
    const above = text.slice(0, line.on.exec(text)?.index ?? 0);
    const id = [...above.matchAll(/reply with message_id (\S+)/g)].at(-1)?.[1] ?? "";
    return line.answer(id);
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

const task = (to: string, content: string) => ({
  call: tool("dm"),
  input: { to, content, message_type: "task", thread_id: "auth-42", priority: "normal" },
});

/** The same four on the picture of `cc-dm top`. */
export const order = "Get the token endpoint done: backend builds, tests checks.";

export const lead = script([
  {
    on: /^Get the token endpoint done/m,
    answer: () => [
      task("backend", "Build the token endpoint after docs/auth.md. Say when /token answers."),
      task("tests", "Write the auth suite for /token meanwhile; 401 and 429 too."),
      {
        call: tool("broadcast"),
        input: { content: "main is frozen until the token endpoint is in.", priority: "low" },
      },
      { say: "Both have their work." },
    ],
  },
  {
    on: /Which port\?/,
    answer: (id) => [
      { call: tool("reply"), input: { message_id: id, content: "8081. backend has it up." } },
      { say: "tests has the port." },
    ],
  },
]);

export const maker = script([
  {
    on: /Build the token endpoint/,
    answer: (id) => [
      {
        call: tool("reply"),
        input: { message_id: id, content: "/token answers on 8081. Running the migration now." },
      },
      { call: "Bash", input: { command: "tail -f migration.log", description: "Watch the migration" } },
    ],
  },
]);

export const tester = script([
  {
    on: /Write the auth suite/,
    answer: (id) => [
      {
        call: tool("reply"),
        input: { message_id: id, content: "The suite is there: 18 cases, 429 included. Which port?" },
      },
      { say: "Waiting for the port." },
    ],
  },
  {
    on: /8081\. backend has it/,
    answer: () => [
      {
        call: tool("dm"),
        input: { to: "user", content: "The auth suite passes, 18 of 18.", message_type: "status" },
      },
      { say: "Told you: 18 of 18." },
    ],
  },
]);

export const errand = "Try what a release would publish.";

export const builder = script([
  {
    on: /^Try what a release/m,
    answer: () => [
      {
        call: "Bash",
        input: { command: "npm publish --dry-run", description: "List what would be published" },
      },
    ],
  },
]);
