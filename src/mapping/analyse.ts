/**
 * Analyses a file by its columns alone, the same way each time: what each column is, and what the open ones are likely to be. Few
 * different values name a parent, fewer ones the one further up; days that begin earlier are the start; a value per row is the name.
 */
import type { AnalysedColumn, Analysis } from "../core/analysis.ts";
import { type Telling, told } from "../core/errors.ts";
import type { NumberLimits } from "../core/fields/integer.ts";
import type { Mapping, MappingReason } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import { dateSpans, impliedParents, parentFields, suggestedRecords } from "./implied.ts";
import { type ColumnProfile, isWholeFile } from "./profile.ts";

/** Up to here a column's values are few: they name what is largest, such as a ring. */
const fewValues = 8;
/** Characters beyond which a value is no name. */
const longestName = 60;
/** A name's column has a value of its own in this share of the rows. */
const leastOwn = 0.8;
/** What values alone say is less than what a name says. */
const byValuesScore = 0.6;

const reasons: Record<Exclude<MappingReason, "none">, Telling> = {
  given: told`You chose it.`,
  name: told`It is called like the field.`,
  alias: told`It is a known name of the field.`,
  similar: told`It is called much like the field.`,
  values: told`Its values look like the field's.`,
  rest: told`It feeds no other field.`,
};

/** What an open column may be: it feeds no field, and has values. */
interface Open {
  column: number;
  profile: ColumnProfile;
}

interface Suggestion {
  field: string;
  reason: Telling;
}

/** @param seenAll the profiles are of the whole file, not of its head */
export function analyse(
  importer: Importer,
  profiles: readonly ColumnProfile[],
  mapping: Mapping,
  seenAll = false,
): Analysis {
  const sampledRows = profiles[0]?.rows ?? 0;
  const isWhole = seenAll || isWholeFile(profiles);
  const suggested = suggestionsFor(importer, profiles, mapping);
  const columns = mapping.columns.map(({ column, header, field, score, reason }): AnalysedColumn => {
    const suggestion = suggested.get(column);
    const as = { column, header, by: "file" } as const;
    if (field !== null && reason !== "none")
      return { ...as, field, isSuggested: false, score, reason: reasons[reason] };
    if (suggestion !== undefined) return { ...as, ...suggestion, isSuggested: true, score: byValuesScore };
    return { ...as, field: null, isSuggested: false, score: 0, reason: whyNone(profiles[column], reason) };
  });
  return concluded(importer, profiles, columns, { sampledRows, isWhole });
}

/** What follows of the columns: parents, days, records. */
export function concluded(
  importer: Importer,
  profiles: readonly ColumnProfile[],
  columns: AnalysedColumn[],
  { sampledRows, isWhole }: Pick<Analysis, "sampledRows" | "isWhole">,
): Analysis {
  const columnOf = new Map(columns.flatMap(({ field, column }) => (field === null ? [] : [[field, column]])));
  const parents = impliedParents(importer, profiles, columnOf, isWhole);
  const structure = suggestedRecords(importer, parents, sampledRows, isWhole);
  return { sampledRows, isWhole, columns, parents, spans: dateSpans(importer, profiles, columnOf), structure };
}

function whyNone(profile: ColumnProfile | undefined, reason: MappingReason): Telling {
  if (reason === "given") return told`You left it out.`;
  return profile === undefined || profile.filled === 0 ? told`It is empty.` : told`Nothing says which field it is.`;
}

function suggestionsFor(
  importer: Importer,
  profiles: readonly ColumnProfile[],
  mapping: Mapping,
): ReadonlyMap<number, Suggestion> {
  const fed = new Set([
    ...mapping.columns.flatMap(({ field }) => field ?? []),
    ...(mapping.fields ?? []).map(({ field }) => field),
  ]);
  const open = mapping.columns.flatMap(({ column, field, reason }): Open[] =>
    field === null && reason !== "given" && (profiles[column]?.filled ?? 0) > 0
      ? [{ column, profile: profiles[column] }]
      : [],
  );
  const unfed = Object.entries(importer.fields).flatMap(([name, { derive }]) =>
    fed.has(name) || derive !== undefined ? [] : [name],
  );
  const found = new Map<number, Suggestion>();
  // Each takes what the one before has left.
  for (const suggest of [days, numbers, parents, names, texts]) {
    const taken = new Set([...found.values()].map(({ field }) => field));
    const left = unfed.filter((name) => !taken.has(name));
    for (const [column, suggestion] of suggest(
      importer,
      left,
      open.filter(({ column: at }) => !found.has(at)),
    ))
      found.set(column, suggestion);
  }
  return found;
}

type Suggest = (importer: Importer, unfed: readonly string[], open: readonly Open[]) => [number, Suggestion][];

