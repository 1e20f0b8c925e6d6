/** `/imports/{id}/start`, `commit`, `pause` and so on: actions on an import as a whole. Workers do the work. */
import { createRoute, z } from "@hono/zod-openapi";
import { SluiceError, told } from "../../core/errors.ts";
import { type ImportJob, pausedBy, statusWords } from "../../core/import.ts";
import type { Importer } from "../../core/importer.ts";
import type { RecordChanges } from "../../core/store/commits.ts";
import type { Trace } from "../../core/store/idempotency.ts";
import type { User, UserAction } from "../../core/users.ts";
import { doOnce } from "../request/idempotent.ts";
import {
  type HttpContext,
  type HttpParts,
  importerOf,
  importFor,
  languageOf,
  readerOf,
} from "../request/request-context.ts";
import { importPath, json, languageQuery, newRouter, problems, type Router } from "../request/router.ts";
import { countsSchema, importAnswer, presentCounts, presentImport } from "./import-view.ts";
import { issueCountSchema, presentIssueCounts } from "./issue-view.ts";

interface Action {
  name: "commit" | "pause" | "resume" | "reject" | "retry" | "reopen" | "cancel" | "undo";
  summary: string;
  description?: string;
  /** What a user must be allowed to. */
  asks: UserAction;
  /** It then waits for a worker; the number of waiting imports per person is limited. */
  queues?: true;
  /** The event that it leaves, and from which statuses. */
  leaves: Pick<Trace, "event" | "from">;
  /** It takes a confirmation. */
  confirms?: true;
  do(parts: HttpParts, job: ImportJob, user: User, said: Said): Promise<unknown>;
}

type Said = z.infer<typeof confirmation>;
const confirmation = z
  .strictObject({
    confirmRemovals: z
      .number()
      .int()
      .min(0)
      .max(Number.MAX_SAFE_INTEGER)
      .optional()
      .openapi({ description: "How many records a replace or a mirror may remove. Default: as the option says." }),
  })
  .openapi("Confirmation", { example: { confirmRemovals: 120 } });

/** All but `start` and `dry-run`, which have more to say. */
const actions: readonly Action[] = [
  {
    name: "commit",
    summary: "Write the staged rows: ready → queued",
    asks: "commit",
    queues: true,
    confirms: true,
    leaves: { event: "import.queued", from: ["ready"] },
    do: ({ engine }, { id }, user, said) => engine.commit(id, user.id, said),
  },
  {
    name: "pause",
    summary: "Hold it, within a chunk; it goes on from there",
    asks: "edit",
    leaves: { event: "import.paused" },
    do: ({ engine }, { id }, user) => engine.pause(id, pausedBy(user.name), user.id),
  },
  {
    name: "resume",
    summary: "Go on with what is paused or failed",
    asks: "edit",
    queues: true,
    confirms: true,
    leaves: { event: "import.queued", from: ["paused", "failed"] },
    do: ({ engine }, { id }, user, said) => engine.resume(id, user.id, said),
  },
  {
    name: "reject",
    summary: "Go on, and reject the rows that the database refuses",
    description:
      "For an import that is paused because the database refuses more than 100 rows in a row range. From now on it rejects such rows, however many they are; they are in its report.",
    asks: "edit",
    queues: true,
    leaves: { event: "import.queued", from: ["paused", "failed"] },
    do: ({ engine }, { id }, user) => engine.reject(id, user.id),
  },
  {
    name: "retry",
    summary: "Try again what failed, from its checkpoint",
    asks: "edit",
    queues: true,
    leaves: { event: "import.queued", from: ["failed"] },
    do: ({ engine }, { id }, user) => engine.retry(id, user.id),
  },
  {
    name: "reopen",
    summary: "Change its mapping or options after all: ready, paused or failed → pending",
    description:
      "Only while nothing is committed. What was staged, counted and edited goes; the file stays. Start it again afterwards.",
    asks: "edit",
    leaves: { event: "import.pending" },
    do: ({ engine }, { id }, user) => engine.reopen(id, user.id),
  },
  {
    name: "cancel",
    summary: "End it; what is written stays and can be undone",
    asks: "edit",
    leaves: { event: "import.cancelled" },
    do: ({ engine }, { id }, user) => engine.cancel(id, user.id),
  },
  {
    name: "undo",
    summary: "Take back what it has written: completed or cancelled → queued",
    asks: "undo",
    queues: true,
    leaves: { event: "import.queued", from: ["completed", "cancelled"] },
    do: ({ engine }, { id }, user) => engine.undo(id, user.id),
  },
];

const accepted = { ...importAnswer, description: "Accepted. Where the work is not done at once, follow its events." };

const start = createRoute({
  method: "post",
  path: "/imports/{id}/start",
  operationId: "startImport",
  tags: ["Imports"],
  summary: "Read and check the file: pending → queued",
  request: {
    params: importPath,
    body: {
      required: false,
      content: {
        "application/json": {
          schema: z
            .object({
              acceptDoubts: z.boolean().default(false).openapi({ description: "Take doubtful columns as suggested." }),
            })
            .openapi("Start", { example: { acceptDoubts: false } }),
        },
      },
    },
  },
  responses: { 202: accepted, ...problems("not_found", "forbidden", "conflict", "too_many") },
});

