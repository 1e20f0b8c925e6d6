/**
 * Suggests which field each column feeds: by the person's own word, by name and alias, by similar names, and by what the
 * values look like. Every suggestion says how sure it is and why.
 */
import { SluiceError, told } from "../core/errors.ts";
import type { Field } from "../core/field.ts";
import type { ColumnMapping, Mapping, MappingReason, Transform } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import { choiceWords } from "../values/encode-words.ts";
import { fold } from "../values/fold.ts";
import { reportColumnCount } from "../values/report-cell.ts";
import { type ColumnNames, namesOf } from "./column-names.ts";
import { withEvidence } from "./map-evidence.ts";
import { comparedName, similarity } from "./name-similarity.ts";
import type { ColumnProfile } from "./profile.ts";

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
/** What a similar name counts beside the same one. */
const similarWeight = 0.95;
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
  const names = namesOf(profiles.map(({ header }) => header));
  for (const each of given) {
    const column = columnOf(profiles, names, each.column);
    if (each.field !== null && !Object.hasOwn(importer.fields, each.field)) {
      throw new SluiceError(
        "invalid",
        told`--map: there is no field "${each.field}". The fields are: ${Object.keys(importer.fields).join(", ")}.`,
      );
    }
    if (each.field !== null && takenFields.has(each.field)) {
      throw new SluiceError(
        "invalid",
        told`--map: two columns are sent to the field "${each.field}". Choose one of them.`,
      );
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
  const open = profiles.map((_, column) => !takenColumns.has(column));
  const candidates = [...candidatesByName(importer, profiles, open), ...candidatesByValues(importer, profiles, open)]
    .filter(({ field, column }) => !takenFields.has(field) && !takenColumns.has(column))
    .sort((a, b) => b.score - a.score || a.column - b.column);
  const columnOfField = new Map<string, number>();
  for (const candidate of candidates) {
    if (takenColumns.has(candidate.column)) continue;
    const rival = columns[columnOfField.get(candidate.field) ?? -1];
    if (rival !== undefined) {
      // Two columns are called the same: the first is taken, and the person is asked.
      if (rival.reason !== "given" && rival.score - candidate.score < 0.05 && candidate.reason !== "values") {
        rival.doubt ??= "ambiguous_field";
      }
      continue;
    }
    takenColumns.add(candidate.column);
    columnOfField.set(candidate.field, candidate.column);
    const doubt = candidate.reason === "similar" && candidate.score < sureSimilarity ? "similar_name" : undefined;
    columns[candidate.column] = { ...columns[candidate.column], ...candidate, ...(doubt && { doubt }) };
  }
  return {
    columns: columns.map((column) =>
      column.field === null ? column : withEvidence(column, importer.fields[column.field], profiles[column.column]),
    ),
  };
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

/** The first of these fields that no column feeds. */
export function unfedKey(keys: readonly string[], mapping: Mapping): string | undefined {
  return keys.find((key) => !mapping.columns.some(({ field }) => field === key));
}

function columnOf(profiles: readonly ColumnProfile[], names: ColumnNames, name: string): number {
  const column = names.find(name);
  if (column < 0) {
    const some = profiles.slice(0, 30).map(({ header }) => header);
    if (profiles.length > 30) some.push("…");
    throw new SluiceError("invalid", told`--map: the file has no column "${name}". Its columns are: ${some}.`);
  }
  return column;
}

/** `open`: the columns that are looked at. */
function* candidatesByName(
  importer: Importer,
  profiles: readonly ColumnProfile[],
  open: readonly boolean[],
): Generator<Candidate> {
  const names = Object.entries(importer.fields).map(([name, field]) => ({
    name,
    own: comparedName(fold(name)),
    others: aliasesOf(field).map(comparedName),
  }));
  const headers = new Set(profiles.map(({ header }) => header));
  for (const [column, { header }] of profiles.entries()) {
    if (!open[column]) continue;
    const folded = comparedName(fold(withoutNumber(header, headers)));
    if (folded.name === "") continue;
    for (const { name, own, others } of names) {
      if (folded.name === own.name) {
        yield { column, field: name, score: 1, reason: "name" };
      } else if (others.some((other) => other.name === folded.name)) {
        yield { column, field: name, score: 0.98, reason: "alias" };
      } else {
        const least = leastSimilarity / similarWeight;
        let best = similarity(folded, own, least);
        for (const other of others) best = Math.max(best, similarity(folded, other, least));
        if (best >= least) yield { column, field: name, score: similarWeight * best, reason: "similar" };
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
function* candidatesByValues(
  importer: Importer,
  profiles: readonly ColumnProfile[],
  open: readonly boolean[],
): Generator<Candidate> {
  const fields = Object.entries(importer.fields);
  const only = (kind: Field["kind"]): string | undefined => {
    const those = fields.filter(([, field]) => field.kind === kind);
    return those.length === 1 ? those[0][0] : undefined;
  };
  const choices = fields.flatMap(([name, field]) =>
    field.kind === "choice" ? [{ name, words: choiceWords(field, {}) }] : [],
  );
  for (const [column, profile] of profiles.entries()) {
    if (profile.filled < 2 || !open[column]) continue;
    for (const kind of ["email", "phone", "date"] as const) {
      const name = only(kind);
      const share = profile.shares[kind];
      if (name !== undefined && share >= leastShare)
        yield { column, field: name, score: 0.7 * share, reason: "values" };
    }
    if (choices.length === 0) continue;
    const top = profile.top.map(({ value, count }) => ({ word: fold(value), count }));
    for (const { name, words } of choices) {
      const known = top.filter(({ word }) => words.has(word)).reduce((sum, { count }) => sum + count, 0);
      if (known / profile.filled >= leastShare)
        yield { column, field: name, score: (0.7 * known) / profile.filled, reason: "values" };
    }
  }
}
