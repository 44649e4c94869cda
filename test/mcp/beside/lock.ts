/**
 * Another program that holds the bus: locks it, says so, and lets go after so many milliseconds.
 * Arguments: file, `immediate` or `exclusive`, milliseconds.
 */
import { Database } from "bun:sqlite";

const [file = "", mode = "immediate", ms = "0"] = process.argv.slice(2);
const db = new Database(file);
db.run("pragma busy_timeout = 5000");
db.run(`begin ${mode}`);
process.stdout.write("locked\n");
await Bun.sleep(Number(ms));
db.run("commit");
process.stdout.write("free\n");
