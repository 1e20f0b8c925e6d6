/** `/imports/{id}/values` and `edits`: what keeps rows out, corrected for many rows at once, and undone. */

import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { createRoute, z } from "@hono/zod-openapi";
import { told } from "../../core/errors.ts";
import { type RepairKind, repairKinds } from "../../core/repairs.ts";
import { isStorable } from "../../core/storable.ts";
import type { Trace } from "../../core/store/idempotency.ts";
import { type BadValue, type Edit, type RowsOf, rowDecisions } from "../../core/store/review.ts";
import { mostEditedCells, mostEditedRows } from "../../engine/review-session.ts";
import { doOnce } from "../request/idempotent.ts";
import { ProblemError } from "../request/problem.ts";
import { type HttpContext, type HttpParts, importFor } from "../request/request-context.ts";
import {
  body,
  importPath,
  json,
  newRouter,
  pageOf,
  pageQuery,
  problems,
  type Router,
  toPage,
} from "../request/router.ts";
import { issueCode } from "./issue-view.ts";
import { repairKind, shortened } from "./repairs.ts";
import { columnName, viewBody, viewOfBody } from "./row-view.ts";

const tags = ["Review"];
const count = z.number().int();
const cellText = z.string().max(32_767);

const valueSchema = z
  .object({ value: z.string(), rows: count.openapi({ description: "Rows that it keeps out." }) })
  .openapi("BadValue");

