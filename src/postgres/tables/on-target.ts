/**
 * The users' tables: every transaction that reads or writes them begins here, with the settings that the importer's
 * `session` asks for. A statement on them takes a `TargetSession`, which nothing else makes, so that none can forget.
 */
import { SluiceError, told } from "../../core/errors.ts";
import type { ImportJob } from "../../core/import.ts";
import type { Importer, LoadDatabase, SessionSettings } from "../../core/importer.ts";
import type { Run } from "../../core/run.ts";
import type { Database, TransactionOptions } from "../connection/connect.ts";
import { refuseTransactionControl } from "../connection/own-transaction.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { admitToStages } from "../stage/admit.ts";

declare const settingsAreMade: unique symbol;

/**
 * A transaction with the importer's settings. It speaks as Sluice to Sluice's own tables, and through `tables` as the role that the
 * importer's `session` asks for: to the users' tables, this import's stage and the temporary tables handed over (`handOver`), to
 * nothing in schema `sluice`. Without a role both are the same.
 */
export type TargetSession = Session & {
  readonly [settingsAreMade]: true;
  readonly tables: TableSession;
  /** That role; null where it is the connection's own. */
  readonly role: string | null;
};

/** What the users' tables are asked through. */
export type TableSession = Session & { readonly [settingsAreMade]: true };

/** What an importer's own code asks the users' tables through. */
export function loadDatabase({ tables }: TargetSession): LoadDatabase {
  return {
    async query<Row>(text: string, values: readonly unknown[] = []) {
      refuseTransactionControl(text);
      return tables.foreign<Row>(text, values);
    },
  };
}

/** Whose tables they are, and for whom. */
export interface TargetRun {
  importer: Importer;
  jobId: number | null;
  context: Readonly<Record<string, string>>;
  createdBy: string | null;
}

/** An import's own run. */
export function runOf({ job, importer }: { job: ImportJob; importer: Importer }): TargetRun {
  return { importer, jobId: job.id, context: job.context, createdBy: job.createdBy };
}

/** Values of each type of context; other types take text. */
const samples: Readonly<Record<string, readonly [string, string]>> = {
  uuid: ["00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-000000000001"],
  integer: ["0", "1"],
  bigint: ["0", "1"],
  text: ["x", "y"],
};

/**
 * A run that never was, for statements that are planned and not run: to estimate, Postgres asks the policies of a table, which
 * read the settings. Without settings where `session` can do nothing with such values; without a role where that hangs on them.
 */
export function sampleRun(importer: Importer): TargetRun {
  const run = (k: 0 | 1): TargetRun => {
    const context = Object.entries(importer.context ?? {}).map(([name, { type = "text" }]) => [name, samples[type][k]]);
    return { importer, jobId: k, context: Object.fromEntries(context), createdBy: ["sluice check", "somebody"][k] };
  };
  try {
    if (roleOf(run(0)) === roleOf(run(1))) return run(0);
    const session = (of: Run): SessionSettings => {
      const { role: _, ...settings } = importer.session?.(of) ?? {};
      return settings;
    };
    return { ...run(0), importer: { ...importer, session } };
  } catch {
    return { ...run(0), importer: { ...importer, session: undefined } };
  }
}

/**
 * Runs `work` in one transaction on the importer's tables. Settings are made for the transaction alone: safe behind a
 * transaction pooler.
 *
 * @throws SluiceError `invalid` where `session` asks for what cannot be set.
 */
export async function transactionOn<T>(
  database: Database,
  run: TargetRun,
  work: (session: TargetSession) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  const { settings, role } = settingsOf(run);
  if (role !== null) await admitToStages(database, role);
  return database.transaction(async (session) => {
    if (role === null) {
      if (settings.length > 0) await session.query(makeSettings(settings));
      return work(onTables(session, session));
    }
    const [{ first }] = await session.query<{ first: string }>(sql`
      select current_setting('role') as first, (${makeSettings(settings)})`);
    const tables = session.as(role, first);
    // Taken once at the beginning: where it may not be, no row is to blame.
    await tables.query(sql`select`).catch((cause: Error) => {
      throw refusedRole(run.importer, role, cause);
    });
    return work(onTables(session, tables, role));
  }, options);
}

