/** An import as it is now, kept up to date, and what can be done with it. */
import { skipToken, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ClientError, Import, Progress } from "../../client/index.ts";
import { importKey, progressKey, useLive } from "./live.ts";
import { useSluice } from "./Sluice.tsx";

/** What is done with one press; `start`, `delete` and the rest have parameters or consequences of their own. */
export type Act = "commit" | "pause" | "resume" | "reject" | "retry" | "reopen" | "cancel" | "undo";

export interface UsedImport {
  /** Undefined until it is there. */
  data: Import | undefined;
  /** Why it is not there: `not_found` when somebody deleted it. */
  error: ClientError | null;
  act(action: Act): Promise<Import>;
  /** The action that is under way. */
  acting: Act | null;
}

/** @example const { data, act } = useImport(42); */
export function useImport(id: number | null): UsedImport {
  const { client } = useSluice();
  const queries = useQueryClient();
  useLive(id);
  const { data, error } = useQuery<Import, ClientError>({
    queryKey: importKey(id ?? 0),
    queryFn: ({ signal }) => client.imports.get(id as number, { signal }),
    enabled: id !== null,
  });
  const { mutateAsync, isPending, variables } = useMutation<Import, ClientError, Act>({
    mutationFn: (action) => client.imports[action](id as number),
    onSuccess: (changed) => {
      queries.setQueryData(importKey(changed.id), changed);
      void queries.invalidateQueries({ queryKey: importKey(changed.id) });
    },
  });
  return { data, error, act: mutateAsync, acting: isPending ? variables : null };
}

/** How far an import is, as it goes; null while nothing is under way. */
export function useImportProgress(id: number | null): Progress | null {
  const { data } = useImport(id);
  const { data: live } = useQuery<Progress>({ queryKey: progressKey(id ?? 0), queryFn: skipToken });
  const running = data !== undefined && ["parsing", "committing", "undoing"].includes(data.status);
  if (!running) return data?.progress ?? null;
  return live !== undefined && live.phase === data.phase ? live : data.progress;
}
