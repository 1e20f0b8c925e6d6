/** People who may own records: what their ids are called, and who is found by a part of a name. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ClientError, Import, Owner } from "../../../client/index.ts";
import { useSluice } from "../../foundation/Sluice.tsx";

type ImportOf = Pick<Import, "id" | "importer">;

/** By id; of one that is not there any more the id has to do. */
export function usePeople(job: ImportOf, ids: readonly string[]): ReadonlyMap<string, Owner> {
  const { client } = useSluice();
  const wanted = [...new Set(ids)].sort().slice(0, 200);
  const { data = [] } = useQuery<Owner[], ClientError>({
    queryKey: ["owners", job.id, "ids", wanted],
    queryFn: ({ signal }) =>
      client.importers.owners(job.importer, { ids: wanted, importId: job.id, limit: 200, signal }),
    enabled: wanted.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  return new Map(data.map((owner) => [owner.id, owner]));
}

/** So many are offered; who looks for another types more of the name. */
export const offered = 20;

export function useFoundPeople(
  job: ImportOf,
  search: string,
  isWanted: boolean,
): { people: Owner[] | undefined; error: ClientError | null } {
  const { client } = useSluice();
  const { data, error } = useQuery<Owner[], ClientError>({
    queryKey: ["owners", job.id, "search", search],
    queryFn: ({ signal }) =>
      client.importers.owners(job.importer, { search, importId: job.id, limit: offered, signal }),
    enabled: isWanted,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  return { people: data, error };
}