const dryRun = createRoute({
  method: "post",
  path: "/imports/{id}/dry-run",
  operationId: "dryRunImport",
  tags: ["Imports"],
  summary: "Exactly what a commit would do; writes nothing",
  request: {
    params: importPath,
    query: z.object({
      changes: z
        .enum(["true", "false"])
        .default("false")
        .openapi({ description: "Also what would be changed of records that are there." }),
      lang: languageQuery,
    }),
  },
  responses: {
    200: json(
      z
        .object({
          counts: countsSchema,
          issues: z.array(issueCountSchema),
          removal: z
            .object({
              records: z.number().int(),
              of: z.number().int(),
              confirm: z.enum(["share", "no_rows", "unknown_rows"]).nullable(),
            })
            .optional()
            .openapi({
              description:
                "Of a replace or a mirror: records that would be gone, of how many in scope, and why somebody has to confirm the number (`confirmRemovals`): too large a share, no row goes in, or invalid rows may name any. Null: nobody has to.",
            }),
          changedFields: z
            .array(z.object({ field: z.string(), rows: z.number().int() }))
            .optional()
            .openapi({
              description:
                "Updating rows by the field that they write. Left out where the importer's own loader decides it.",
            }),
          samples: z
            .array(
              z.object({
                row: z.number().int(),
                recordId: z.string(),
                changes: z.array(
                  z.object({ field: z.string(), from: z.string().nullable(), to: z.string().nullable() }),
                ),
              }),
            )
            .optional()
            .openapi({ description: "The first 20 records, as they are and as they would be." }),
        })
        .openapi("DryRun"),
      "How many rows would end how.",
    ),
    ...problems("not_found", "forbidden", "conflict"),
  },
});

export function importActionRoutes(parts: HttpParts): Router {
  const routes = newRouter();
  const { archive } = parts.engine;

  routes.openapi(start, async (c) => {
    const user = c.get("user");
    const job = await importFor(parts, c, c.req.valid("param").id, "import");
    const trace: Trace = { jobId: job.id, actor: user.id, event: "import.queued", from: ["pending"] };
    await doOnce(c, parts.engine, trace, async () => {
      if (job.status !== "pending") {
        throw new SluiceError(
          "conflict",
          told`Import ${job.id} is ${statusWords[job.status]}; only a pending one can be started.`,
        );
      }
      const importer = await importerOf(parts, c, job, "import");
      parts.preparation.settle(job, importer, c.req.valid("json").acceptDoubts ?? false);
      await parts.engine.start(job.id, user.id);
    });
    return c.json(presentImport(await archive.get(job.id), readerOf(c, parts)), 202);
  });

  routes.openapi(dryRun, async (c) => {
    const job = await importFor(parts, c, c.req.valid("param").id, "view");
    const { counts, issues, changes, removal } = await parts.engine.dryRun(job.id, {
      changes: c.req.valid("query").changes === "true",
      signal: c.req.raw.signal,
    });
    const importer = await importerOf(parts, c, job);
    return c.json(
      {
        counts: presentCounts(counts, importer),
        issues: presentIssueCounts(issues, importer, languageOf(c, parts)),
        ...(removal !== undefined && { removal: { records: removal.records, of: removal.of, confirm: removal.why } }),
        ...(changes !== undefined && changes !== null && (await shownChanges(parts, c, { job, importer, changes }))),
      },
      200,
    );
  });

  for (const action of actions) {
    const route = createRoute({
      method: "post",
      path: `/imports/{id}/${action.name}`,
      operationId: `${action.name}Import`,
      tags: ["Imports"],
      summary: action.summary,
      description: action.description,
      request: {
        params: importPath,
        ...(action.confirms === true && {
          body: { required: false, content: { "application/json": { schema: confirmation } } },
        }),
      },
      responses: {
        202: accepted,
        ...problems("not_found", "forbidden", "conflict", ...(action.queues === true ? (["too_many"] as const) : [])),
      },
    });
    routes.openapi(route, async (c) => {
      const user = c.get("user");
      const job = await importFor(parts, c, c.req.valid("param").id, action.asks);
      const trace: Trace = { jobId: job.id, actor: user.id, ...action.leaves };
      const said = action.confirms === true ? ((c.req.valid as (target: "json") => Said)("json") ?? {}) : {};
      await doOnce(c, parts.engine, trace, () => action.do(parts, job, user, said));
      return c.json(presentImport(await archive.get(job.id), readerOf(c, parts)), 202);
    });
  }
  return routes;
}

/** Records that are not theirs to see are left out, and with them what all of them would get. */
async function shownChanges(
  { engine }: HttpParts,
  c: HttpContext,
  { job, importer, changes }: { job: ImportJob; importer: Importer; changes: RecordChanges },
): Promise<{ changedFields?: RecordChanges["fields"]; samples: RecordChanges["samples"] }> {
  const { fields: changedFields, samples } = changes;
  const revealed = c.get("reach").revealed(importer);
  if (revealed.kind === "all") return { changedFields, samples };
  const ids = samples.map(({ recordId }) => recordId);
  const shown = await engine.archive.revealedOf(job, importer, ids, revealed);
  return { samples: samples.filter(({ recordId }) => shown.has(recordId)) };
}
