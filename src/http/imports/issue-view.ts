/** Issues as the API returns them: the code for programs, a sentence in the reader's language for people. */
import { z } from "@hono/zod-openapi";
import type { Language } from "../../core/fields/language.ts";
import type { Importer } from "../../core/importer.ts";
import { type IssueCode, type IssueCount, issueNext, issueSeverity, type StoredIssue } from "../../core/issue.ts";
import { fieldLabel, issueText, textsOf } from "../../locale/locale.ts";
import { nextSchema, presentNext } from "../request/next-hint.ts";

const codes = Object.keys(issueSeverity) as [IssueCode, ...IssueCode[]];
export const issueCode = z.enum(codes).openapi("IssueCode", { description: "See docs/issues.md." });
const severity = z.enum(["error", "warning", "info"]);

export const issueCountSchema = z
  .object({
    field: z.string().nullable().openapi({ description: "Null where the row, or the file, as a whole is meant." }),
    label: z.string().nullable().openapi({ description: "What the field is called in the reader's language." }),
    code: issueCode,
    severity,
    title: z.string(),
    count: z.number().int(),
    next: nextSchema.nullable().openapi({ description: "What can be done about it." }),
  })
  .openapi("IssueCount");

export const issueSchema = z
  .object({
    code: issueCode,
    field: z.string().nullable(),
    severity,
    message: z.string(),
    params: z.record(z.string(), z.union([z.string(), z.number()])),
  })
  .openapi("Issue");

export function presentIssueCounts(
  counts: readonly IssueCount[],
  importer: Importer | undefined,
  language: Language,
): z.infer<typeof issueCountSchema>[] {
  const { titles } = textsOf(language);
  const labelOf = fieldLabel(importer, language);
  return counts.map(({ field, code, count }) => ({
    field: field === "" ? null : field,
    label: field === null || field === "" ? null : labelOf(field),
    code,
    severity: issueSeverity[code],
    title: titles[code],
    count,
    next: presentNext(issueNext[code]),
  }));
}

export function presentIssue(
  issue: StoredIssue,
  importer: Importer | undefined,
  language: Language,
): z.infer<typeof issueSchema> {
  return {
    code: issue.c,
    field: issue.f ?? null,
    severity: issueSeverity[issue.c],
    message: issueText(language, issue, fieldLabel(importer, language)),
    params: issue.p ?? {},
  };
}
