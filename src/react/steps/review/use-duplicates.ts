/**
 * How many rows are in the file twice, and in the table already, as the match finds them. It goes through the whole file, so it
 * is asked for once; after edits when the person says so.
 */
import { useQuery } from "@tanstack/react-query";
import type { Edit } from "../../../client/index.ts";
import { useSluice } from "../../foundation/Sluice.tsx";

export interface Duplicates {
  inFile: number;
  inTable: number;
}

export interface UsedDuplicates {
  /** Undefined while they are counted. */
  data: Duplicates | undefined;
  /** Rows were edited since they were counted. */
  isOld: boolean;
  isCounting: boolean;
  countAgain(): void;
}

export function useDuplicates(id: number, edits: readonly Edit[] | undefined): UsedDuplicates {
  const { client } = useSluice();
  const newest = edits === undefined ? undefined : `${edits[0]?.id} ${edits[0]?.status}`;
  const { data, isFetching, refetch } = useQuery({
    queryKey: ["duplicates", id],
    queryFn: async ({ signal }) => {
      await client.imports.dryRun(id, { signal });
      const totalOf = async (issue: "duplicate_in_file" | "duplicate_in_table"): Promise<number> =>
        (await client.imports.rows(id, { issue, offset: 0, limit: 1 }, { signal })).total ?? 0;
      return { inFile: await totalOf("duplicate_in_file"), inTable: await totalOf("duplicate_in_table"), newest };
    },
    enabled: newest !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  return {
    data,
    isOld: data !== undefined && data.newest !== newest,
    isCounting: isFetching,
    countAgain: () => void refetch(),
  };
}
