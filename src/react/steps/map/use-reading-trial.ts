/** The first rows of a file as they would be read, fetched anew while its dialect is being chosen. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ClientError, DialectHints, Reading, ReadingChoice } from "../../../client/index.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useRested } from "../../foundation/use-settled.ts";

/** Rows that are shown. */
const shownRows = 6;

export interface ReadingTrial {
  /** Of the last choice that could be read so; undefined before the first. */
  reading: Reading | undefined;
  /** Why the file cannot be read so. */
  error: ClientError | null;
  isFetching: boolean;
}

export function useReadingTrial(id: number, hints: DialectHints): ReadingTrial {
  const { client } = useSluice();
  const wanted = JSON.stringify(hints);
  // A choice that is gone over by the arrow keys is not asked for.
  const settled = useRested(wanted);
  const { data, error, isFetching } = useQuery<Reading, ClientError>({
    queryKey: ["reading", id, settled],
    queryFn: ({ signal }) =>
      client.imports.tryReading(id, JSON.parse(settled) as DialectHints, { limit: shownRows, signal }),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return { reading: data, error, isFetching: isFetching || settled !== wanted };
}

/** What was decided, each with what came second. */
export function useReadingChoices(id: number, dialect: object): readonly ReadingChoice[] {
  const { client, language } = useSluice();
  const { data = [] } = useQuery({
    queryKey: ["choices", id, language, JSON.stringify(dialect)],
    queryFn: ({ signal }) => client.imports.choices(id, { lang: language, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data;
}
