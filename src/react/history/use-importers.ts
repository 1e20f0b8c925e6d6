/** What importers and their fields are called in the reader's language. */
import { useQuery } from "@tanstack/react-query";
import type { ImporterSummary, Me } from "../../client/index.ts";
import { importerQuery, importersQuery } from "../foundation/importer-queries.ts";
import { useSluice } from "../foundation/Sluice.tsx";

export function useImporters(): { importers: readonly ImporterSummary[]; labelOf: (name: string) => string } {
  const { client, language } = useSluice();
  const { data = [] } = useQuery(importersQuery(client, language));
  return { importers: data, labelOf: (name) => data.find((each) => each.name === name)?.label ?? name };
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
