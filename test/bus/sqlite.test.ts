import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openSqliteBus } from "../../plugin/bus/sqlite/index.ts";
import { scratch } from "../fakes/scratch.ts";
import { contract } from "./contract.ts";

contract("the bus in SQLite", async () => {
  const folder = scratch();
  return {
    connect: (options) => openSqliteBus({ path: join(folder, "bus.db"), ...options }),
    async remove() {
      // The last connection to close takes -wal and -shm along; one left open would leave them.
      const left = readdirSync(folder).filter((file) => file !== "bus.db");
      if (left.length > 0) throw new Error(`a connection was left open: ${left.join(", ")}`);
      rmSync(folder, { recursive: true });
    },
  };
});
