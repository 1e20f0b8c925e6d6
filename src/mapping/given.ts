/** A mapping as a person says it: of columns, and of fields that are not one column's; checked against the file and the importer. */
import { SluiceError, type Telling, told } from "../core/errors.ts";
import { feedOf, feedsOf } from "../core/feeds.ts";
import { columnsOf, type FieldSource, withColumns } from "../core/field-source.ts";
import { type Given, type GivenField, type GivenMapping, isGivenField } from "../core/given-mapping.ts";
import type { MadeField } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import { type ColumnNames, namesOf } from "./column-names.ts";
import { refuseBadValue } from "./given-value.ts";
import { refuseUnknownZone } from "./given-zone.ts";
import type { ColumnProfile } from "./profile.ts";

/** Fields as they are said, each by itself. @throws SluiceError `invalid` for a field or a column that does not exist */
export function madeFields(
  importer: Importer,
  profiles: readonly Pick<ColumnProfile, "header">[],
  given: readonly GivenField[],
): MadeField[] {
  const names = namesOf(profiles.map(({ header }) => header));
  const taken = new Set<string>();
  return given.flatMap((each) => {
    refuseSecond(taken, each.field, "");
    taken.add(each.field);
    return madeFieldOf(importer, profiles, names, each) ?? [];
  });
}

/** What is said of a field, as it is kept; null: it is not made. @throws SluiceError `invalid` for what cannot be */
export function madeFieldOf(
  importer: Importer,
  profiles: readonly Pick<ColumnProfile, "header">[],
  names: ColumnNames,
  given: GivenField,
): MadeField | null {
  const { field, source, transform, default: fallback } = given;
  refuseUnknownField(importer, field, "");
  refusePart(importer, given);
  refuseUnknownZone("", field, transform?.timeZone);
  if (source?.kind === "constant") refuseBadValue(importer, field, source.value, transform);
  if (fallback !== undefined) refuseBadValue(importer, field, fallback, transform);
  if (source === null) return null;
  refuseUselessSource(field, source);
  const made = withColumns(source, (column) => columnOf(profiles, names, { column, field }));
  refuseRepeats(field, source, columnsOf(made));
  return {
    field,
    source: made,
    ...(transform !== undefined && { transform }),
    ...(fallback !== undefined && { default: fallback }),
    reason: "given",
  };
}

function refuseUselessSource(field: string, source: FieldSource<string>): void {
  const refuse = (why: Telling): never => {
    throw new SluiceError("invalid", why, { next: { code: "correct_mapping", column: "", field } });
  };
  if (source.kind === "constant" && source.value.trim() === "")
    refuse(told`The constant for the field "${field}" is blank. Enter a value, or leave the field out.`);
  if (source.kind === "join" && source.columns.length === 0)
    refuse(told`No columns are named to be joined for the field "${field}". Name at least one.`);
  if (source.kind !== "split") return;
  if (source.by === "separator" && source.separator === "")
    refuse(told`The separator that the column "${source.column}" is split by is empty. Enter one, such as ";".`);
  if (source.by === "separator" && (source.part === 0 || !Number.isInteger(source.part)))
    refuse(told`Pieces of the column "${source.column}" are counted from 1, or from the end with -1.`);
}

/** A cell that is joined to itself again and again would make a file of many times its size. */
function refuseRepeats(field: string, source: FieldSource<string>, places: readonly number[]): void {
  const again = places.find((place, k) => places.indexOf(place) < k);
  if (again === undefined) return;
  throw new SluiceError(
    "invalid",
    told`The column "${columnsOf(source)[places.indexOf(again)]}" is joined twice for the field "${field}". Name each column once.`,
    { next: { code: "correct_mapping", column: "", field } },
  );
}

/** A field that was said as a column's name could be meant: where the file has a column called so, it is that one. */
export function asColumn(given: Given, names: ColumnNames): Given {
  if (!isGivenField(given) || given.unlessColumn === undefined || names.find(given.unlessColumn) < 0) return given;
  const { unlessColumn: column, field, transform, default: fallback } = given;
  return { column, field, ...(transform && { transform }), ...(fallback !== undefined && { default: fallback }) };
}

export function refuseUnknownField(importer: Importer, field: string, column: string): void {
  const feed = feedOf(importer, field);
  if (feed !== null) {
    if (importer.fields[feed.owner].derive === undefined) return;
    throw new SluiceError(
      "invalid",
      told`The field "${field}" is made of the row's other fields: no column feeds it. Leave it out of the mapping.`,
      { next: { code: "correct_mapping", column, field } },
    );
  }
  const known = feedsOf(importer).map(({ name }) => name);
  throw new SluiceError("invalid", told`There is no field "${field}". The fields are: ${known.join(", ")}.`, {
    next: { code: "correct_mapping", column, field },
  });
}

/** What several cells make up takes columns as they are. */
function refusePart(importer: Importer, { field, source }: GivenField): void {
  const feed = feedOf(importer, field);
  if (source === null || feed === null || !(feed.isShared || feed.name !== feed.owner)) return;
  throw new SluiceError(
    "invalid",
    told`The field "${field}" takes columns as they are. Name the columns that feed it.`,
    {
      next: { code: "correct_mapping", column: "", field },
    },
  );
}

export function refuseSecond(taken: ReadonlySet<string>, field: string, column: string): void {
  if (!taken.has(field)) return;
  throw new SluiceError(
    "invalid",
    column === ""
      ? told`The field "${field}" is fed twice. Choose one way.`
      : told`Two columns are mapped to the field "${field}". Choose one of them.`,
    { next: { code: "correct_mapping", column, field } },
  );
}

export function columnOf(
  profiles: readonly Pick<ColumnProfile, "header">[],
  names: ColumnNames,
  { column: name, field }: Pick<GivenMapping, "column" | "field">,
): number {
  const column = names.find(name);
  if (column < 0) {
    const some = profiles.slice(0, 30).map(({ header }) => header);
    if (profiles.length > 30) some.push("…");
    throw new SluiceError("invalid", told`The file has no column "${name}". Its columns are: ${some}.`, {
      next: { code: "correct_mapping", column: name, field: field ?? "" },
    });
  }
  return column;
}
