/** `/imports/{id}/mapping`, `options` and `preview`: how a file is understood, and what a person says about it. */
import { setImmediate } from "node:timers/promises";
import { createRoute, z } from "@hono/zod-openapi";
import { type ContextValues, sameValues } from "../../core/context.ts";
import { SluiceError, told } from "../../core/errors.ts";
import type { Importer } from "../../core/importer.ts";
import type { ArchivedImport } from "../../core/store/archive.ts";
import type { User } from "../../core/users.ts";
import {
  type HttpContext,
  type HttpParts,
  importerOf,
  importFor,
  languageOf,
  refuseUnless,
} from "../request/request-context.ts";
import { body, importPath, json, languageQuery, newRouter, problems, type Router } from "../request/router.ts";
import { issueSchema, presentIssue } from "./issue-view.ts";
import {
  givenFieldIn,
  givenIn,
  mappingInput,
  mappingSchema,
  optionsInput,
  optionsOf,
  optionsSchema,
  presentMapping,
  presentOptions,
} from "./options.ts";

const tags = ["Mapping"];
/** Values that a preview names of each column, and of all together: a file of thousands of columns stays small. */
const mostTop = 200;
const leastTop = 5;
const namedValues = 20_000;

const getMapping = createRoute({
  method: "get",
  path: "/imports/{id}/mapping",
  operationId: "getMapping",
  tags,
  summary: "Which column feeds which field",
  request: { params: importPath },
  responses: { 200: json(mappingSchema, "The mapping."), ...problems("not_found") },
});

const putMapping = createRoute({
  method: "put",
  path: "/imports/{id}/mapping",
  operationId: "replaceMapping",
  tags,
  summary: "Say which column feeds which field; those not named are left out",
  request: { params: importPath, ...body(mappingInput) },
  responses: { 200: json(mappingSchema, "The mapping."), ...problems("not_found", "forbidden", "conflict") },
});

const patchMapping = createRoute({
  method: "patch",
  path: "/imports/{id}/mapping",
  operationId: "changeMapping",
  tags,
  summary: "Say what some columns feed; the others stay as they are",
  description: "To move a field from one column to another, name both: the one with the field, the other with null.",
  request: { params: importPath, ...body(mappingInput) },
  responses: { 200: json(mappingSchema, "The mapping."), ...problems("not_found", "forbidden", "conflict") },
});

const getOptions = createRoute({
  method: "get",
  path: "/imports/{id}/options",
  operationId: "getOptions",
  tags,
  summary: "Dialect, duplicates, owners and the rest",
  request: { params: importPath },
  responses: { 200: json(optionsSchema, "The options."), ...problems("not_found") },
});

const putOptions = createRoute({
  method: "put",
  path: "/imports/{id}/options",
  operationId: "replaceOptions",
  tags,
  summary: "Set the options; another dialect reads the file anew",
  description:
    "What is left out gets its default. Another dialect maps the columns anew; what was said of columns that are still there stays. " +
    "Of a ready import all but the dialect can be set: its rows and edits stay, and the next dry run and the commit follow. Owners in a " +
    "column that was not read yet queue it for a moment.",
  request: { params: importPath, ...body(optionsInput) },
  responses: { 200: json(optionsSchema, "The options."), ...problems("not_found", "forbidden", "conflict") },
});

const previewSchema = z
  .object({
    sampledRows: z.number().int().openapi({ description: "How many rows the columns were judged by." }),
    isWhole: z.boolean().openapi({ description: "Whether these are all rows of the file. False: its first ones." }),
    columns: z.array(
      z.object({
        column: z.string(),
        kind: z.string().openapi({ description: "What the cells look like.", example: "email" }),
        filled: z.number().openapi({ description: "Share of the sample, 0 to 1." }),
        distinct: z.number().int(),
        examples: z.array(z.string()),
        top: z
          .array(
            z.object({
              value: z.string(),
              count: z.number().int(),
              choice: z
                .string()
                .nullable()
                .optional()
                .openapi({ description: "Of a column that feeds a choice: which one the cell means. Null: none." }),
            }),
          )
          .openapi({ description: "The most frequent cells of the sample; of a file of few columns, up to 200." }),
      }),
    ),
    rows: z.array(
      z.object({
        row: z.number().int(),
        cells: z.array(z.string()),
        intact: z.boolean().openapi({ description: "False: it has too few cells, too many, or an open quote." }),
        values: z
          .record(z.string(), z.string().nullable())
          .nullable()
          .openapi({ description: "Field → its value as the database will get it. Null: the row would be rejected." }),
        issues: z.array(issueSchema),
      }),
    ),
    more: z.boolean(),
    findings: z.array(
      z.object({
        code: z.string(),
        count: z.number().int(),
        params: z.record(z.string(), z.union([z.string(), z.number()])),
      }),
    ),
  })
  .openapi("Preview");

