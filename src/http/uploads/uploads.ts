/** `/uploads`: files on their way in, resumable by tus or in one request, until an import is made of them. */
import { createRoute, z } from "@hono/zod-openapi";
import { statuses } from "../../core/import.ts";
import type { SameFile, Upload } from "../../core/store/uploads.ts";
import { bringerOf, type HttpContext, type HttpParts } from "../request/request-context.ts";
import { json, newRouter, problems, type Router } from "../request/router.ts";
import { receiveFile } from "./form.ts";
import { tusHandler } from "./tus.ts";

const tags = ["Uploads"];
const moment = z.iso.datetime();

const uploadSchema = z
  .object({
    id: z.string().openapi({ example: "6f1c4c0e9b1d4c57a4a4a6a2f5f2b8d1" }),
    fileName: z.string().openapi({ example: "people.csv" }),
    status: z.enum(["open", "complete", "taken"]).openapi({
      description: "open: bytes are missing. complete: an import can be made of it. taken: one was.",
    }),
    sizeBytes: z.number().int().nullable().openapi({ description: "Null: not known before the last byte." }),
    receivedBytes: z.number().int(),
    hash: z.string().nullable().openapi({ description: "SHA-256 in hex, once it is complete." }),
    importId: z.number().int().nullable().openapi({ description: "The import that has the file now." }),
    createdAt: moment,
    expiresAt: moment.openapi({ description: "When it is forgotten, if no byte comes and no import is made of it." }),
    sameAs: z
      .object({
        importId: z.number().int(),
        importer: z.string(),
        status: z.enum(statuses),
        createdAt: moment,
        completedAt: moment.nullable(),
      })
      .nullable()
      .openapi({ description: "The import of yours that began with the same bytes." }),
  })
  .openapi("Upload");

const path = z.object({
  id: z.string().openapi({ param: { name: "id", in: "path" }, description: "The upload." }),
});
const importerQuery = z
  .string()
  .optional()
  .openapi({ description: "Look for the same bytes among the imports of this importer only." });

const list = createRoute({
  method: "get",
  path: "/uploads",
  operationId: "listUploads",
  tags,
  summary: "Your uploads that are on their way or wait for an import",
  responses: { 200: json(z.object({ items: z.array(uploadSchema) }), "All of them, the newest first."), ...problems() },
});

const one = createRoute({
  method: "get",
  path: "/uploads/{id}",
  operationId: "getUpload",
  tags,
  summary: "An upload",
  request: { params: path, query: z.object({ importer: importerQuery }) },
  responses: { 200: json(uploadSchema, "The upload."), ...problems("not_found") },
});

const remove = createRoute({
  method: "delete",
  path: "/uploads/{id}",
  operationId: "deleteUpload",
  tags,
  summary: "Take an upload and its file away",
  request: { params: path },
  responses: { 204: { description: "It is gone." }, ...problems("not_found", "conflict") },
});

const partsSchema = z
  .object({
    sizeBytes: z.number().int(),
    storedBytes: z.number().int().openapi({ description: "Of the parts that have come, in whatever order." }),
    expiresInSeconds: z.number().int().openapi({ description: "How long the addresses hold." }),
    parts: z
      .array(
        z.object({
          fromBytes: z.number().int(),
          sizeBytes: z.number().int(),
          url: z
            .string()
            .openapi({ description: "PUT exactly these bytes of the file there, without a token of yours." }),
        }),
      )
      .openapi({ description: "The first of those that are missing." }),
    resumable: z
      .object({
        url: z.string(),
        headers: z.record(z.string(), z.string()).openapi({ description: "With each request, beside those of tus." }),
        pieceBytes: z.number().int().openapi({ description: "Of each request but the last, exactly." }),
      })
      .nullable()
      .openapi({
        description:
          "Instead of parts: PATCH the file there by tus 1.0 from `storedBytes` on, in order. Null, and no parts: all of it has come, complete the upload.",
      }),
  })
  .openapi("UploadParts");

const missing = createRoute({
  method: "post",
  path: "/uploads/{id}/parts",
  operationId: "signUploadParts",
  tags,
  summary: "Where to send the parts of an upload that are missing",
  description:
    "Of an upload that was begun by tus, where the answer says `Upload-Direct: ?1`: its parts go to the object storage itself, several at a time and in any order, or one after another where `resumable` says so. It may be asked again at any moment, after a reload too.",
  request: { params: path },
  responses: { 200: json(partsSchema, "Up to 16 addresses."), ...problems("not_found", "conflict") },
});

const complete = createRoute({
  method: "post",
  path: "/uploads/{id}/complete",
  operationId: "completeUpload",
  tags,
  summary: "Complete an upload whose parts are all in the object storage",
  description: "The server looks at the file and hashes it, which takes seconds for a large one. It may be repeated.",
  request: { params: path },
  responses: { 200: json(uploadSchema, "The upload."), ...problems("not_found", "conflict") },
});

const file = z.string().openapi({ format: "binary" });

/** The path of tus below the API's root. */
export const tusPath = "/uploads/tus";

/** Signed addresses hold for minutes and belong in no table: they are made anew each time. */
export function uploadPartRoutes({ intake }: HttpParts): Router {
  const routes = newRouter();
  routes.openapi(missing, async (c) => {
    const upload = await intake.find(await bringerOf(c), c.req.valid("param").id);
    return c.json(await intake.missingParts(upload), 200);
  });
  return routes;
}

