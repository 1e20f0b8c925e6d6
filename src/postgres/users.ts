/** Postgres as Users: accounts, sessions, tokens and the audit trail put together. */
import type { Users } from "../users.ts";
import { postgresAccounts } from "./accounts.ts";
import { listAudit } from "./audit.ts";
import type { Database } from "./connect.ts";
import { noteRefused } from "./refusals.ts";
import { postgresSessions } from "./sessions.ts";
import { postgresTokens } from "./tokens.ts";

export function postgresUsers(database: Database): Users {
  return {
    ...postgresAccounts(database),
    ...postgresSessions(database),
    ...postgresTokens(database),
    noteRefused: (refused) => noteRefused(database, refused),
    audit: (filter, page) => listAudit(database, filter, page),
  };
}