const preview = createRoute({
  method: "get",
  path: "/imports/{id}/preview",
  operationId: "previewRows",
  tags,
  summary: "The first rows as they are read, and what the columns look like",
  request: {
    params: importPath,
    query: z.object({
      limit: z.coerce.number().int().min(1).max(100).default(100),
      lang: languageQuery,
      made: z.string().max(20_000).transform(givenFieldIn).optional().openapi({
        description: "A `GivenField` as JSON: the rows as they would be read with it, which is not kept.",
        example: '{"field":"source","source":{"kind":"constant","value":"Salon 2026"}}',
      }),
    }),
  },
  responses: { 200: json(previewSchema, "The head of the file."), ...problems("not_found") },
});

export function importMappingRoutes(parts: HttpParts): Router {
  const routes = newRouter();
  const { preparation } = parts;

  routes.openapi(getMapping, async (c) => {
    const job = await importFor(parts, c, c.req.valid("param").id, "view");
    const importer = await importerOf(parts, c, job);
    return c.json(presentMapping(job, preparation.missing(job, importer)), 200);
  });

  const toEdit = async (
    c: HttpContext,
    id: number,
  ): Promise<{ user: User; job: ArchivedImport; importer: Importer }> => {
    const user = c.get("user");
    const job = await importFor(parts, c, id, "edit");
    return { user, job, importer: await importerOf(parts, c, job, "edit") };
  };

  routes.openapi(putMapping, async (c) => {
    const { user, job, importer } = await toEdit(c, c.req.valid("param").id);
    const given = givenIn(c.req.valid("json"));
    const changed = await preparation.drafts.changeMapping(job, importer, given, user.id, c.req.raw.signal);
    return c.json(presentMapping(changed, preparation.missing(changed, importer)), 200);
  });

  routes.openapi(patchMapping, async (c) => {
    const { user, job, importer } = await toEdit(c, c.req.valid("param").id);
    const given = givenIn(c.req.valid("json"));
    const changed = await preparation.drafts.changeColumns(job, importer, given, user.id, c.req.raw.signal);
    return c.json(presentMapping(changed, preparation.missing(changed, importer)), 200);
  });

  routes.openapi(getOptions, async (c) => {
    const job = await importFor(parts, c, c.req.valid("param").id, "view");
    return c.json(presentOptions(job), 200);
  });

  routes.openapi(putOptions, async (c) => {
    const { user, job, importer } = await toEdit(c, c.req.valid("param").id);
    const input = c.req.valid("json");
    const context = await contextOf(c, job, importer, input.context);
    const options = optionsOf(importer, { ...input, context }, { language: parts.language });
    if (options.autoCommit && !job.autoCommit) await refuseUnless(c, "commit", importer, context);
    const changed = await preparation.drafts.changeOptions(job, importer, options, user.id, c.req.raw.signal);
    return c.json(presentOptions(changed), 200);
  });

  routes.openapi(preview, async (c) => {
    const job = await importFor(parts, c, c.req.valid("param").id, "view");
    const { signal } = c.req.raw;
    const importer = await importerOf(parts, c, job);
    const { limit, made } = c.req.valid("query");
    const { rows, more } = await preparation.preview(job, importer, {
      limit,
      signal,
      made: made === undefined ? [] : [made],
    });
    const profiles = await preparation.profile(job, signal);
    const choices = preparation.choices(job, importer);
    const language = languageOf(c, parts);
    // What was read of 16,384 columns is a turn by itself, and what is told of them another.
    await setImmediate();
    const named = Math.max(leastTop, Math.min(mostTop, Math.floor(namedValues / profiles.length)));
    return c.json(
      {
        sampledRows: profiles[0]?.rows ?? 0,
        isWhole: preparation.isWhole(profiles),
        columns: profiles.map(({ header, kind, rows: seen, filled, distinct, top }, k) => ({
          column: header,
          kind,
          filled: seen === 0 ? 0 : filled / seen,
          distinct,
          examples: top.slice(0, 5).map(({ value }) => value),
          top: top.slice(0, named).map((each) => ({ ...each, choice: choices[k]?.(each.value) })),
        })),
        rows: rows.map(({ row, cells, intact, values, issues }) => ({
          row,
          cells,
          intact,
          values,
          issues: issues.map((issue) => presentIssue(issue, importer, language)),
        })),
        more,
        findings: job.dialect.findings.map(({ code, count, params }) => ({ code, count, params: params ?? {} })),
      },
      200,
    );
  });
  return routes;
}

/**
 * Whose the import is from now on. Where nothing is said it stays whose it is.
 *
 * @throws SluiceError `forbidden` for what is not theirs, `conflict` where its rows belong to those of another import.
 */
async function contextOf(
  c: HttpContext,
  job: ArchivedImport,
  importer: Importer,
  asked: ContextValues | undefined,
): Promise<ContextValues> {
  if (asked === undefined) return job.context;
  const context = await c.get("reach").contextFor(importer, asked);
  if (job.parentId === null || sameValues(context, job.context)) return context;
  throw new SluiceError(
    "conflict",
    told`Import ${job.id} contains corrected rows of import ${job.parentId} and stays in that import's context.`,
    { next: { code: "omit_option", option: "context" } },
  );
}
