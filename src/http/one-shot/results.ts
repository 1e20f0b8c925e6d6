/** What came of an import, as a program reads it: how many rows are in the tables as the file says, and what is wrong with the others. */
import { z } from "@hono/zod-openapi";
import type { Language } from "../../core/fields/language.ts";
import type { Counts, ImportJob } from "../../core/import.ts";
import type { Importer } from "../../core/importer.ts";
import { issueSeverity } from "../../core/issue.ts";
import type { Engine } from "../../engine/engine.ts";
import { fieldLabel, issueText } from "../../locale/locale.ts";
import { issueCode } from "../imports/issue-view.ts";

const count = z.number().int();

export const resultsSchema = z
  .object({
    totalRows: count,
    successCount: count.openapi({
      description: "Rows that are in the tables as the file says: created, updated, or there already.",
    }),
    errorCount: count.openapi({ description: "The others: invalid, failed or skipped." }),
  })
  .openapi("ImportResults");
export type Results = z.infer<typeof resultsSchema>;

export const rowErrorSchema = z
  .object({
    row: count.openapi({ description: "Its number in the file; the header is row 1." }),
    field: z.string().nullable().openapi({ description: "Null: the row as a whole is meant." }),
    code: issueCode,
    message: z.string().openapi({ description: "In the reader's language." }),
  })
  .openapi("RowError");
export type RowError = z.infer<typeof rowErrorSchema>;

/** Errors that an answer lists; the report has them all. */
export const maxListed = 1000;

export function resultsOf({ totalRows }: Pick<ImportJob, "totalRows">, counts: Counts): Results {
  const successCount = counts.created + counts.updated + counts.unchanged;
  return { totalRows, successCount, errorCount: totalRows - successCount };
}

/** Why rows did not go in, by row. */
export async function rowErrors(
  { outcomes }: Pick<Engine, "outcomes">,
  job: ImportJob,
  importer: Importer | undefined,
  language: Language,
): Promise<RowError[]> {
  const label = fieldLabel(importer, language);
  const found: RowError[] = [];
  for await (const { row, outcome, issues } of outcomes.rows(job.id, ["invalid", "failed", "skipped"])) {
    // What merely warns of a row did not keep it out.
    const reasons = issues.filter(({ c }) => issueSeverity[c] === (outcome === "skipped" ? "info" : "error"));
    for (const issue of reasons.length > 0 ? reasons : issues) {
      if (found.length === maxListed) return found;
      found.push({ row, field: issue.f ?? null, code: issue.c, message: issueText(language, issue, label) });
    }
  }
  return found;
}
