/** Which rows of an import a request looks at: in the query of a list, or in the body of an edit. */
import { z } from "@hono/zod-openapi";
import type { IssueCode } from "../../core/issue.ts";
import { comparedChars, rowStatuses, type WantedIssue } from "../../core/store/archive.ts";
import { mostViewColumns, mostViewIssues, mostViewValues, type RowView } from "../../core/store/row-view.ts";
import { listQuery } from "../request/router.ts";
import { issueCode } from "./issue-view.ts";

/** A field's name, with the header of a column where several feed it. */
export const columnName = z.string().min(1).max(10_200);
const search = z.string().min(1).max(200).openapi({ description: "A part of any cell, in any case." });
const issueField = z.string().max(60);
const values = z
  .array(z.string().max(2 * comparedChars))
  .max(mostViewValues)
  .openapi({ description: "A blank is one too." });

/** In characters: with all else a request's address stays below what servers and proxies take. */
const mostWhereChars = 8000;

const where = z
  .record(columnName, values)
  .refine((asked) => Object.keys(asked).length <= mostViewColumns, `at most ${mostViewColumns} columns`)
  .openapi({
    description:
      `By columns, of fields with one value: in each one of these values. Values are compared by their first ${comparedChars} characters, ` +
      `and of a rejected row as its cell has them. At most ${mostViewValues} values of ${mostViewColumns} columns.`,
    example: { city: ["Lyon", ""] },
  });

const whereQuery = z
  .string()
  .max(mostWhereChars)
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: "custom", message: "must be JSON" });
      return z.NEVER;
    }
  })
  .pipe(where)
  .optional()
  .openapi({
    type: "string",
    maxLength: mostWhereChars,
    example: '{"city":["Lyon",""]}',
    description:
      `An object in JSON, by columns: in each one of the values of a list; "" is a blank. Of a longer value its first ${comparedChars} characters; ` +
      `at most ${mostViewValues} values of ${mostViewColumns} columns whose fields have one value. Of a rejected row the cell counts as it stands in the file.`,
  });

/** `code:field` */
function wantedIssue(text: string): WantedIssue {
  const [issue, ...field] = text.split(":");
  return { issue: issue as IssueCode, ...(field.length > 0 && { field: field.join(":") }) };
}

const issuesQuery = z
  .preprocess(
    (given) => {
      if (given === undefined) return undefined;
      return [given].flat().flatMap((each) => String(each).split(",").map(wantedIssue));
    },
    z
      .array(z.object({ issue: issueCode, field: issueField.optional() }))
      .max(mostViewIssues)
      .optional(),
  )
  .openapi({
    type: "array",
    items: { type: "string" },
    maxItems: mostViewIssues,
    example: ["email_invalid:email", "required:city"],
    description: "Rows with any of these kinds of issue: each a code, or a code and a field.",
  });

/** In the query of a list. */
export const viewQuery = {
  status: listQuery(rowStatuses),
  issue: issueCode.optional().openapi({
    description:
      "Of a ready import `duplicate_in_file`, `duplicate_in_table`, `key_shared_in_file`, `key_shared_in_table` and `no_match` are the rows that the last dry run found.",
  }),
  field: issueField.optional(),
  issues: issuesQuery,
  search: search.optional(),
  where: whereQuery,
};

export function viewOf(asked: {
  status?: RowView["statuses"];
  issue?: RowView["issue"];
  field?: string | undefined;
  issues?: readonly WantedIssue[] | undefined;
  search?: string | undefined;
  where?: RowView["where"];
}): RowView {
  const { status, ...view } = asked;
  return Object.fromEntries(
    Object.entries({ statuses: status, ...view }).filter(([, value]) => value !== undefined),
  ) as RowView;
}

/** In the body of an edit: the rows that somebody looks at. */
export const viewBody = z
  .strictObject({
    status: z.array(z.enum(rowStatuses)).max(rowStatuses.length).optional(),
    issues: z
      .array(z.strictObject({ issue: issueCode, field: issueField.nullable().optional() }))
      .max(mostViewIssues)
      .optional(),
    search: search.optional(),
    where: where.optional(),
  })
  .openapi("RowView", { description: "Rows of an import: those that meet all that is said." });

export function viewOfBody({ issues, ...view }: z.infer<typeof viewBody>): RowView {
  return viewOf({
    ...view,
    issues: issues?.map(({ issue, field }) => ({ issue, ...(field != null && { field }) })),
  });
}
