/**
 * Who may do what with the rows of a table that an importer ships, for people who reach it without Sluice: by Supabase's API, as the
 * role `authenticated`. Imports themselves work as the table's owner, and are not bound by it.
 */

/**
 * Whose rows: `admins`, all for them; `signed_in`, all for everybody but anonymous users; by a column that holds a user's id; by a
 * column that names, by its `id`, a row of another table which is theirs.
 */
export type RowsOf =
  | "admins"
  | "signed_in"
  | { readonly user: string }
  | { readonly through: string; readonly table: string };

/** For each verb who may, any of them; nobody where the list is empty. */
export interface TableAccess {
  readonly select: readonly RowsOf[];
  readonly insert: readonly RowsOf[];
  readonly update: readonly RowsOf[];
  readonly delete: readonly RowsOf[];
}

export const accessVerbs = ["select", "insert", "update", "delete"] as const;

/** Of a table whose definition says nothing. */
export const adminsAlone: TableAccess = everything(["admins"]);

/** The same for each verb. */
export function everything(who: readonly RowsOf[]): TableAccess {
  return { select: who, insert: who, update: who, delete: who };
}

/** Read by some, changed by others. */
export function readAndWrite(select: readonly RowsOf[], write: readonly RowsOf[]): TableAccess {
  return { ...everything(write), select };
}
