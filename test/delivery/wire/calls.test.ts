import { beforeEach, expect, test } from "bun:test";
import { type CallParams, callsPast } from "../../../plugin/delivery/wire/calls.ts";
import type { Stdio } from "../../../plugin/delivery/wire/stdio.ts";
import { fakeClock } from "../../fakes/clock.ts";

/** A wire, with the SDK behind it. */
let sent: object[] = [];
let toSdk: object[] = [];
let called: CallParams[] = [];
let signals: AbortSignal[] = [];
let dropped: AbortSignal[] = [];
let settle: { resolve(result: Record<string, unknown>): void; reject(error: Error): void }[] = [];
let receive: (message: object) => void;

beforeEach(() => {
  [sent, toSdk, called, signals, dropped, settle] = [[], [], [], [], [], []];
  const transport = {
    onmessage: (message: object) => void toSdk.push(message),
    async send(message: object) {
      sent.push(message);
    },
  } as Stdio<object>;
  callsPast(transport, (params, of) => {
    called.push(params);
    signals.push(of.cancelled);
    dropped.push(of.dropped);
    return new Promise((resolve, reject) => settle.push({ resolve, reject }));
  });
  receive = (message) => transport.onmessage?.(message);
});

const call = (id: unknown, params: unknown = { name: "dm", arguments: { to: "bob" } }) => ({
  ...{ jsonrpc: "2.0", id, method: "tools/call", params },
});
const cancel = (requestId: unknown) => ({
  ...{ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId } },
});

test("calls are answered under their ids, in the order in which they are done", async () => {
  receive(call(0));
  receive(call("one", { name: "who", _meta: { "claudecode/toolUseId": "t" } }));
  expect(called).toEqual([
    { name: "dm", arguments: { to: "bob" } },
    { name: "who", _meta: { "claudecode/toolUseId": "t" } },
  ]);
  settle[1]?.resolve({ content: ["second"] });
  await fakeClock().settle();
  settle[0]?.resolve({ content: ["first"] });
  await fakeClock().settle();
  expect(sent).toEqual([
    { jsonrpc: "2.0", id: "one", result: { content: ["second"] } },
    { jsonrpc: "2.0", id: 0, result: { content: ["first"] } },
  ]);
  expect(toSdk).toEqual([]);
});

test("one that fails is answered with an error", async () => {
  receive(call(7));
  settle[0]?.reject(new Error("no such luck"));
  await fakeClock().settle();
  expect(sent).toEqual([{ jsonrpc: "2.0", id: 7, error: { code: -32603, message: "Error: no such luck" } }]);
});

test("one that is cancelled is told so and not answered; the SDK hears of it too", async () => {
  receive(call(1));
  receive(call(2));
  receive(cancel(1));
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  for (const { resolve } of settle) resolve({});
  await fakeClock().settle();
  expect(sent).toEqual([{ jsonrpc: "2.0", id: 2, result: {} }]);
  expect(dropped.map(({ aborted }) => aborted)).toEqual([true, false]);
  receive(cancel(2)); // too late for the call, not for its answer
  expect(signals[1]?.aborted).toBe(false);
  expect(dropped[1]?.aborted).toBe(true);
  expect(toSdk).toEqual([cancel(1), cancel(2)]);
});

test("of the last 32 that were answered, and of those that are not, it is told that they are cancelled", async () => {
  for (let id = 0; id < 40; id++) receive(call(id));
  for (const { resolve } of settle.slice(1)) resolve({});
  await fakeClock().settle();
  for (let id = 0; id < 40; id++) receive(cancel(id));
  const told = [...dropped.entries()].flatMap(([id, { aborted }]) => (aborted ? [id] : []));
  expect(told).toEqual([0, ...Array.from({ length: 32 }, (_, n) => n + 8)]);
});

test("one that took long counts among the last that were answered, not by when it began", async () => {
  for (let id = 0; id < 40; id++) receive(call(id));
  for (const { resolve } of settle.slice(1)) resolve({});
  await fakeClock().settle();
  settle[0]?.resolve({});
  await fakeClock().settle();
  receive(cancel(0));
  expect(dropped[0]?.aborted).toBe(true);
});

test("whatever is not plainly a call is the SDK's", () => {
  const others: object[] = [
    { jsonrpc: "2.0", id: 1, method: "tools/list" },
    { jsonrpc: "2.0", id: 1, result: {} },
    { jsonrpc: "2.0", method: "tools/call", params: { name: "dm" } },
    { ...call(1), jsonrpc: "1.0" },
    { jsonrpc: "2.0", method: "notifications/cancelled" },
    ...[null, {}, [], true].map((id) => call(id)),
    ...[undefined, null, "dm", {}, { name: 1 }, { name: "dm", arguments: [] }].map((params) => ({
      ...call(1),
      params,
    })),
    call(1, { name: "dm", arguments: null }),
    call(1, { name: "dm", _meta: "x" }),
    call(1, { name: "dm", task: { ttl: 1 } }),
  ];
  for (const message of others) receive(message);
  expect(toSdk).toEqual(others);
  expect(called).toEqual([]);
});
