/** Whose import it is: what the functions of a definition are told that answer for a whole import, such as `session`. */
export interface Run {
  /** The importer's name. */
  readonly importer: string;
  /** Null before there is an import: when owners are looked up for one. */
  readonly jobId: number | null;
  readonly context: Readonly<Record<string, string>>;
  /** Who made the import. */
  readonly user: { readonly id: string | null };
}
