/** What every file of routes begins with: a router that answers malformed requests by itself, and the words of its document. */

import { OpenAPIHono, z } from "@hono/zod-openapi";
import { type ErrorCode, textOf, told } from "../../core/errors.ts";
import type { Listed } from "../../core/store/archive.ts";
import { nextSchema } from "./next-hint.ts";
import { ProblemError, problemTitles, statusOf } from "./problem.ts";
import type { HttpEnv } from "./request-context.ts";

export type Router = OpenAPIHono<HttpEnv>;

const targetWords = {
  json: told`body`,
  query: told`query`,
  param: told`path`,
  header: told`headers`,
  form: told`form`,
  cookie: told`cookies`,
};

export function newRouter(): Router {
  return new OpenAPIHono<HttpEnv>({
    defaultHook: (result) => {
      if (result.success) return;
      const errors = result.error.issues.map(({ path, message }) => ({ path: path.map(String).join("."), message }));
      const named = errors.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("; ");
      throw new ProblemError(
        "invalid",
        told`The ${targetWords[result.target as keyof typeof targetWords]} of the request does not match the documentation: ${named}.`,
        { errors },
      );
    },
  });
}

export const problemSchema = z
  .looseObject({
    type: z.string().openapi({ example: "urn:sluice:error:not_found" }),
    title: z.string().openapi({ example: "There is no such thing.", description: "In the reader's language." }),
    status: z.number().int().openapi({ example: 404 }),
    code: z.string().openapi({ example: "not_found", description: "What a program goes by." }),
    detail: z.string().optional().openapi({
      example: "There is no import 42, or it is not yours.",
      description: "In the reader's language.",
    }),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .openapi({
        description: "What is wrong where in the request; sentences of refusals are in the reader's language.",
      }),
    next: nextSchema.optional(),
    requestId: z.string().optional().openapi({ description: "To be named when asking for help." }),
  })
  .openapi("Problem", { description: "RFC 9457. Members beside the standard ones help a client go on." });

const problemAnswer = {
  content: { "application/problem+json": { schema: problemSchema } },
  headers: {
    "Content-Language": { schema: { type: "string" as const }, description: "Of `title` and `detail`: en, fr or sv." },
  },
};

/** The responses of a route for what can be wrong with its requests, besides what can be wrong with any. */
export function problems(...codes: ErrorCode[]): Record<string, { description: string } & typeof problemAnswer> {
  const all: ErrorCode[] = ["unauthorized", "forbidden", "invalid", ...codes];
  return {
    ...Object.fromEntries(
      all.map((code) => [statusOf[code], { description: textOf(problemTitles[code]), ...problemAnswer }]),
    ),
    default: {
      description:
        "400: malformed JSON. 413: too large. 415: a body of another type. 429: too many for now. 500: our fault. 503: the database is away.",
      ...problemAnswer,
    },
  };
}

/** A JSON answer. */
export function json<S extends z.ZodType>(schema: S, description: string) {
  return { description, content: { "application/json": { schema } } };
}

/** A JSON body that must be there. */
export function body<S extends z.ZodType>(schema: S, description?: string) {
  return { body: { required: true, description, content: { "application/json": { schema } } } };
}

/** Ids are whole numbers that a double holds exactly. */
export const idNumber = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

export const importPath = z.object({
  id: idNumber.openapi({ param: { name: "id", in: "path" }, example: 42, description: "The import." }),
});

export const languageQuery = z
  .enum(["en", "fr", "sv"])
  .optional()
  .openapi({ description: "Language of labels and messages; default: by Accept-Language." });

/** A page of a list: at most `limit` items, after the last one seen. */
export function pageQuery(defaultLimit: number, maxLimit: number) {
  return {
    after: z
      .string()
      .regex(/^\d{1,15}$/, "must be what `next` of the page before says")
      .optional()
      .openapi({ description: "`next` of the page before.", example: "41" }),
    limit: z.coerce.number().int().min(1).max(maxLimit).default(defaultLimit),
  };
}

/** A page as it is answered: `next` is null on the last one. */
export function pageOf<S extends z.ZodType>(item: S) {
  return z.object({
    items: z.array(item),
    next: z.string().nullable().openapi({ description: "`after` of the next page; null: this is the last." }),
  });
}

/** Cuts what was asked for with one more than `limit` into a page. */
export function toPage<T, V>(
  found: readonly T[],
  limit: number,
  key: (item: T) => number | string,
  present: (item: T) => V,
): { items: V[]; next: string | null } {
  return pageOfListed({ items: found.slice(0, limit), more: found.length > limit }, key, present);
}

/** Of a list whose items may be large, so that a page may have fewer than were asked for. */
export function pageOfListed<T, V>(
  { items, more }: Listed<T>,
  key: (item: T) => number | string,
  present: (item: T) => V,
): { items: V[]; next: string | null } {
  const last = items.at(-1);
  return { items: items.map(present), next: more && last !== undefined ? String(key(last)) : null };
}

/** One value or several: `?status=failed&status=paused`, or `?status=failed,paused`. */
export function listQuery<const V extends string>(values: readonly V[]) {
  const value = z.enum(values as [V, ...V[]]);
  return z
    .preprocess((given) => {
      if (given === undefined) return undefined;
      return [given].flat().flatMap((each) => String(each).split(","));
    }, z.array(value).optional())
    .openapi({ type: "array", items: { type: "string", enum: [...values] } });
}
