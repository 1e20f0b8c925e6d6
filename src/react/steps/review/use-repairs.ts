/** What the server can fix of an import's rows, asked for when the review opens and after edits of many rows. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Edit, Import, RepairKind, RepairOffer } from "../../../client/index.ts";
import { useSluice } from "../../foundation/Sluice.tsx";

/** Those that put in what was meant. The others fill or empty cells, which a person chooses. */
const sure: readonly RepairKind[] = ["leading_zeros", "email", "closest_choice"];

export function isSure({ repair }: RepairOffer): boolean {
  return sure.includes(repair);
}

const none: readonly RepairOffer[] = [];

/** `isWanted`: false while the edits are not known yet, or more of them are to come: each would have the whole file looked through. */
export function useRepairs({ id }: Import, edits: readonly Edit[], isWanted: boolean): readonly RepairOffer[] {
  const { client } = useSluice();
  // A cell that is edited changes a count by one: not worth a look through the file.
  const newest = edits.find(({ kind }) => kind !== "cell");
  const { data } = useQuery({
    queryKey: ["repairs", id, newest?.id, newest?.status],
    queryFn: ({ signal }) => client.imports.repairs(id, { signal }),
    enabled: isWanted && newest?.status !== "under_way" && newest?.status !== "undoing",
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
  });
  return data ?? none;
}
