/** Remembered mappings that a request may see and use. */
import type { ContextValues } from "../../core/context.ts";
import { sameValues } from "../../core/context.ts";
import { SluiceError, told } from "../../core/errors.ts";
import type { Importer } from "../../core/importer.ts";
import type { MappingTemplate } from "../../core/store/templates.ts";
import type { HttpContext, HttpParts } from "../request/request-context.ts";

/** A template of the caller, or for an admin of anybody within their contexts. @throws SluiceError `not_found` */
export async function ownTemplate(
  { engine }: Pick<HttpParts, "engine">,
  c: HttpContext,
  id: number,
): Promise<MappingTemplate> {
  const gone = new SluiceError("not_found", told`There is no template ${id}, or it is not yours.`, {
    next: { code: "list_templates" },
  });
  const template = await engine.templates.get(id).catch((error: unknown) => {
    throw error instanceof SluiceError && error.code === "not_found" ? gone : error;
  });
  if (!(await c.get("reach").mayWith("view", template))) throw gone;
  return template;
}

/** The same, for a file of an importer and a context. One of another tenant names other people's owners. */
export async function templateFor(
  parts: Pick<HttpParts, "engine">,
  c: HttpContext,
  id: number,
  { importer, context }: { importer: Importer; context: ContextValues },
): Promise<MappingTemplate> {
  const template = await ownTemplate(parts, c, id);
  if (template.importer === importer.name && sameValues(template.context, context)) return template;
  const problem = told`There is no template ${id} for the importer "${importer.name}".`;
  throw new SluiceError("not_found", problem, { wrong: { path: "templateId", problem } });
}
