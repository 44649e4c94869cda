/** Prints what a bus holds, for somebody who cannot see its disk. */
import { readRows } from "../../soak/books.ts";

process.stdout.write(JSON.stringify(readRows(process.argv[2] ?? "")));
