/**
 * What a replace or a mirror takes away: how much of it goes unasked, and the error that stops an import before it removes more.
 */
import { SluiceError, type Telling, told } from "./errors.ts";
import type { Importer } from "./importer.ts";
import { mainRecord, type RecordPlan } from "./records.ts";

/** The share of the records in scope that is removed without asking, unless the importer says another. */
const usualMaxRemoval = 0.3;

/** What a replace or a mirror comes to. */
export interface Removal {
  /** Records that go: of a replace those that the file does not have again, of a mirror those that it does not name. */
  records: number;
  /** Records in scope before. */
  of: number;
  /** Rows of the file that go in, or name a record. */
  rows: number;
  /** Invalid rows, of which nobody can tell what they name. */
  unknownRows: number;
}

type Several = Pick<Importer, "records" | "context">;

/** Of a replace: the main record or, where there is none, whatever rows make anew within the import's context. */
export function replacedRecords(importer: Several): RecordPlan[] {
  const main = mainRecord(importer);
  if (main !== undefined) return [main];
  return (importer.records ?? []).filter(
    (record) =>
      record.onMatch !== "use" && record.link === null && record.path === null && isInContext(importer, record),
  );
}

/** Whether the columns of a record say that it is in the context, or the records that it refers to do. */
function isInContext(importer: Several, record: RecordPlan): boolean {
  return hasWholeContext(importer, record) || boundingParents(importer, record).length > 0;
}

/** Whether it has every column of the context itself. */
export function hasWholeContext({ context = {} }: Several, { scope }: RecordPlan): boolean {
  const own = new Set(scope.flatMap(({ source }) => (source.kind === "context" ? [source.name] : [])));
  return Object.keys(context).every((name) => own.has(name));
}

/** The records that a record refers to and that are in the context, each with the column that refers to it. */
export function boundingParents(importer: Several, { columns }: RecordPlan): { column: string; parent: RecordPlan }[] {
  return columns.flatMap(({ column, source }) => {
    const parent = source.kind === "ref" ? importer.records?.find(({ name }) => name === source.record) : undefined;
    return parent !== undefined && isInContext(importer, parent) ? [{ column, parent }] : [];
  });
}

/** Why somebody has to confirm it; null: nobody has to. */
export function needsConfirmation(
  { maxRemoval = usualMaxRemoval }: Pick<Importer, "maxRemoval">,
  { records, of, rows, unknownRows }: Removal,
): "share" | "no_rows" | "unknown_rows" | null {
  if (records === 0) return null;
  if (rows === 0) return "no_rows";
  if (records / of > maxRemoval) return "share";
  return unknownRows > 0 ? "unknown_rows" : null;
}

/** An import must not go on as it is: too much would go, or what would go is needed elsewhere. It is paused, nothing is removed. */
export class RemovalStopped extends SluiceError {
  constructor(reason: Telling, options?: ConstructorParameters<typeof SluiceError>[2]) {
    super("conflict", reason, options);
  }
}

/** @throws RemovalStopped where more is removed than the importer lets go, and nobody has confirmed so many. */
export function refuseUnconfirmed(
  job: { readonly id: number; readonly confirmRemovals: number },
  importer: Importer,
  removal: Removal,
): void {
  const why = needsConfirmation(importer, removal);
  if (why === null || removal.records <= job.confirmRemovals) return;
  const { records, of, unknownRows } = removal;
  const reasons: Readonly<Record<typeof why, Telling>> = {
    no_rows: told`This import would remove ${records} of ${of} {1:record|records}, and no row of its file goes in. Nothing has been removed; the number has to be confirmed first.`,
    share: told`This import would remove ${records} of ${of} {1:record|records}. Nothing has been removed; so many have to be confirmed first.`,
    unknown_rows: told`This import would remove ${records} of ${of} {1:record|records}, and its file has invalid rows (${unknownRows}) that may name any of them. Nothing has been removed; correct these rows, or confirm the number.`,
  };
  throw new RemovalStopped(reasons[why], { next: { code: "confirm_removals", importId: job.id, records } });
}
