/** What an import has made of each of the records that a row of its file makes, as numbers with one name each: `created_price`. */

import { targetRecord } from "./records.ts";

/** What may become of one: `closed` versions are followed by one of those created. */
export const recordOutcomes = ["created", "updated", "unchanged", "closed", "deactivated", "deleted"] as const;
export type RecordOutcome = (typeof recordOutcomes)[number];

/** Numbers by outcome and record, such as `created_price`. */
export interface NamedCounts {
  [name: `${RecordOutcome}_${string}`]: number;
}

/** Those that are told of every record, though they be none. */
const always: readonly RecordOutcome[] = ["created", "updated", "unchanged"];

/**
 * The numbers of some records under their names. Of link tables, which are called `<record>.link`, those that were made go without saying;
 * where some are gone, all numbers are told.
 */
export function namedCounts(
  records: readonly (Readonly<Partial<Record<RecordOutcome, number>>> & { readonly record: string })[],
): NamedCounts {
  const named: NamedCounts = {};
  for (const { record, ...counts } of records) {
    const { deleted = 0 } = counts as Partial<Record<RecordOutcome, number>>;
    if (record.includes(".") && deleted === 0) continue;
    for (const outcome of recordOutcomes) {
      const { [outcome]: count = 0 } = counts as Partial<Record<RecordOutcome, number>>;
      if (count > 0 || (record !== targetRecord && always.includes(outcome))) named[`${outcome}_${record}`] = count;
    }
  }
  return named;
}

/** The same of records that nothing is known of yet. */
export function noNamedCounts(records: readonly { readonly name: string }[] = []): NamedCounts {
  return namedCounts(records.map(({ name }) => ({ record: name })));
}

/** The numbers of each record again, in the order of the names; undefined where nothing is told of any. */
export function countsByRecord(
  counts: Readonly<Record<string, number>>,
  names: readonly string[],
): Record<string, Record<RecordOutcome, number>> | undefined {
  if (!names.some((name) => `created_${name}` in counts)) return undefined;
  const of = (name: string): Record<RecordOutcome, number> =>
    Object.fromEntries(recordOutcomes.map((outcome) => [outcome, counts[`${outcome}_${name}`] ?? 0])) as Record<
      RecordOutcome,
      number
    >;
  return Object.fromEntries(names.map((name) => [name, of(name)]));
}