const values = createRoute({
  method: "get",
  path: "/imports/{id}/values",
  operationId: "listValues",
  tags,
  summary: "The different cells of a field that keep rows out, the most frequent first",
  request: {
    params: importPath,
    query: z.object({
      field: columnName.openapi({ example: "status" }),
      issue: issueCode.optional(),
      after: z.string().max(60_000).optional().openapi({ description: "`next` of the page before." }),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
  },
  responses: {
    200: json(pageOf(valueSchema).openapi("BadValuePage"), "A page."),
    ...problems("not_found", "conflict"),
  },
});

const countsShape = { changed: count, leftOut: count, nowValid: count, nowInvalid: count, stillInvalid: count };
const editCounts = z
  .object(countsShape)
  .openapi("EditCounts", { description: "Rows that were changed, and what became of them." });

const editSchema = z
  .object({
    id: count,
    kind: z.enum([
      "cell",
      "cells",
      "replace",
      "find",
      "revalidate",
      "take_in",
      "repair",
      "leave_out",
      "put_back",
      "decide",
    ]),
    status: z.enum(["under_way", "done", "undoing", "undone"]),
    at: z.iso.datetime(),
    actor: z.string().nullable(),
    row: count.nullable(),
    field: z.string().nullable(),
    from: z.string().nullable().openapi({ description: "What was looked for; long texts with their beginning alone." }),
    to: z.string().nullable().openapi({ description: "What was put in its place." }),
    repair: z.enum(repairKinds).nullable(),
    ...countsShape,
  })
  .openapi("Edit");

const rowNumber = z
  .number()
  .int()
  .min(1)
  .max(2 ** 31 - 1);
/** Of all that is said the rows that meet it. */
const whichRows = {
  rows: z.array(rowNumber).min(1).max(mostEditedRows).optional().openapi({ description: "Numbers of rows." }),
  from: rowNumber.optional().openapi({ description: "The first row's number." }),
  to: rowNumber.optional().openapi({ description: "The last row's number." }),
  within: viewBody.optional(),
};

const newEdit = z
  .discriminatedUnion("kind", [
    z
      .strictObject({
        kind: z.literal("cells"),
        fields: z.array(columnName).min(1).max(mostEditedCells),
        rows: z
          .array(z.strictObject({ row: z.number().int().min(1), values: z.array(cellText.nullable()) }))
          .min(1)
          .max(mostEditedRows),
      })
      .openapi({
        description: `Cells of up to ${mostEditedRows.toLocaleString("en")} rows, ${mostEditedCells.toLocaleString("en")} in all: of each row a value for each of the \`fields\`, null for a cell that stays as it is.`,
      }),
    z
      .strictObject({ kind: z.literal("replace"), field: columnName, from: cellText, to: cellText })
      .openapi({ description: "One value of a field, in every invalid row whose cell is exactly that." }),
    z
      .strictObject({
        kind: z.literal("find"),
        field: columnName.optional(),
        find: cellText,
        replace: cellText,
        wholeCell: z.boolean().optional(),
        caseSensitive: z.boolean().optional(),
        within: viewBody.optional(),
      })
      .openapi({ description: "A text within cells, of valid rows too; `within`: in these rows alone." }),
    z
      .strictObject({ kind: z.literal("revalidate") })
      .openapi({ description: "Every invalid row anew, after the importer has changed." }),
    z
      .strictObject({ kind: z.literal("take_in") })
      .openapi({ description: "The rows that were left out because they sum up others, as records like any." }),
    z
      .strictObject({ kind: z.literal("repair"), field: columnName, issue: issueCode, repair: repairKind })
      .openapi({ description: "A computed repair of one kind of issue, wherever the field then takes the cell." }),
    z.strictObject({ kind: z.literal("leave_out"), ...whichRows }).openapi({
      description:
        "Rows that are not imported, valid or not: they are skipped. Those with the numbers in `rows`, from `from` to `to`, or of the view `within` (`{}` is all of them).",
    }),
    z.strictObject({ kind: z.literal("put_back"), ...whichRows }).openapi({
      description: "Rows that were left out, as they were; those that sum up others as records like any.",
    }),
    z.strictObject({ kind: z.literal("decide"), decision: z.enum(rowDecisions), ...whichRows }).openapi({
      description:
        "What becomes of valid rows that are duplicates, where the import skips these: `update`: they update what they repeat. `rule`: what holds for all holds for them again.",
    }),
  ])
  .openapi("NewEdit", { example: { kind: "replace", field: "status", from: "Nvx", to: "new" } });

const edit = createRoute({
  method: "post",
  path: "/imports/{id}/edits",
  operationId: "editRows",
  tags,
  summary: "Edit many rows at once, while the import is ready",
  request: { params: importPath, ...body(newEdit) },
  responses: { 200: json(editCounts, "Done."), ...problems("not_found", "forbidden", "conflict") },
});

const list = createRoute({
  method: "get",
  path: "/imports/{id}/edits",
  operationId: "listEdits",
  tags,
  summary: "The edits there were, the newest first",
  request: { params: importPath, query: z.object(pageQuery(50, 200)) },
  responses: { 200: json(pageOf(editSchema).openapi("EditPage"), "A page."), ...problems("not_found") },
});

const takeBack = createRoute({
  method: "post",
  path: "/imports/{id}/edits/undo",
  operationId: "undoEdit",
  tags,
  summary: "Take the newest edit back",
  request: { params: importPath },
  responses: { 200: json(editSchema, "The edit, undone."), ...problems("not_found", "forbidden", "conflict") },
});

export function importReviewRoutes(parts: HttpParts): Router {
  const routes = newRouter();
  const { review } = parts.engine;

  routes.openapi(values, async (c) => {
    const { id } = c.req.valid("param");
    await importFor(parts, c, id, "view");
    const { field, issue, after, limit } = c.req.valid("query");
    const page = { code: issue, after: after === undefined ? undefined : valueOf(after), limit: limit + 1 };
    const found = await review.distinctBadValues(id, field, page);
    const items = found.slice(0, limit);
    return c.json({ items, next: found.length > limit ? cursorOf(items[items.length - 1]) : null }, 200);
  });

  routes.openapi(edit, async (c) => {
    const user = c.get("user");
    const { id } = c.req.valid("param");
    await importFor(parts, c, id, "edit");
    const wanted = c.req.valid("json");
    const before = await editBefore(c, parts, id, wanted);
    if (before !== null) return c.json(before, 200);
    // Without the request's signal: what was begun is finished, whether the client waits for it or not.
    if (wanted.kind === "cells")
      return c.json(await review.editCells(id, { ...wanted, digest: digestOf(wanted) }, user.id), 200);
    if (wanted.kind === "replace") return c.json(await review.replaceValue(id, wanted, user.id), 200);
    if (wanted.kind === "find") {
      const { within, ...options } = wanted;
      const view = within === undefined ? undefined : viewOfBody(within);
      return c.json(await review.findAndReplace(id, { ...options, within: view }, user.id), 200);
    }
    if (wanted.kind === "leave_out" || wanted.kind === "put_back" || wanted.kind === "decide") {
      const which = { ...rowsOf(wanted), digest: digestOf(wanted) };
      if (wanted.kind === "leave_out") return c.json(await review.leaveOut(id, which, user.id), 200);
      if (wanted.kind === "put_back") return c.json(await review.putBack(id, which, user.id), 200);
      return c.json(await review.decide(id, { ...which, decision: wanted.decision }, user.id), 200);
    }
    if (wanted.kind === "repair") return c.json(await review.repair(id, wanted, user.id), 200);
    if (wanted.kind === "take_in") return c.json(await review.takeIn(id, user.id), 200);
    return c.json(await review.revalidate(id, user.id), 200);
  });

  routes.openapi(list, async (c) => {
    const { id } = c.req.valid("param");
    await importFor(parts, c, id, "view");
    const { after, limit } = c.req.valid("query");
    const found = await review.edits(id, { after: after === undefined ? undefined : Number(after), limit: limit + 1 });
    return c.json(
      toPage(found, limit, (each) => each.id, presentEdit),
      200,
    );
  });

  routes.openapi(takeBack, async (c) => {
    const user = c.get("user");
    const { id } = c.req.valid("param");
    await importFor(parts, c, id, "edit");
    let undone: Edit | undefined;
    const trace: Trace = { jobId: id, actor: user.id, event: "import.edit_undone" };
    const before = await doOnce(c, parts.engine, trace, async () => {
      undone = await review.undoEdit(id, user.id);
    });
    if (before !== null) [undone] = await review.edits(id, { after: Number(before.edit) + 1, limit: 1 });
    return c.json(presentEdit(undone as Edit), 200);
  });
  return routes;
}

/** What came of the edit that an earlier try of the same request has made, whose process died before it could answer. */
async function editBefore(
  c: HttpContext,
  { engine: { review } }: HttpParts,
  jobId: number,
  wanted: z.infer<typeof newEdit>,
): Promise<z.infer<typeof editCounts> | null> {
  const since = c.get("keyed")?.since ?? null;
  if (since === null) return null;
  await review.finishEdit(jobId);
  const digest = isHashed(wanted) ? digestOf(wanted) : null;
  const { kind, ...said } =
    wanted.kind === "find" && wanted.within !== undefined
      ? { ...wanted, kind: "find_within" as const, within: viewOfBody(wanted.within) }
      : wanted;
  const { field = null, ...params }: { field?: string | null } & Record<string, unknown> = said;
  const actor = c.get("user").id;
  const found = (await review.edits(jobId, { limit: 50 })).find(
    (edit) =>
      edit.status === "done" &&
      edit.actor === actor &&
      edit.at >= since &&
      edit.kind === kind &&
      (digest !== null
        ? edit.params.digest === digest
        : edit.field === field &&
          // What was not said has its default there.
          Object.entries(edit.params).every(([name, value]) => isDeepStrictEqual(params[name] ?? false, value))),
  );
  if (found === undefined) return null;
  const { changed, leftOut, nowValid, nowInvalid, stillInvalid } = found;
  return { changed, leftOut, nowValid, nowInvalid, stillInvalid };
}

/** Edits that name rows one by one, which are forgotten once they are done. */
type Hashed = Extract<z.infer<typeof newEdit>, { kind: "cells" | "leave_out" | "put_back" | "decide" }>;

function isHashed(edit: z.infer<typeof newEdit>): edit is Hashed {
  return ["cells", "leave_out", "put_back", "decide"].includes(edit.kind);
}

function digestOf(edit: Hashed): string {
  const said =
    edit.kind === "cells"
      ? [edit.fields, edit.rows.map(({ row, values }) => [row, values])]
      : [edit.rows, edit.from, edit.to, edit.within, ...(edit.kind === "decide" ? [edit.decision] : [])];
  return createHash("sha256").update(JSON.stringify(said)).digest("base64url");
}

function rowsOf({ rows, from, to, within }: Exclude<Hashed, { kind: "cells" }>): RowsOf {
  return {
    ...(rows !== undefined && { rows }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(within !== undefined && { within: viewOfBody(within) }),
  };
}

function presentEdit({ id, kind, status, at, actor, row, field, ...rest }: Edit): z.infer<typeof editSchema> {
  const { changed, leftOut, nowValid, nowInvalid, stillInvalid, params } = rest;
  const what = {
    from: beginning(params.from ?? params.find),
    to: beginning(params.to ?? params.replace ?? params.value),
    repair: kind === "repair" ? (params.repair as RepairKind) : null,
  };
  const counts = { changed, leftOut, nowValid, nowInvalid, stillInvalid };
  return {
    id,
    kind: kind === "find_within" ? "find" : kind,
    status,
    at: at.toISOString(),
    actor,
    row,
    field,
    ...what,
    ...counts,
  };
}

/** Enough of a text for a list. */
function beginning(text: unknown): string | null {
  return typeof text === "string" ? shortened(text) : null;
}

function cursorOf({ rows, value }: BadValue): string {
  return Buffer.from(JSON.stringify([rows, value])).toString("base64url");
}

function valueOf(cursor: string): BadValue {
  try {
    const [rows, value] = JSON.parse(Buffer.from(cursor, "base64url").toString()) as unknown[];
    if (Number.isSafeInteger(rows) && typeof value === "string" && isStorable(value))
      return { rows: rows as number, value };
  } catch {
    // Told below.
  }
  const errors = [{ path: "after", message: "must be what `next` of the page before says" }];
  throw new ProblemError("invalid", told`The query of the request does not match the documentation: after.`, {
    errors,
  });
}
