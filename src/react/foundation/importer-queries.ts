/** What is asked about importers: asked once, whichever part of the page wants to know. They change with the config alone. */
import type { QueryKey } from "@tanstack/react-query";
import type { ApiLanguage, Client } from "../../client/index.ts";

const keptMs = 5 * 60_000;

export const importersQuery = (client: Client, lang: ApiLanguage) => ({
  queryKey: ["importers", lang] as QueryKey,
  queryFn: ({ signal }: { signal: AbortSignal }) => client.importers.list({ lang, signal }),
  staleTime: keptMs,
});

export const importerQuery = (client: Client, name: string, lang: ApiLanguage) => ({
  queryKey: ["importer", name, lang] as QueryKey,
  queryFn: ({ signal }: { signal: AbortSignal }) => client.importers.get(name, { lang, signal }),
  staleTime: keptMs,
});
