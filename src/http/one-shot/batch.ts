/**
 * The batch routes of importers: rows as JSON, answered as soon as they are safely kept. They are kept as a file, so that the import is
 * read, tried again, downloaded and undone like any other.
 */
import { z } from "@hono/zod-openapi";
import type { BatchRoute } from "../../core/batch-route.ts";
import type { Importer } from "../../core/importer.ts";
import type { ByteStream } from "../intake/body-bytes.ts";
import { bringerOf, type HttpContext, type HttpParts, importerFor } from "../request/request-context.ts";
import { body, json, newRouter, problems, type Router } from "../request/router.ts";
import { batchSchema, readBatch } from "./batch-body.ts";
import { answerRefusals, refusedAnswer } from "./refusal.ts";
import { orDiscard, startImport } from "./start-import.ts";
import { statusLocation, statusUrlOf } from "./status.ts";

/** Bytes of a body: some 100,000 rows. Larger lists are files. */
export const maxBatchBytes: number = 32 * 1024 * 1024;

/** Looking at an importer's tables takes longer than all the rest of the answer. */
const fitWithinMs = 60_000;

const acceptedBatch = z
  .object({ jobId: z.string(), statusUrl: z.string() })
  .openapi("AcceptedBatch", { example: { jobId: "42", statusUrl: "/api/v1/import/status/42" } as never });

/** The importers that have one, by its path. */
export function batchesOf(importers: ReadonlyMap<string, Importer>): Map<string, Importer & { batch: BatchRoute }> {
  const batches = new Map<string, Importer & { batch: BatchRoute }>();
  for (const importer of importers.values())
    if (importer.batch !== undefined) batches.set(importer.batch.path, importer as Importer & { batch: BatchRoute });
  return batches;
}

/** Below `/api/v1`; and beside it, where the document does not tell of them again. */
export function batchRoutes(parts: HttpParts, { isTold = true }: { isTold?: boolean } = {}): Router {
  const routes = newRouter();
  for (const [path, importer] of batchesOf(parts.importers)) {
    routes.post(`/${path}`, async (c) => {
      // As it is now for whoever asks: not there at all for whom it is not offered.
      const offered = await importerFor(parts, c, importer.name, "import");
      return answerRefusals(c, parts, () => importBatch(parts, c, offered, importer.batch));
    });
    if (isTold) document(routes, importer, importer.batch);
  }
  return routes;
}

async function importBatch(parts: HttpParts, c: HttpContext, importer: Importer, batch: BatchRoute): Promise<Response> {
  const { said, fileName, pieces } = readBatch(await c.req.text(), importer, batch);
  const upload = await parts.intake.receive(await bringerOf(c), { fileName }, bytesOf(pieces()));
  const { job } = await orDiscard(parts, upload, () => startImport(parts, c, importer, upload, said, { fitWithinMs }));
  const statusUrl = statusUrlOf(parts, job.id);
  c.header("Location", statusUrl);
  return c.json({ jobId: String(job.id), statusUrl }, 202);
}

function bytesOf(pieces: AsyncGenerator<Uint8Array>): ByteStream {
  return { [Symbol.asyncIterator]: () => pieces, end() {}, fail() {} };
}

function document({ openAPIRegistry }: Router, importer: Importer, batch: BatchRoute): void {
  openAPIRegistry.registerPath({
    method: "post",
    path: `/${batch.path}`,
    operationId: camelCase(batch.path),
    tags: ["Programs"],
    summary: `Import ${batch.rows} sent as JSON, with the importer ${importer.name}`,
    description: "They are kept at once, and read and committed in the background.",
    request: body(batchSchema(importer, batch)),
    responses: {
      202: {
        ...json(acceptedBatch, "It goes on in the background."),
        headers: statusLocation,
      },
      400: refusedAnswer,
      ...problems("not_found", "too_many"),
    },
  });
}

function camelCase(path: string): string {
  return path.replaceAll(/-+(\w?)/g, (_, letter: string) => letter.toUpperCase());
}
