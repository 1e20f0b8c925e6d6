/** What imports leave behind in the database: swept when it died halfway, expired when it is older than it is to be kept. */
import type { Leftovers } from "../../core/store/leftovers.ts";
import type { Database } from "../connection/connect.ts";
import { expire } from "./expire.ts";
import { neededFiles, sweep } from "./sweep.ts";

export function postgresLeftovers(database: Database): Leftovers {
  return {
    sweep: () => sweep(database),
    expire: (retention) => expire(database, retention),
    neededFiles: () => neededFiles(database),
  };
}
