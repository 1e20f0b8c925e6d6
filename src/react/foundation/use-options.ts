/** What a person decides about an import beside its mapping. Changes are written one after the other, each on top of the one before. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ClientError, ImportOptions, ImportOptionsInput } from "../../client/index.ts";
import { acrossSignIn } from "./persistently.ts";
import { useSluice } from "./Sluice.tsx";
import { importKey } from "./use-import.ts";

export interface UsedOptions {
  /** Undefined until they are there. */
  options: ImportOptions | undefined;
  /** Why they are not there, or why the last change did not work. */
  error: ClientError | null;
  saving: boolean;
  /** What is not named stays. @throws ClientError `conflict` when the import is neither pending nor ready */
  change(changes: ImportOptionsInput): Promise<ImportOptions>;
}

export const optionsKey = (id: number): readonly ["import", number, "options"] => ["import", id, "options"];

/** @example const { options, change } = useOptions(42); await change({ merge: { phone: "fill" } }); */
export function useOptions(id: number): UsedOptions {
  const { client, server } = useSluice();
  const queries = useQueryClient();
  const { data, error } = useQuery<ImportOptions, ClientError>({
    queryKey: optionsKey(id),
    queryFn: ({ signal }) => client.imports.options(id, { signal }),
  });
  const changing = useMutation<ImportOptions, ClientError, ImportOptionsInput>({
    scope: { id: `options-${id}` },
    mutationFn: (changes) =>
      acrossSignIn(server, async () => {
        // As they are now: the server takes options as a whole.
        const present = await client.imports.options(id);
        return client.imports.setOptions(id, { ...(present as ImportOptionsInput), ...changes });
      }),
    async onMutate(changes) {
      await queries.cancelQueries({ queryKey: optionsKey(id) });
      queries.setQueryData<ImportOptions>(
        optionsKey(id),
        (present) => present && ({ ...present, ...changes } as ImportOptions),
      );
    },
    onSuccess: (changed) => queries.setQueryData(optionsKey(id), changed),
    onSettled: () => queries.invalidateQueries({ queryKey: importKey(id) }),
  });
  return { options: data, error: changing.error ?? error, saving: changing.isPending, change: changing.mutateAsync };
}