export function uploadRoutes(parts: HttpParts): Router {
  const { intake } = parts;
  const routes = newRouter();
  const tus = tusHandler(parts, `${parts.root}${tusPath}`);

  const present = async (c: HttpContext, upload: Upload, importer?: string): Promise<z.infer<typeof uploadSchema>> => {
    const { hash } = upload;
    const { user } = c.get("reach");
    const bounds = await c.get("reach").bounds();
    const same = hash === null ? null : await intake.uploads.sameFile({ hash, createdBy: user.id, importer, bounds });
    // Of an import that was made of this very upload, nothing is worth telling.
    return presentUpload(upload, same?.jobId === upload.jobId ? null : same);
  };

  routes.openapi(list, async (c) => {
    const uploads = await intake.uploads.list(await c.get("reach").identity());
    return c.json({ items: uploads.map((upload) => presentUpload(upload, null)) }, 200);
  });
  // Not by `createRoute`, which would read the body as a whole to validate it.
  routes.post("/uploads", async (c) => {
    const { upload, fields } = await receiveFile(c, intake);
    return c.json(await present(c, upload, fields.get("importer")), 201);
  });
  routes.all(tusPath, tus);
  routes.all(`${tusPath}/:id`, tus);
  routes.openapi(one, async (c) => {
    const upload = await intake.find(await bringerOf(c), c.req.valid("param").id);
    return c.json(await present(c, upload, c.req.valid("query").importer), 200);
  });
  routes.openapi(complete, async (c) => {
    const upload = await intake.find(await bringerOf(c), c.req.valid("param").id);
    return c.json(await present(c, await intake.joinParts(upload, c.req.raw.signal)), 200);
  });
  routes.openapi(remove, async (c) => {
    await intake.discard(await intake.find(await bringerOf(c), c.req.valid("param").id));
    return c.body(null, 204);
  });
  document(routes);
  return routes;
}

function presentUpload(upload: Upload, same: SameFile | null): z.infer<typeof uploadSchema> {
  return {
    id: upload.id,
    fileName: upload.fileName,
    status: upload.status,
    sizeBytes: upload.sizeBytes,
    receivedBytes: upload.receivedBytes,
    hash: upload.hash,
    importId: upload.jobId,
    createdAt: upload.createdAt.toISOString(),
    expiresAt: upload.expiresAt.toISOString(),
    sameAs: same && {
      importId: same.jobId,
      importer: same.importer,
      status: same.status,
      createdAt: same.createdAt.toISOString(),
      completedAt: same.completedAt?.toISOString() ?? null,
    },
  };
}

/** What the routes that read their bodies themselves do, for the document. */
function document({ openAPIRegistry }: Router): void {
  openAPIRegistry.registerPath({
    method: "post",
    path: "/uploads",
    operationId: "uploadFile",
    tags,
    summary: "Upload a file in one request",
    description: "A form with one file part, or the file itself as the body and its name as `?name=`.",
    request: {
      query: z.object({
        name: z.string().optional().openapi({ description: "Where the body is the file: what it is called." }),
        importer: importerQuery,
      }),
      body: {
        required: true,
        content: {
          "multipart/form-data": { schema: z.object({ file, importer: z.string().optional() }) },
          "application/octet-stream": { schema: file },
        },
      },
    },
    responses: { 201: json(uploadSchema, "The file is there."), ...problems("too_large", "too_many") },
  });
  const tusHeaders = z.object({ "Tus-Resumable": z.literal("1.0.0") });
  const tusRoutes = [
    {
      method: "options",
      operationId: "getTusCapabilities",
      path: tusPath,
      status: 204,
      summary: "What the server knows of tus",
    },
    {
      method: "post",
      operationId: "beginTusUpload",
      path: tusPath,
      status: 201,
      summary: "Begin a resumable upload (tus 1.0)",
    },
    {
      method: "head",
      operationId: "getTusUpload",
      path: `${tusPath}/{id}`,
      status: 200,
      summary: "How many bytes of it are there",
    },
    {
      method: "patch",
      operationId: "continueTusUpload",
      path: `${tusPath}/{id}`,
      status: 204,
      summary: "Send bytes from an offset on",
    },
    { method: "delete", operationId: "deleteTusUpload", path: `${tusPath}/{id}`, status: 204, summary: "Take it away" },
  ] as const;
  for (const { status, ...route } of tusRoutes) {
    openAPIRegistry.registerPath({
      ...route,
      tags,
      description:
        "Speak to it with a tus client: https://tus.io/protocols/resumable-upload. Extensions: creation, creation-with-upload, termination, expiration. `Upload-Limit: max-append-size=…` says how many bytes one request may carry.",
      request: {
        headers: tusHeaders,
        ...(route.path !== tusPath && { params: path }),
        ...(route.method === "patch" && {
          body: { required: true, content: { "application/offset+octet-stream": { schema: file } } },
        }),
      },
      responses: {
        [status]: { description: "As tus has it." },
        ...problems("not_found", "conflict", "too_large", ...(route.method === "post" ? (["too_many"] as const) : [])),
        412: { ...problems().default, description: "Tus-Resumable is missing, or names a version that is not there." },
        ...(route.method === "post" && {
          501: { ...problems().default, description: "It asks for an extension of tus that is not there." },
        }),
      },
    });
  }
}
