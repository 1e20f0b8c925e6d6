/** Whether an import asks something before its file can be checked: where it does, a person looks at it first. */
import type { ApiLanguage, Client } from "../../../client/index.ts";
import { viewsOf } from "../map/column-view.ts";

export async function hasQuestions(
  client: Client,
  importId: number,
  lang: ApiLanguage,
  signal: AbortSignal,
): Promise<boolean> {
  const [mapping, preview] = await Promise.all([
    client.imports.mapping(importId, { signal }),
    client.imports.preview(importId, { lang, signal }),
  ]);
  if (mapping.missing.length > 0 || mapping.fields.some(({ doubt }) => doubt !== undefined)) return true;
  return viewsOf(mapping, preview, []).some(({ decide }) => decide);
}
