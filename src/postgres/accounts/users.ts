/** Postgres as Users: accounts, sessions, tokens and the audit trail put together. */
import type { Users } from "../../core/users.ts";
import type { Database } from "../connection/connect.ts";
import { postgresAccounts } from "./accounts.ts";
import { listAudit } from "./audit.ts";
import { postgresSessions } from "./sessions.ts";
import { noteRefused } from "./sign-in-audit.ts";
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
