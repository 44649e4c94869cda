/** docs/protocol.md says what stands in the files; another client may be written after it. */
import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { migrations, needed } from "../../plugin/bus/sqlite/schema.ts";
import { noteSteps } from "../../plugin/bus/sqlite/version.ts";
import { signedText } from "../../plugin/core/keys.ts";
import type { Letter } from "../../plugin/core/model.ts";
import { digest, type PermissionRequest, requestText, verdictText } from "../../plugin/core/permission.ts";
import { blocks, page, quoted, root, rows, section } from "./pages.ts";

const protocol = page("docs/protocol.md");

describe("the tables of docs/protocol.md", () => {
  using db = new Database(":memory:");
  for (const step of migrations) db.run(step);
  noteSteps(db, migrations.length, needed);
  const tables = db
    .query<{ name: string }, []>(
      `select name from sqlite_master where type = 'table' and name not like 'sqlite_%'
         and (name = 'message_text' or name not like 'message_text_%') order by name`,
    )
    .all()
    .map(({ name }) => name);
  const columns = new Map(
    tables.map((table) => [
      table,
      db.query<{ name: string }, [string]>("select name from pragma_table_info(?)").all(table),
    ]),
  );
  const described = [...section(protocol, "## Tables").matchAll(/^### (\S+)$/gm)].map(
    ([, name = ""]) => name,
  );

  test("are all tables of the schema, of the version it names", () => {
    expect([...described].sort()).toEqual(tables);
    expect(Number(/step (\d+) of the schema/.exec(protocol.text)?.[1])).toBe(migrations.length);
    expect(Number(/use the file at all \((\d+) today\)/.exec(protocol.text)?.[1])).toBe(needed);
  });

  test.each(tables)("%s has these columns", (table) => {
    const named = rows(section(protocol, `### ${table}`)).flatMap(([column = ""]) => quoted(column));
    expect([...named].sort()).toEqual((columns.get(table) ?? []).map(({ name }) => name).sort());
  });
});

/** What the sources join to folders that are not `~/.cc-dm`. */
const elsewhere = ["package.json", ".git", "demo.js", ".."];

test("every file below ~/.cc-dm is on docs/protocol.md and docs/privacy.md", () => {
  const sources = [...new Bun.Glob("plugin/**/*.ts").scanSync(root)];
  const found = sources.flatMap((path) =>
    [...readFileSync(join(root, path), "utf8").matchAll(/join\((?:home\.)?folder, "([^"]+)"/g)].map(
      ([, name = ""]) => name,
    ),
  );
  expect(found).toContain("bus.db");
  const privacy = page("docs/privacy.md").text;
  const said = (text: string, name: string) => text.includes(`\`${name}\``) || text.includes(`\`${name}/`);
  const ours = found.filter((name) => !elsewhere.includes(name));
  expect(ours.filter((name) => !said(protocol.text, name) || !said(privacy, name))).toEqual([]);
});

/** An object whose every field holds its own column's name: what is signed then reads as the page says it. */
const named = <T>() =>
  new Proxy({} as object, {
    get: (_, key) => String(key).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  }) as T;

const signed = blocks(protocol)
  .filter(({ language }) => language === "js")
  .map(({ text }) => text.replace(/"[^"]*"/, "kind_of_text").match(/\w+/g) ?? []);

describe("the signed texts of docs/protocol.md", () => {
  const order = (text: string) =>
    (JSON.parse(text) as unknown[]).slice(1).map((part) => (Array.isArray(part) ? "recipients" : part));

  test("of a message", () => {
    const letter = new Proxy(named<Record<string, unknown>>(), {
      get: (target, key) => (key === "recipients" ? [] : target[String(key)]),
    }) as unknown as Letter;
    expect(signed[0]?.slice(1)).toEqual(order(signedText(letter)) as string[]);
    expect(protocol.text.includes('"cc-dm/1 message", id')).toBe(true);
  });

  test("of a permission request", () => {
    expect(signed[1]?.slice(1)).toEqual(order(requestText(named<PermissionRequest>())) as string[]);
    expect(protocol.text.includes('"cc-dm/1 permission request", id')).toBe(true);
  });

  test("of a verdict", () => {
    const request = named<PermissionRequest>();
    const text = verdictText(named<Parameters<typeof verdictText>[0]>(), request);
    const parts = order(text).map((part) => (part === digest(requestText(request)) ? "digest" : part));
    expect(signed[2]?.slice(1)).toEqual(parts as string[]);
    expect(protocol.text.includes('"cc-dm/1 verdict", request')).toBe(true);
  });

  test("and the example is one, to the byte", () => {
    expect(checked("signedText")).toBe(`${signedText(example)}\n`);
  });
});

function checked(name: string): string {
  const [block] = blocks(protocol).filter((one) => one.checked === name);
  return block?.text ?? "";
}

const example: Letter = {
  id: "01M7YA3QJX8GRYJ8F16ZF6NHNJ",
  kind: "dm",
  fromId: "0123456789abcdefghjkmnpqrs",
  fromName: "backend",
  fromRole: "worker",
  fromProject: "shop",
  recipients: [{ mailbox: 2, name: "planner", project: "shop" }],
  body: "The token endpoint is up.",
  priority: "urgent",
  type: "task",
  threadId: null,
  inReplyTo: null,
  hops: 0,
  rule: "same-project",
  sentAt: 1795262580000,
  ttlMs: 86_400_000,
};
