/**
 * The users' tables: every transaction that reads or writes them begins here, with the settings that the importer's
 * `session` asks for. A statement on them takes a `TargetSession`, which nothing else makes, so that none can forget.
 */
import { SluiceError, told } from "../../core/errors.ts";
import type { ImportJob } from "../../core/import.ts";
import type { Importer, SessionSettings } from "../../core/importer.ts";
import type { Database, TransactionOptions } from "../connection/connect.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";

declare const settingsAreMade: unique symbol;

/** A session whose transaction has the importer's settings. */
export type TargetSession = Session & { readonly [settingsAreMade]: true };

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

/** One value of each type of context. */
const samples: Readonly<Record<string, string>> = {
  uuid: "00000000-0000-0000-0000-000000000000",
  integer: "0",
  bigint: "0",
};

/**
 * A run that never was, for statements that are planned and not run: to estimate, Postgres asks the policies of a table, which
 * read the settings. Without settings where `session` can do nothing with such values.
 */
export function sampleRun(importer: Importer): TargetRun {
  const context = Object.fromEntries(
    Object.entries(importer.context ?? {}).map(([name, { type = "text" }]) => [name, samples[type] ?? "x"]),
  );
  const run = { importer, jobId: 0, context, createdBy: "sluice check" };
  try {
    settingsOf(run);
    return run;
  } catch {
    return { ...run, importer: { ...importer, session: undefined } };
  }
}

/**
 * Runs `work` in one transaction on the importer's tables. Settings are made for the transaction alone: safe behind a
 * transaction pooler.
 *
 * @throws SluiceError `invalid` where `session` asks for what cannot be set.
 */
export function transactionOn<T>(
  database: Database,
  run: TargetRun,
  work: (session: TargetSession) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  const settings = settingsOf(run);
  return database.transaction(async (session) => {
    if (settings.length > 0) await session.query(makeSettings(settings));
    return work(session as TargetSession);
  }, options);
}

/** One statement, or a few that need no common snapshot: in a transaction only where there are settings to make. */
export async function sessionOn<T>(
  database: Database,
  run: TargetRun,
  work: (session: TargetSession) => Promise<T>,
): Promise<T> {
  if (run.importer.session !== undefined) return transactionOn(database, run, work);
  return database.session((session) => work(session as TargetSession));
}

function makeSettings(settings: readonly Setting[]): Sql {
  return sql`
    select set_config(s.name, s.value, true)
    from unnest(${settings.map(({ name }) => name)}::text[], ${settings.map(({ value }) => value)}::text[]) s (name, value)`;
}

interface Setting {
  name: string;
  value: string;
}

/** What Postgres takes as the name of a setting that no extension has defined. */
const settingName = /^[a-z_][a-z0-9_$]*(?:\.[a-z_][a-z0-9_$]*)+$/i;

/** The settings that the importer's `session` asks for. @throws SluiceError `invalid` for what cannot be set. */
export function settingsOf({ importer, jobId, context, createdBy }: TargetRun): Setting[] {
  if (importer.session === undefined) return [];
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
  return Object.entries(settings).map(([name, value]) => {
    if (name.toLowerCase() === "role") {
      return refuse(
        told`The \`session\` of the importer "${importer.name}" sets "role", which Sluice does not change: its own tables need the role that it has. Connect as that role, or let the policies read a setting of your own, such as app.tenant.`,
      );
    }
    if (!settingName.test(name)) {
      return refuse(
        told`The \`session\` of the importer "${importer.name}" sets "${name}". Only your own settings can be set; their names contain a dot: app.tenant.`,
      );
    }
    if (!["string", "number", "boolean"].includes(typeof value)) {
      return refuse(
        told`The \`session\` of the importer "${importer.name}" has no value for "${name}": it must be text, a number or a boolean.`,
      );
    }
    return { name, value: String(value) };
  });
}
