/** The OpenAPI document without a database: what the routes say of themselves. */
import { createHttpApi } from "../src/http/api.ts";
import type { ApiDocument } from "./http/document.ts";

/** Answers every question about itself with itself: the routes are only built, never called. */
const nothing: unknown = new Proxy(() => nothing, { get: (_, name) => (name === "then" ? undefined : nothing) });

export async function apiDocument(): Promise<ApiDocument> {
  const app = createHttpApi({
    engine: nothing as never,
    files: nothing as never,
    format: nothing as never,
    importers: new Map(),
    judge: () => {},
  });
  const response = await app.fetch(new Request("http://sluice.test/api/v1/openapi.json"));
  await app.close();
  return (await response.json()) as ApiDocument;
}
