/** What served for a file of the same columns as this import's, if it is remembered. */
import { useQuery } from "@tanstack/react-query";
import type { ClientError, Import, Template } from "../../../client/index.ts";
import { useSluice } from "../../foundation/Sluice.tsx";

export const templatesKey = (id: number): readonly ["import", number, "templates"] => ["import", id, "templates"];

/** The one that fits; undefined until it is known, null: there is none. */
export function useTemplate(job: Import): Template | null | undefined {
  const { client } = useSluice();
  const { data } = useQuery<Template | null, ClientError>({
    queryKey: templatesKey(job.id),
    queryFn: async ({ signal }) =>
      (await client.templates.list({ importId: job.id, limit: 1 }, { signal })).items[0] ?? null,
  });
  return data;
}
