/** `POST /imports`: an import made from an upload, or from the file that comes with the request. */
import { createRoute, z } from "@hono/zod-openapi";
import { SluiceError, told } from "../../core/errors.ts";
import { isForm } from "../intake/multipart.ts";
import { ProblemError } from "../request/problem.ts";
import type { HttpContext, HttpParts } from "../request/request-context.ts";
import { body, json, newRouter, problems, type Router } from "../request/router.ts";
import { refuseUnstorable } from "../request/storable.ts";
import { receiveFile } from "../uploads/form.ts";
import { createImport } from "./make-import.ts";
import { type CreatedImport, created, newImport } from "./new-import.ts";

const location = { Location: { schema: { type: "string" as const }, description: "Where the import is found." } };

const create = createRoute({
  method: "post",
  path: "/imports",
  operationId: "createImport",
  tags: ["Imports"],
  summary: "Make an import of an uploaded file",
  description:
    "Looks at the head of the file and suggests a mapping. 201: it is pending, its mapping and options can be changed until " +
    "it is started. 202: it was started, and goes on by itself. With options.autoCommit it is also committed without a review.",
  request: body(newImport),
  responses: {
    201: { ...json(created, "Pending."), headers: location },
    202: { ...json(created, "Started."), headers: location },
    ...problems("not_found", "forbidden", "conflict", "too_many"),
  },
});

export function importCreateRoutes(parts: HttpParts): Router {
  const routes = newRouter();
  routes.use("/imports", async (c, next) => {
    if (c.req.method !== "POST" || !isForm(c.req.header("content-type"))) return next();
    const { answer, isStarted } = await createWithFile(parts, c);
    c.header("Location", `${parts.root}/imports/${answer.id}`);
    return c.json(answer, isStarted ? 202 : 201);
  });
  routes.openAPIRegistry.registerPath({
    ...create,
    request: {
      body: {
        required: true,
        description:
          "With uploadId; or as a form with the file as one part, and the rest as JSON in the part `import`.",
        content: {
          "application/json": { schema: newImport },
          "multipart/form-data": {
            schema: z.object({
              file: z.string().openapi({ format: "binary" }),
              import: newImport.omit({ uploadId: true, fileOf: true }),
            }),
          },
        },
      },
    },
  });
  // The document has it already: it can also come with its file.
  routes.openapi({ ...create, hide: true }, async (c) => {
    const { answer, isStarted } = await createImport(parts, c, c.req.valid("json"));
    c.header("Location", `${parts.root}/imports/${answer.id}`);
    return isStarted ? c.json(answer, 202) : c.json(answer, 201);
  });
  return routes;
}

/** The file and what is to become of it in one request. A failure leaves nothing. */
async function createWithFile(parts: HttpParts, c: HttpContext): Promise<CreatedImport> {
  const { intake } = parts;
  const { upload, fields } = await receiveFile(c, intake);
  try {
    const input = newImport.safeParse({ ...parseJson(fields.get("import")), uploadId: upload.id });
    if (input.success) return await createImport(parts, c, input.data);
    throw new ProblemError("invalid", told`The part \`import\` of the form does not match the documentation.`, {
      errors: input.error.issues.map(({ path, message }) => ({ path: path.map(String).join("."), message })),
    });
  } catch (error) {
    // An import may have been made of it; and a database that is away lets it expire.
    await intake.discard(upload).catch(() => {});
    throw error;
  }
}

function parseJson(text = "{}"): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    refuseUnstorable(value, "import");
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    // Told below, as for what is JSON of another kind.
  }
  throw new SluiceError(
    "invalid",
    told`The part \`import\` of the form must be a JSON object, such as {"importer": "leads"}.`,
  );
}
