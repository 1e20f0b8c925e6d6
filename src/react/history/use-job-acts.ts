/** What is done to an import from a list or its page: the server's answer goes into all that is known of it, and is said. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ClientError, Import } from "../../client/index.ts";
import { useAnnounce } from "../foundation/Frame.tsx";
import { importKey } from "../foundation/live.ts";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { importsKey, patch } from "./use-live-imports.ts";

export type JobAct = "retry" | "resume" | "reject" | "pause" | "reopen" | "cancel" | "delete" | "again";

export interface JobActs {
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
