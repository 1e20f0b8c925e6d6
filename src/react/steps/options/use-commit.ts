/** The press of commit. Who comes too late sees what has become of the import meanwhile. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ClientError, Import } from "../../../client/index.ts";
import { importKey } from "../../foundation/live.ts";
import { useSluice } from "../../foundation/Sluice.tsx";

export function useCommit(id: number): { commit: () => void; isCommitting: boolean; error: ClientError | null } {
  const { client } = useSluice();
  const queries = useQueryClient();
  const { mutate, isPending, error } = useMutation<Import, ClientError>({
    mutationFn: () => client.imports.commit(id),
    onSuccess: (changed) => queries.setQueryData(importKey(id), changed),
    onSettled: () => queries.invalidateQueries({ queryKey: importKey(id) }),
  });
  return { commit: () => mutate(), isCommitting: isPending, error };
}