/** Columns of days, in the order of their first ones, as the fields of days are in the definition. */
const days: Suggest = (importer, unfed, open) => {
  const fields = unfed.filter((name) => ["date", "datetime"].includes(importer.fields[name].kind));
  const dated = open
    .filter(({ profile: { kind, least } }) => (kind === "date" || kind === "datetime") && typeof least === "string")
    .sort((a, b) => compare(a.profile.least, b.profile.least) || compare(a.profile.greatest, b.profile.greatest));
  return dated.slice(0, fields.length).map(({ column, profile }, k): [number, Suggestion] => {
    const first = String(profile.least);
    const next = dated[k + 1] ?? dated[k - 1];
    const reason =
      next === undefined || fields.length === 1
        ? told`It holds days, the first is ${first}.`
        : k === 0
          ? told`Its days begin with ${first}, before those of “${next.profile.header}”.`
          : told`Its days begin with ${first}, after those of “${dated[k - 1].profile.header}”.`;
    return [column, { field: fields[k], reason }];
  });
};

/** Only where there is one of each, and all numbers fit: two columns of numbers may be anything. */
const numbers: Suggest = (importer, unfed, open) => {
  const fields = unfed.filter((name) => ["integer", "decimal"].includes(importer.fields[name].kind));
  const numeric = open.filter(({ profile: { kind } }) => kind === "integer" || kind === "decimal");
  if (fields.length !== 1 || numeric.length !== 1) return [];
  const [{ column, profile }] = numeric;
  const { kind, min = -Infinity, max = Infinity } = importer.fields[fields[0]] as { kind: string } & NumberLimits;
  const fits =
    Number(profile.least) >= min &&
    Number(profile.greatest) <= max &&
    (kind !== "integer" || profile.kind === "integer");
  return fits ? [[column, { field: fields[0], reason: told`It is the only open column of numbers.` }]] : [];
};

/** Values that come again and again name parents: the fewer, the further up. */
const parents: Suggest = (importer, unfed, open) => {
  const fields = parentFields(importer)
    .map(({ field }) => field)
    .filter((name) => unfed.includes(name));
  const repeated = open
    .filter(({ profile }) => isRepeated(profile))
    .sort((a, b) => a.profile.distinct - b.profile.distinct || a.column - b.column);
  if (fields.length > 1 && repeated.length === 1) {
    const [{ column, profile }] = repeated;
    const { distinct, rows } = profile;
    return distinct <= fewValues
      ? [
          [
            column,
            { field: fields[0], reason: told`Only ${distinct} different {0:value|values} in ${rows} {1:row|rows}.` },
          ],
        ]
      : [
          [
            column,
            {
              field: fields[1],
              reason: told`${distinct} different {0:value|values} in ${rows} {1:row|rows}: many for the largest groups.`,
            },
          ],
        ];
  }
  return repeated.slice(0, fields.length).map(({ column, profile: { distinct, rows } }, k): [number, Suggestion] => {
    const before = repeated[k - 1]?.profile.header;
    const reason =
      before === undefined
        ? told`Only ${distinct} different {0:value|values} in ${rows} {1:row|rows}.`
        : told`${distinct} different {0:value|values} in ${rows} {1:row|rows}: more than “${before}” has.`;
    return [column, { field: fields[k], reason }];
  });
};

function isRepeated({ kind, distinct, filled, longest }: ColumnProfile): boolean {
  return (kind === "choice" || kind === "text") && longest <= longestName && filled >= 2 && distinct <= filled / 2;
}

/** The required text that is left is the name: nearly every row has one of its own, and it stands first. */
const names: Suggest = (importer, unfed, open) => {
  const fields = unfed.filter((name) => importer.fields[name].kind === "text" && importer.fields[name].required);
  const own = open.find(
    ({ profile: { kind, distinct, filled, rows, longest } }) =>
      kind === "text" && longest <= longestName && distinct >= leastOwn * filled && filled >= leastOwn * rows,
  );
  if (fields.length !== 1 || own === undefined) return [];
  return [[own.column, { field: fields[0], reason: told`Nearly every row has a value of its own.` }]];
};

/** Long text is the description, where one field is left for it. */
const texts: Suggest = (importer, unfed, open) => {
  const parent = new Set(parentFields(importer).map(({ field }) => field));
  const fields = unfed.filter((name) => importer.fields[name].kind === "text" && !parent.has(name));
  const long = open.filter(({ profile: { kind, longest } }) => kind === "text" && longest > longestName);
  if (fields.length !== 1 || long.length !== 1) return [];
  const { column, profile } = long[0];
  return [[column, { field: fields[0], reason: told`Its texts are long, up to ${profile.longest} characters.` }]];
};

function compare(a: unknown, b: unknown): number {
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}
