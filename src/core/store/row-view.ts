/** Which rows of an import somebody looks at, as they say it: by the names of columns. An edit can be kept to them. */
import type { RowFilter } from "./archive.ts";

export interface RowView extends Omit<RowFilter, "where"> {
  /** By columns: in each one of the values; a blank is one too. Of longer ones the first `comparedChars` characters. */
  where?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** What a view may ask for. */
export const mostViewIssues = 50;
export const mostViewColumns = 20;
export const mostViewValues = 200;
