/**
 * Suggests which field each column feeds: by the person's own word, by name and alias, by similar names, and by what the
 * values look like. Every suggestion says how sure it is and why.
 */
import { SluiceError } from "../errors.ts";
import type { Field } from "../field.ts";
import type { ColumnMapping, Mapping, MappingReason, Transform } from "../import.ts";
import type { Importer } from "../importer.ts";
import { choiceWords } from "./encode-words.ts";
import { fold } from "./fold.ts";
import type { ColumnProfile } from "./profile.ts";
import { reportColumnCount } from "./report-cell.ts";

/** What a person says of one column: its field (null leaves it out) and how its cells are read. */
export interface GivenMapping {
  column: string;
  field: string | null;
  transform?: Transform;
}

interface Candidate {
  column: number;
  field: string;
  score: number;
  reason: MappingReason;
}

/** Below this a similar name is no suggestion. */
const leastSimilarity = 0.72;
/** From here on a similar name needs no confirmation. */
const sureSimilarity = 0.9;
/** Share of a column's cells that must look like a field's kind. */
const leastShare = 0.8;

/**
 * The mapping of a file's columns.
 *
 * @throws SluiceError `invalid` when a given column or field does not exist, with the ones that do.
 */
export function mapColumns(
  importer: Importer,
  profiles: readonly ColumnProfile[],
  given: readonly GivenMapping[] = [],
): Mapping {
  const columns: ColumnMapping[] = profiles.map(({ header }, column) => ({
    column,
    header,
    field: null,
    score: 0,
    reason: "none",
  }));
  const takenFields = new Set<string>();
  // A report's row numbers and reasons feed nothing when it comes back.
  const takenColumns = new Set<number>(profiles.keys().take(reportColumnCount(profiles.map(({ header }) => header))));
  for (const each of given) {
    const column = columnOf(profiles, each.column);
    if (each.field !== null && !Object.hasOwn(importer.fields, each.field)) {
      throw new SluiceError(
        "invalid",
        `--map: there is no field "${each.field}". The fields are: ${Object.keys(importer.fields).join(", ")}.`,
      );
    }
    if (each.field !== null && takenFields.has(each.field)) {
      throw new SluiceError("invalid", `--map: two columns are sent to the field "${each.field}". Choose one of them.`);
    }
    if (each.field !== null) takenFields.add(each.field);
    takenColumns.add(column);
    columns[column] = {
      ...columns[column],
      field: each.field,
      score: 1,
      reason: "given",
      ...(each.transform && { transform: each.transform }),
    };
  }
  const candidates = [...candidatesByName(importer, profiles), ...candidatesByValues(importer, profiles)]
    .filter(({ field, column }) => !takenFields.has(field) && !takenColumns.has(column))
    .sort((a, b) => b.score - a.score || a.column - b.column);
  for (const candidate of candidates) {
    if (takenColumns.has(candidate.column)) continue;
    const rival = columns.find((column) => column.field === candidate.field);
    if (rival !== undefined) {
      // Two columns are called the same: the first is taken, and the person is asked.
      if (rival.reason !== "given" && rival.score - candidate.score < 0.05 && candidate.reason !== "values") {
        rival.doubt ??= "ambiguous_field";
      }
      continue;
    }
    takenColumns.add(candidate.column);
    const doubt = candidate.reason === "similar" && candidate.score < sureSimilarity ? "similar_name" : undefined;
    columns[candidate.column] = { ...columns[candidate.column], ...candidate, ...(doubt && { doubt }) };
  }
  return { columns: columns.map((column) => withTransform(column, importer, profiles[column.column])) };
}

/** What still keeps the import from starting: required fields, and groups of which one is needed, without a column. */
export function missingFields(importer: Importer, mapping: Mapping): string[] {
  const mapped = new Set(mapping.columns.map((column) => column.field));
  const missing = Object.entries(importer.fields)
    .filter(([name, field]) => field.required && !mapped.has(name))
    .map(([name]) => name);
  for (const check of importer.checks ?? []) {
    if (typeof check !== "function" && !check.fields.some((name) => mapped.has(name)))
      missing.push(check.fields.join(" | "));
  }
  return missing;
}

function columnOf(profiles: readonly ColumnProfile[], name: string): number {
  const exact = profiles.findIndex(({ header }) => header === name);
  const column =
    exact >= 0 ? exact : profiles.findIndex(({ header }) => fold(name) !== "" && fold(header) === fold(name));
  if (column < 0) {
    const some = profiles
      .slice(0, 30)
      .map(({ header }) => header)
      .join(", ");
    throw new SluiceError(
      "invalid",
      `--map: the file has no column "${name}". Its columns are: ${some}${profiles.length > 30 ? ", …" : ""}.`,
    );
  }
  return column;
}

