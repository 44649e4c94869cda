import { describe, expect, test } from "bun:test";
import { type Keys, makeKeys } from "../../plugin/core/keys.ts";
import {
  type PermissionRequest,
  requestText,
  type Verdict,
  verdictText,
} from "../../plugin/core/permission.ts";
import { disbelief, type Noted } from "../../plugin/policy/verdict.ts";

const [worker, lead, stranger] = [makeKeys(), makeKeys(), makeKeys()];

function ask(more: Partial<PermissionRequest> = {}): PermissionRequest {
  const plain = {
    ...{
      id: "01ARZ3NDEKTSV4RRFFQ69G5FAV",
      letters: "abcde",
      session: worker.id,
      name: "worker",
      role: "worker",
    },
    ...{ project: null, cwd: "/", branch: null, tool: "Bash", description: "", input: "{}", askedAt: 1 },
    ...{ asked: [lead.id] },
    ...more,
  };
  return { ...plain, publicKey: worker.publicKey, signature: worker.sign(requestText(plain)) };
}

function answer(by: Keys, about: PermissionRequest, more: Partial<Verdict> = {}): Verdict {
  const plain = {
    request: about.id,
    decider: by.id,
    behavior: "allow" as const,
    reason: null,
    remember: false,
    at: 2,
  };
  const claim = { ...plain, ...more };
  return { ...claim, publicKey: by.publicKey, signature: by.sign(verdictText(claim, about)) };
}

const noted = (request: PermissionRequest, settled = false): Noted => ({
  request,
  asked: new Set(request.asked),
  settled,
});
const request = ask();

describe("a verdict is believed", () => {
  test("of one who was asked, over this very request", () => {
    expect(disbelief(noted(request), answer(lead, request))).toBeNull();
    expect(disbelief(noted(request), answer(lead, request, { behavior: "deny" }))).toBeNull();
  });

  const table: [string, string, Noted | undefined, Verdict][] = [
    ["on what was not asked", "asked no such question", undefined, answer(lead, request)],
    ["of one who was not asked", "not asked", noted(request), answer(stranger, request)],
    [
      "of the requester",
      "for itself",
      noted(ask({ asked: [worker.id] })),
      answer(worker, ask({ asked: [worker.id] })),
    ],
    [
      "of one who says that it is another",
      "key is not",
      noted(request),
      { ...answer(stranger, request), decider: lead.id },
    ],
    [
      "of one who shows another's key",
      "signature is wrong",
      noted(request),
      { ...answer(stranger, request), decider: lead.id, publicKey: lead.publicKey },
    ],
    ["on another request", "signature is wrong", noted(request), answer(lead, ask({ id: "01B" }))],
    [
      "on another input",
      "signature is wrong",
      noted(request),
      answer(lead, ask({ input: '{"command":"x"}' })),
    ],
    [
      "that was turned around",
      "signature is wrong",
      noted(request),
      { ...answer(lead, request), behavior: "deny" },
    ],
    [
      "made to be remembered",
      "signature is wrong",
      noted(request),
      { ...answer(lead, request), remember: true },
    ],
    ["with another reason", "signature is wrong", noted(request), { ...answer(lead, request), reason: "x" }],
    ["at another time", "signature is wrong", noted(request), { ...answer(lead, request), at: 3 }],
    [
      "without a signature",
      "signature is wrong",
      noted(request),
      { ...answer(lead, request), signature: "" },
    ],
    [
      "that says something else",
      "neither allow nor deny",
      noted(request),
      answer(lead, request, { behavior: "always" as "allow" }),
    ],
    ["a second time, or late", "settled before", noted(request, true), answer(lead, request)],
  ];
  for (const [what, why, of, verdict] of table)
    test(`not ${what}: ${why}`, () => expect(disbelief(of, verdict)).toContain(why));

  test("by whom the requester noted, not by whom the request's row names", () => {
    const widened = ask({ asked: [lead.id, stranger.id] });
    expect(disbelief(noted(request), answer(stranger, widened))).toContain("not asked");
    expect(disbelief(noted(request), answer(lead, widened))).toContain("signature is wrong");
  });
});
