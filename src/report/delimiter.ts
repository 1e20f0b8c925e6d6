/** What separates the cells of a file that is written for a person: the delimiter of theirs, else what spreadsheets expect in their language. */
import type { ImportJob } from "../core/import.ts";

export function delimiterOf({ dialect, language }: Pick<ImportJob, "dialect" | "language">): string {
  if (dialect.format === "csv") return dialect.delimiter;
  return language === "en" ? "," : ";";
}
