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
import { NameIndex } from "./name-similarity.ts";
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

/** A similar name below this is not suggested. */
const leastSimilarity = 0.72;
/** From here on a similar name needs no confirmation. */
const sureSimilarity = 0.9;
/** The weight of a similar name, compared with an identical one. */
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
  const mapping = mapInSteps(importer, profiles, given);
  for (;;) {
    const { done, value } = mapping.next();
    if (done) return value;
  }
}

/** A turn on a thread that answers others as well: 16,384 columns take a tenth of a second or two. */
const turnMs = 20;

/** The same for a thread that others wait for. @throws SluiceError as `mapColumns` does. */
export async function mapColumnsInTurns(...of: Parameters<typeof mapColumns>): Promise<Mapping> {
  const mapping = mapInSteps(...of);
  for (let turnAt = performance.now() + turnMs; ; ) {
    const { done, value } = mapping.next();
    if (done) return value;
    if (performance.now() < turnAt) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    turnAt = performance.now() + turnMs;
  }
}

/** Yields between columns. */
function* mapInSteps(
  importer: Importer,
  profiles: readonly ColumnProfile[],
  given: readonly GivenMapping[] = [],
): Generator<undefined, Mapping> {
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
    const column = columnOf(profiles, names, each);
    if (each.field !== null && !Object.hasOwn(importer.fields, each.field)) {
      throw new SluiceError(
        "invalid",
        told`There is no field "${each.field}". The fields are: ${Object.keys(importer.fields).join(", ")}.`,
        { next: { code: "correct_mapping", column: each.column, field: each.field } },
      );
    }
    if (each.field !== null && takenFields.has(each.field)) {
      throw new SluiceError("invalid", told`Two columns are mapped to the field "${each.field}". Choose one of them.`, {
        next: { code: "correct_mapping", column: each.column, field: each.field },
      });
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
  const candidates: Candidate[] = [];
  for (const candidatesOf of [byName(importer, profiles), byValues(importer)]) {
    for (const [column, profile] of profiles.entries()) {
      if (open[column])
        candidates.push(...candidatesOf(column, profile).filter(({ field }) => !takenFields.has(field)));
      yield;
    }
  }
  candidates.sort((a, b) => b.score - a.score || a.column - b.column);
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

function columnOf(
  profiles: readonly ColumnProfile[],
  names: ColumnNames,
  { column: name, field }: GivenMapping,
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

const sameName = { score: 1, reason: "name" } as const;
const sameAlias = { score: 0.98, reason: "alias" } as const;
const similarTo = (likeness: number) => ({ score: similarWeight * likeness, reason: "similar" }) as const;

/** What one column may feed. */
type CandidatesOf = (column: number, profile: ColumnProfile) => Candidate[];

function byName(importer: Importer, profiles: readonly ColumnProfile[]): CandidatesOf {
  const fields = Object.entries(importer.fields);
  const called = fields.flatMap(([name, field], k) => [
    { field: k, name: fold(name), isOwn: true },
    ...aliasesOf(field).map((alias) => ({ field: k, name: alias, isOwn: false })),
  ]);
  const index = new NameIndex(called.map(({ name }) => name));
  const headers = new Set(profiles.map(({ header }) => header));
  return (column, { header }) => {
    const folded = fold(withoutNumber(header, headers));
    if (folded === "") return [];
    const best = new Map<number, Pick<Candidate, "score" | "reason">>();
    for (const [place, likeness] of index.similar(folded, leastSimilarity / similarWeight)) {
      const { field, name, isOwn } = called[place];
      const found = name !== folded ? similarTo(likeness) : isOwn ? sameName : sameAlias;
      if (found.score > (best.get(field)?.score ?? 0)) best.set(field, found);
    }
    return [...best].sort(([a], [b]) => a - b).map(([field, found]) => ({ column, field: fields[field][0], ...found }));
  };
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
function byValues(importer: Importer): CandidatesOf {
  const fields = Object.entries(importer.fields);
  const only = (kind: Field["kind"]): string | undefined => {
    const those = fields.filter(([, field]) => field.kind === kind);
    return those.length === 1 ? those[0][0] : undefined;
  };
  const kinds = (["email", "phone", "date"] as const).map((kind) => ({ kind, field: only(kind) }));
  const choices = fields.flatMap(([name, field]) =>
    field.kind === "choice" ? [{ name, words: choiceWords(field, {}) }] : [],
  );
  return (column, { filled, shares, top }) => {
    if (filled < 2) return [];
    const found: Candidate[] = [];
    for (const { kind, field } of kinds) {
      if (field !== undefined && shares[kind] >= leastShare)
        found.push({ column, field, score: 0.7 * shares[kind], reason: "values" });
    }
    if (choices.length === 0) return found;
    const words = top.map(({ value, count }) => ({ word: fold(value), count }));
    for (const { name, words: own } of choices) {
      const known = words.filter(({ word }) => own.has(word)).reduce((sum, { count }) => sum + count, 0);
      if (known / filled >= leastShare)
        found.push({ column, field: name, score: (0.7 * known) / filled, reason: "values" });
    }
    return found;
  };
}