function onTables(session: Session, tables: Session, role: string | null = null): TargetSession {
  return Object.assign(session, { tables: tables as TableSession, role }) as unknown as TargetSession;
}

/** @returns the error as it is where it is not about the role. */
function refusedRole({ name }: Importer, role: string, cause: Error): Error {
  const { code } = cause as { code?: string };
  if (code === "22023")
    return new SluiceError(
      "invalid",
      told`The \`session\` of the importer "${name}" asks for the role "${role}", which the database does not have. Create it, or name another.`,
      { cause },
    );
  if (code === "42501")
    return new SluiceError(
      "forbidden",
      told`The database user may not act as the role "${role}", which the \`session\` of the importer "${name}" asks for. Grant it to that user: grant ${role} to …`,
      { cause },
    );
  return cause;
}

/** One statement, or a few that need no common snapshot: in a transaction only where there are settings to make. */
export async function sessionOn<T>(
  database: Database,
  run: TargetRun,
  work: (session: TargetSession) => Promise<T>,
): Promise<T> {
  if (run.importer.session !== undefined) return transactionOn(database, run, work);
  return database.session((session) => work(onTables(session, session)));
}

function makeSettings(settings: readonly Setting[]): Sql {
  return sql`
    select count(set_config(s.name, s.value, true))
    from unnest(${settings.map(({ name }) => name)}::text[], ${settings.map(({ value }) => value)}::text[]) s (name, value)`;
}

interface Setting {
  name: string;
  value: string;
}

/** What Postgres takes as the name of a setting that no extension has defined. */
const settingName = /^[a-z_][a-z0-9_$]*(?:\.[a-z_][a-z0-9_$]*)+$/i;

/** The role that statements on the users' tables have; null: the connection's own. @throws as `settingsOf`. */
export function roleOf(run: TargetRun): string | null {
  return settingsOf(run).role;
}

/** What the importer's `session` asks for. @throws SluiceError `invalid` for what cannot be set. */
function settingsOf({ importer, jobId, context, createdBy }: TargetRun): { settings: Setting[]; role: string | null } {
  if (importer.session === undefined) return { settings: [], role: null };
  const refuse = (why: ReturnType<typeof told>, cause?: unknown): never => {
    throw new SluiceError("invalid", why, { cause });
  };
  let settings: SessionSettings;
  try {
    settings = importer.session({ importer: importer.name, jobId, context, user: { id: createdBy } });
  } catch (cause) {
    return refuse(told`The \`session\` of the importer "${importer.name}" failed: ${(cause as Error).message}`, cause);
  }
  if (typeof settings !== "object" || settings === null || "then" in settings) {
    return refuse(
      told`The \`session\` of the importer "${importer.name}" must return settings at once, such as { "app.tenant": run.context.tenant_id }.`,
    );
  }
  let role: string | null = null;
  const made: Setting[] = [];
  for (const [name, value] of Object.entries(settings)) {
    if (name === "role") {
      if (typeof value !== "string" || value === "" || value === "none") {
        return refuse(
          told`The \`session\` of the importer "${importer.name}" has no name of a role for "role": return { role: "authenticated" }, or leave it out.`,
        );
      }
      role = value;
      continue;
    }
    if (!settingName.test(name)) {
      return refuse(
        told`The \`session\` of the importer "${importer.name}" sets "${name}". Only "role" and your own settings can be set; their names contain a dot: app.tenant.`,
      );
    }
    if (!["string", "number", "boolean"].includes(typeof value)) {
      return refuse(
        told`The \`session\` of the importer "${importer.name}" has no value for "${name}": it must be text, a number or a boolean.`,
      );
    }
    made.push({ name, value: String(value) });
  }
  return { settings: made, role };
}
