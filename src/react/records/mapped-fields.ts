/** The fields that columns of the file fed: those one looks for among its records. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { importKey } from "../foundation/live.ts";
import { useSluice } from "../foundation/Sluice.tsx";

/** Null until they are known. */
export function useMappedFields(id: number): ReadonlySet<string> | null {
  const { client } = useSluice();
  const { data } = useQuery({
    queryKey: [...importKey(id), "mapping"],
    queryFn: ({ signal }) => client.imports.mapping(id, { signal }),
  });
  return useMemo(
    () => (data === undefined ? null : new Set(data.columns.flatMap(({ field }) => (field === null ? [] : [field])))),
    [data],
  );
}
