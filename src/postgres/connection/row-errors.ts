/**
 * Which of the database's refusals one row can cause, by SQLSTATE. A statement that fails with one of these is halved until
 * the rows that cause it are alone.
 */

/** An error as Postgres reports it. */
export interface DataError extends Error {
  code: string;
  severity: string;
  constraint?: string;
  column?: string;
  schema?: string;
  table?: string;
  detail?: string;
  /** The function of the server that raised it. */
  routine?: string;
  /** The functions it came through: a trigger's. */
  where?: string;
}

/**
 * What no row causes: connections (08), transactions and their states (25, 3B, 40, 55), authorisation of the session (0L, 0P, 28),
 * resources (53), operators who intervene (57), the system (58, F0), corruption (XX001, XX002), statements of Sluice's own (03, 26).
 * Every other class can come from a row: its values, a constraint, an index that cannot hold it (54), a policy (42501), a trigger.
 */
const neverARows = /^(?:0[38BFLPZ]|25|26|28|3[BD]|40|53|55|57|58|72|F0|XX00[12]|HV00N)/;

/** Whether it may be a row that is refused. */
export function isDataError(error: unknown): error is DataError {
  if (!isFromPostgres(error)) return false;
  if (neverARows.test(error.code) && !isOfAFunction(error)) return false;
  // A stage that another worker has dropped.
  if (error.code === "42P01" && /sluice_stage\./.test(error.message)) return false;
  return !lacksRight(error);
}

/**
 * Whether a function raised it for the row that it was called with: by `raise`, which takes any class, or because something it uses is not
 * ready (55000), such as `currval` of a sequence that this session has not drawn from. Not a timeout or a lost server within a function,
 * and nothing that says of the machine that it is full or broken (53, 58).
 */
function isOfAFunction({ code, routine, where }: DataError): boolean {
  return (routine === "exec_stmt_raise" && !/^5[38]/.test(code)) || (code === "55000" && where !== undefined);
}

function isFromPostgres(error: unknown): error is DataError {
  const { code, severity } = error as { code?: unknown; severity?: unknown };
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) && typeof severity === "string";
}

/**
 * Whether the user lacks a right that every row needs. A policy refuses with the same SQLSTATE, but a row; and what a trigger
 * may not do concerns the rows for which it does it.
 */
export function lacksRight(error: unknown): error is DataError {
  if (!isFromPostgres(error)) return false;
  return error.code === "42501" && /^aclcheck_error/.test(error.routine ?? "") && error.where === undefined;
}

/** What is probably wrong with the table rather than with rows, where no row goes in: something is missing, or not supported. */
export function isTables(error: DataError): boolean {
  return /^(?:42|3F|0A)/.test(error.code) && !(error.code === "42501" && error.routine === "ExecWithCheckOptions");
}

/** Rows that a table took without an error and left out, in a range where it does not tell which: halved until they are alone. */
export class RowsLeftOut extends Error {}
