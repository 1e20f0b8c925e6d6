/** `/imports/{id}/repairs`: what could be repaired of an import's rows, before `edits` does it. */
import { createRoute, z } from "@hono/zod-openapi";
import { repairKinds } from "../../core/repairs.ts";
import { type HttpParts, importFor } from "../request/request-context.ts";
import { importPath, json, newRouter, pageOf, problems, type Router } from "../request/router.ts";
import { issueCode } from "./issue-view.ts";

const count = z.number().int();

export const repairKind = z.enum(repairKinds).openapi("RepairKind", {
  description: `\`leading_zeros\`: zeros that a spreadsheet dropped are put back. \`email\`: slips in an address (\`a @ b.fr\`,
\`a@b,com\`). \`closest_choice\`: the one choice that a misspelt word is closest to. \`first_value\`: of several values in a cell
the first, where each is one of the field's. \`row_above\`: the value of the nearest row above
that has one. \`leave_empty\`: the cell is emptied.`,
});

const repairSchema = z
  .object({
    field: z.string(),
    issue: issueCode,
    repair: repairKind,
    rows: count.openapi({ description: "Rows whose cell is right after it; other cells may keep them out." }),
    samples: z
      .array(z.object({ row: count, before: z.string(), after: z.string() }))
      .openapi({ description: "At most five, different cells before equal ones." }),
  })
  .openapi("RepairOffer");

const list = createRoute({
  method: "get",
  path: "/imports/{id}/repairs",
  operationId: "listRepairs",
  tags: ["Review"],
  summary: "Computed repairs of each kind of issue, with the rows they make right",
  description: `While the import is ready. All rows are looked through, in calls of about two seconds: where \`next\` is not null, ask again with
it as \`after\`, and add the counts of equal repairs up. \`POST /imports/{id}/edits\` makes one of them.`,
  request: {
    params: importPath,
    query: z.object({
      after: z.coerce
        .number()
        .int()
        .min(0)
        .max(2_147_483_647)
        .optional()
        .openapi({ description: "`next` of the call before." }),
    }),
  },
  responses: {
    200: json(pageOf(repairSchema).openapi("RepairOfferPage"), "What was found so far."),
    ...problems("not_found", "conflict"),
  },
});

export function importRepairRoutes(parts: HttpParts): Router {
  const routes = newRouter();
  routes.openapi(list, async (c) => {
    const { id } = c.req.valid("param");
    await importFor(parts, c, id, "view");
    const { items, through } = await parts.engine.review.repairs(id, c.req.valid("query"), c.req.raw.signal);
    const shown = items.map(({ field, code, repair, rows, samples }) => ({
      field,
      issue: code,
      repair,
      rows,
      samples: samples.map(({ row, before, after }) => ({ row, before: shortened(before), after: shortened(after) })),
    }));
    return c.json({ items: shown, next: through === null ? null : String(through) }, 200);
  });
  return routes;
}

/** Enough of a text for a list. */
export function shortened(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200).toWellFormed()}…`;
}
