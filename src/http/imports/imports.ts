/** `/imports`: looked up, listed, deleted. */
import { createRoute, z } from "@hono/zod-openapi";
import { SluiceError, told } from "../../core/errors.ts";
import { statuses } from "../../core/import.ts";
import { isStorable } from "../../core/storable.ts";
import { type ImportKey, type ImportSort, importSorts } from "../../core/store/archive.ts";
import { ProblemError } from "../request/problem.ts";
import { childrenOf, type HttpParts, importFor, readerOf } from "../request/request-context.ts";
import {
  idNumber,
  importPath,
  json,
  languageQuery,
  listQuery,
  newRouter,
  pageOf,
  pageOfListed,
  problems,
  type Router,
} from "../request/router.ts";
import { importAnswer, importSchema, presentImport } from "./import-view.ts";

const tags = ["Imports"];

const importPage = pageOf(importSchema)
  .extend({ count: z.number().int().openapi({ description: "How many there are on all pages." }) })
  .openapi("ImportPage");

/** Years that both Postgres and people have. */
const momentQuery = z.coerce.date().min(new Date("0001-01-01T00:00:00Z")).max(new Date("9999-12-31T23:59:59.999Z"));

const list = createRoute({
  method: "get",
  path: "/imports",
  operationId: "listImports",
  tags,
  summary: "Your imports (an admin: all), sorted, the newest first unless you say otherwise",
  request: {
    query: z.object({
      limit: z.coerce.number().int().min(1).max(200).default(50),
      after: z
        .string()
        .regex(/^[\w-]{1,2000}$/, "must be what `next` of the page before says")
        .optional()
        .openapi({ description: "`next` of the page before, which must have been sorted likewise.", example: "41" }),
      sort: z.enum(importSorts).default("createdAt").openapi({
        description: "`status`: in the order of an import's life. What is equal follows the order they were made in.",
      }),
      order: z.enum(["asc", "desc"]).default("desc"),
      status: listQuery(statuses),
      importer: z.string().max(100).optional(),
      user: z.string().max(200).optional().openapi({ description: "Whose; for admins. `me`: your own." }),
      text: z.string().max(200).optional().openapi({ description: "Part of the file's name." }),
      from: momentQuery.optional().openapi({ type: "string", format: "date-time", description: "Made then or later." }),
      to: momentQuery.optional().openapi({ type: "string", format: "date-time", description: "Made before." }),
      parentId: idNumber.optional(),
      lang: languageQuery,
    }),
  },
  responses: { 200: json(importPage, "A page."), ...problems("forbidden") },
});

const get = createRoute({
  method: "get",
  path: "/imports/{id}",
  operationId: "getImport",
  tags,
  summary: "An import: its status, counts and progress",
  request: { params: importPath, query: z.object({ lang: languageQuery }) },
  responses: { 200: importAnswer, ...problems("not_found") },
});

const remove = createRoute({
  method: "delete",
  path: "/imports/{id}",
  operationId: "deleteImport",
  tags,
  summary: "Delete all that is kept of an import at rest",
  description: "Its records stay where they are, and can no longer be undone.",
  request: { params: importPath },
  responses: { 204: { description: "It is gone." }, ...problems("not_found", "forbidden", "conflict") },
});

export function importsRoutes(parts: HttpParts): Router {
  const routes = newRouter();
  const { engine } = parts;
  const { archive } = engine;

  routes.openapi(list, async (c) => {
    const user = c.get("user");
    const { after, limit, sort, order, status, user: whose, lang: _, ...rest } = c.req.valid("query");
    const reach = c.get("reach");
    const asked = whose === "me" ? user.id : whose;
    if (!reach.seesOthers && asked !== undefined && asked !== user.id) {
      throw new SluiceError("forbidden", told`Only an admin can list other people's imports.`);
    }
    const createdBy = reach.seesOthers ? asked : user.id;
    const filter = { ...rest, statuses: status, createdBy, bounds: await reach.bounds() };
    const key = after === undefined ? undefined : readKey(after, sort);
    const [found, count] = await Promise.all([
      archive.list(filter, { sort, order, after: key, limit }),
      archive.count(filter),
    ]);
    const reader = readerOf(c, parts);
    const page = pageOfListed(
      found,
      ({ id, sortValue }) => writeKey({ id, value: sortValue }, sort),
      (job) => presentImport(job, reader),
    );
    return c.json({ ...page, count }, 200);
  });

  routes.openapi(get, async (c) => {
    const job = await importFor(parts, c, c.req.valid("param").id, "view");
    const [counts, issues, children] = await Promise.all([
      engine.imports.counts(job.id),
      engine.imports.issueCounts(job.id),
      childrenOf(parts, c, job.id),
    ]);
    return c.json(presentImport(job, readerOf(c, parts), { counts, issues, children }), 200);
  });

  routes.openapi(remove, async (c) => {
    const user = c.get("user");
    const { id } = c.req.valid("param");
    await importFor(parts, c, id, "delete");
    await engine.delete(id, user.id);
    return c.body(null, 204);
  });
  return routes;
}

/** `next` of a page: the id where that is the order, else what the last one is sorted by together with its id. */
function writeKey({ value, id }: ImportKey, sort: ImportSort): string {
  return sort === "createdAt" ? String(id) : Buffer.from(JSON.stringify([value, id])).toString("base64url");
}

/** @throws SluiceError `invalid` for what no page of this order has ended with. */
function readKey(after: string, sort: ImportSort): ImportKey {
  const isId = (id: unknown): id is number => Number.isSafeInteger(id) && Number(id) > 0;
  if (sort === "createdAt") {
    const id = Number(after);
    if (isId(id)) return { value: id, id };
  } else {
    const [value, id] = listIn(Buffer.from(after, "base64url").toString());
    const isNumber = Number.isSafeInteger(value) && (sort !== "status" || Math.abs(Number(value)) <= statuses.length);
    const isValue = sort === "status" || sort === "totalRows" ? isNumber : isText(value);
    if (isValue && isId(id)) return { value: value as string | number, id };
  }
  const message = `must be what \`next\` of a page sorted by ${sort} says`;
  throw new ProblemError(
    "invalid",
    told`The query of the request does not match the documentation: after: ${message}.`,
    {
      errors: [{ path: "after", message }],
    },
  );
}

function isText(value: unknown): value is string {
  return typeof value === "string" && isStorable(value);
}

function listIn(json: string): unknown[] {
  try {
    const list: unknown = JSON.parse(json);
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}
