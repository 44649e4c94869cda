/** A client with one server, to be killed without a word. Prints the server's pid and goes on. */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const [command = "", ...args] = process.argv.slice(2);
const env = Object.fromEntries(
  Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
);
const transport = new StdioClientTransport({ command, args, env, stderr: "ignore" });
await new Client({ name: "client", version: "1" }).connect(transport);
process.stdout.write(`${transport.pid}\n`);
setInterval(() => {}, 60_000);