function* candidatesByName(importer: Importer, profiles: readonly ColumnProfile[]): Generator<Candidate> {
  const names = Object.entries(importer.fields).map(([name, field]) => ({
    name,
    own: fold(name),
    others: aliasesOf(field),
  }));
  const headers = new Set(profiles.map(({ header }) => header));
  for (const [column, { header }] of profiles.entries()) {
    const folded = fold(withoutNumber(header, headers));
    if (folded === "") continue;
    for (const { name, own, others } of names) {
      if (folded === own) {
        yield { column, field: name, score: 1, reason: "name" };
      } else if (others.includes(folded)) {
        yield { column, field: name, score: 0.98, reason: "alias" };
      } else {
        const score = 0.95 * Math.max(...[own, ...others].map((other) => similarity(folded, other)));
        if (score >= leastSimilarity) yield { column, field: name, score, reason: "similar" };
      }
    }
  }
}

/** `City (2)` is called `City` in the file, where the detection numbered it as the second of that name. */
function withoutNumber(header: string, headers: ReadonlySet<string>): string {
  const base = header.replace(/ \(\d+\)$/, "");
  return headers.has(base) ? base : header;
}

function aliasesOf(field: Field): string[] {
  return [...Object.values(field.aliases).flat(), ...Object.values(field.label)].map(fold);
}

/** A column whose cells look like just one field's kind feeds that field, whatever it is called. */
function* candidatesByValues(importer: Importer, profiles: readonly ColumnProfile[]): Generator<Candidate> {
  const fields = Object.entries(importer.fields);
  const only = (kind: Field["kind"]): string | undefined => {
    const those = fields.filter(([, field]) => field.kind === kind);
    return those.length === 1 ? those[0][0] : undefined;
  };
  for (const [column, profile] of profiles.entries()) {
    if (profile.filled < 2) continue;
    for (const kind of ["email", "phone", "date"] as const) {
      const name = only(kind);
      const share = profile.shares[kind];
      if (name !== undefined && share >= leastShare)
        yield { column, field: name, score: 0.7 * share, reason: "values" };
    }
    for (const [name, field] of fields) {
      if (field.kind !== "choice") continue;
      const words = choiceWords(field, {});
      const known = profile.top
        .filter(({ value }) => words.has(fold(value)))
        .reduce((sum, { count }) => sum + count, 0);
      if (known / profile.filled >= leastShare)
        yield { column, field: name, score: (0.7 * known) / profile.filled, reason: "values" };
    }
  }
}

/** How alike two folded names are, 0 to 1: Dice's coefficient over pairs of letters. */
export function similarity(a: string, b: string): number {
  if (a === b) return 1;
  if (a.length < 3 || b.length < 3) return 0;
  const pairs = new Map<string, number>();
  for (let i = 0; i < a.length - 1; i++) {
    const pair = a.slice(i, i + 2);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  let shared = 0;
  for (let i = 0; i < b.length - 1; i++) {
    const pair = b.slice(i, i + 2);
    const left = pairs.get(pair) ?? 0;
    if (left > 0) {
      shared++;
      pairs.set(pair, left - 1);
    }
  }
  return (2 * shared) / (a.length + b.length - 2);
}

/** Adds how the column's dates and numbers are to be read, or the doubt that a person must settle. */
function withTransform(column: ColumnMapping, importer: Importer, profile: ColumnProfile): ColumnMapping {
  if (column.field === null) return column;
  const { kind } = importer.fields[column.field];
  if (kind === "date" || kind === "datetime") {
    if (column.transform?.dateOrder !== undefined) return column;
    const { dmy, mdy, ymd, either } = profile.dateOrders;
    const dateOrder = mdy > dmy ? "mdy" : ymd > 0 && dmy === 0 && either === 0 ? "ymd" : "dmy";
    // A few dates that fit only the other order are slips; more are no order at all.
    const doubtful = dmy === 0 && mdy === 0 ? either > 0 : 10 * Math.min(dmy, mdy) > Math.max(dmy, mdy);
    return { ...column, transform: { ...column.transform, dateOrder }, ...(doubtful && { doubt: "date_order" }) };
  }
  if (kind === "integer" || kind === "decimal") {
    if (column.transform?.decimalMark !== undefined) return column;
    const { comma, point, either } = profile.decimalMarks;
    if (comma + point + either === 0) return column;
    const doubtful = comma === 0 && point === 0 ? either > 0 : 10 * Math.min(comma, point) > Math.max(comma, point);
    return {
      ...column,
      transform: { ...column.transform, decimalMark: comma > point ? "," : "." },
      ...(doubtful && { doubt: "decimal_mark" }),
    };
  }
  return column;
}
