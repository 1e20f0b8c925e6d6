/** Lists of imports, kept as they are, and what is done to an import from one. */
import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { ClientError, Import, ImportPage } from "../../client/index.ts";
import { useAnnounce } from "../foundation/Frame.tsx";
import { useSluice } from "../foundation/Sluice.tsx";
import { useConnection } from "../foundation/server-state.tsx";
import { useTexts } from "../foundation/texts.ts";
import { importKey } from "../foundation/use-import.ts";

export type JobAct = "retry" | "resume" | "reject" | "pause" | "reopen" | "cancel" | "delete" | "again";

interface JobActs {
  act(action: JobAct): Promise<Import | null>;
  acting: JobAct | null;
}

/** `again` gives the new import, `delete` null, everything else the import as it is then. */
export function useJobActs(job: Pick<Import, "id" | "fileName">): JobActs {
  const { client } = useSluice();
  const queries = useQueryClient();
  const announce = useAnnounce();
  const t = useTexts("history");
  const { id, fileName } = job;
  const { mutateAsync, isPending, variables } = useMutation<Import | null, ClientError, JobAct>({
    mutationFn: async (action) => {
      if (action === "again") return client.imports.create({ fileOf: id });
      if (action !== "delete") return client.imports[action](id);
      await client.imports.delete(id);
      return null;
    },
    onSuccess: (changed, action) => {
      announce(t(`${action}Done`, { file: fileName }));
      if (changed?.id === id) {
        queries.setQueryData(importKey(id), (before?: Import) => ({ ...before, ...changed }));
        patch(queries, id, changed);
      }
      void queries.invalidateQueries({ queryKey: importsKey });
      if (action !== "again") void queries.invalidateQueries({ queryKey: importKey(id) });
    },
  });
  return { act: mutateAsync, acting: isPending ? variables : null };
}

/** What is known of imports as lists has keys that begin so. */
export const importsKey = ["imports"] as const;

/** However much happens, lists are asked for no more often. */
const pauseMs = 300;

export function useLiveImports(): void {
  const { client } = useSluice();
  const queries = useQueryClient();
  const { signedOut } = useConnection();
  useEffect(() => {
    if (signedOut) return;
    const stop = new AbortController();
    const refresh = paced(() => queries.invalidateQueries({ queryKey: importsKey }), stop.signal);
    const follow = async (): Promise<void> => {
      try {
        for await (const change of client.watchAll({ signal: stop.signal })) {
          if (change.type === "progress") patch(queries, change.jobId, { progress: change.progress });
          else refresh();
        }
      } catch {
        // Left, or nobody is signed in any more: then it begins anew after the sign-in.
      }
    };
    void follow();
    return () => stop.abort();
  }, [client, queries, signedOut]);
}

/** Updates an import in every list that shows it. */
function patch(queries: QueryClient, id: number, change: Partial<Import>): void {
  queries.setQueriesData<ImportPage>({ queryKey: [...importsKey, "page"] }, (page) => {
    if (page === undefined || !page.items.some((job) => job.id === id)) return page;
    return { ...page, items: page.items.map((job) => (job.id === id ? { ...job, ...change } : job)) };
  });
}

/** One at a time, at once if it has been quiet, and once more for what is asked meanwhile. */
function paced(work: () => Promise<void>, signal: AbortSignal): () => void {
  let isBusy = false;
  let isAsked = false;
  const run = async (): Promise<void> => {
    isBusy = true;
    do {
      isAsked = false;
      await work();
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    } while (isAsked && !signal.aborted);
    isBusy = false;
  };
  return () => {
    isAsked = true;
    if (!isBusy && !signal.aborted) void run();
  };
}
