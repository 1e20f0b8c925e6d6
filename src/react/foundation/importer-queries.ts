/** What is asked about importers: asked once, whichever part of the page wants to know. They change with the config alone. */
import { type QueryKey, useQuery } from "@tanstack/react-query";
import type { ApiLanguage, Client, ImporterSummary, Me } from "../../client/index.ts";
import { useSluice } from "./Sluice.tsx";

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

/** What importers and their fields are called in the reader's language. */
export function useImporters(): { importers: readonly ImporterSummary[]; labelOf: (name: string) => string } {
  const { client, language } = useSluice();
  const { data = [] } = useQuery(importersQuery(client, language));
  return { importers: data, labelOf: (name) => data.find((each) => each.name === name)?.label ?? name };
}

/** What a row of an importer makes, where it makes several records: their names, and what people call them. */
export function useImporterRecords(importer: string): NonNullable<ImporterSummary["records"]> {
  const { importers } = useImporters();
  return importers.find(({ name }) => name === importer)?.records ?? [];
}

/** An importer that was taken out of the config leaves its fields' names. */
export function useFieldLabels(importer: string): (field: string) => string {
  const { client, language } = useSluice();
  const { data } = useQuery(importerQuery(client, importer, language));
  return (field) => data?.fields.find(({ name }) => name === field)?.label ?? field;
}

export function useMe(): Me | undefined {
  const { client } = useSluice();
  return useQuery({ queryKey: ["me"], queryFn: ({ signal }) => client.me({ signal }) }).data;
}
