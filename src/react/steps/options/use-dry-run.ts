/** What pressing "Import" would do by the options as they are kept now. While it is counted anew, the numbers before it stay. */
import { keepPreviousData, useIsMutating, useQuery } from "@tanstack/react-query";
import type { ClientError, DryRun, Import, ImportOptions } from "../../../client/index.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { importKey } from "../../foundation/use-import.ts";

/** Several choices in a row are counted once. */
const calmMs = 250;

export interface UsedDryRun {
  /** The newest that is known. */
  data: DryRun | undefined;
  error: ClientError | null;
  /** The numbers are not, or no longer, those of the options. */
  isCounting: boolean;
  countAgain(): void;
}

/** @param pending choices that are not kept yet */
export function useDryRun(job: Import, options: ImportOptions | undefined, pending: boolean): UsedDryRun {
  const { client, language } = useSluice();
  const isSaving = useIsMutating({ predicate: ({ options: { scope } }) => scope?.id === `options-${job.id}` }) > 0;
  const isReady = job.status === "ready" && options !== undefined && !isSaving && !pending;
  const { data, error, isFetching, isPlaceholderData, refetch } = useQuery<DryRun, ClientError>({
    queryKey: [
      ...importKey(job.id),
      "dry-run",
      language,
      options && [options.mode, options.duplicates, options.merge, options.assignment, options.context],
    ],
    async queryFn({ signal }) {
      await calm(signal);
      return client.imports.dryRun(job.id, { changes: true, lang: language, signal });
    },
    enabled: isReady,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: "always",
    refetchOnWindowFocus: false,
  });
  return {
    data,
    error: isFetching ? null : error,
    isCounting: error === null && (isFetching || isPlaceholderData || !isReady || data === undefined),
    countAgain: () => void refetch(),
  };
}

function calm(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, calmMs);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
