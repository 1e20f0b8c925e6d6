/**
 * Suggests which field each column feeds: by the person's own word, by name and alias, by similar names, and by what the
 * values look like. Every suggestion says how sure it is and why.
 */

import { restName } from "../core/feed-names.ts";
import { feedOf, feedsOf, restField } from "../core/feeds.ts";
import type { Field } from "../core/field.ts";
import { columnsOf } from "../core/field-source.ts";
import { namerOf } from "../core/fields/columns.ts";
import { type Given, isGivenField } from "../core/given-mapping.ts";
import { type ColumnMapping, isFed, type MadeField, type Mapping, type MappingReason } from "../core/import.ts";
import { type Importer, neededGroups } from "../core/importer.ts";
import { type Key, keyFields } from "../core/keys.ts";
import type { Dialect } from "../core/row.ts";
import { choiceWords } from "../values/encode-words.ts";
import { fold } from "../values/fold.ts";
import { reportColumnCount } from "../values/report-cell.ts";
import { namesOf } from "./column-names.ts";
import { type FileEvidence, fileEvidence, tellingColumns } from "./file-evidence.ts";
import { asColumn, columnOf, madeFieldOf, refuseSecond, refuseUnknownField } from "./given.ts";
import { refuseBadValue } from "./given-value.ts";
import { refuseUnknownZone } from "./given-zone.ts";
import { headerZone } from "./header-zone.ts";
import { withEvidence } from "./map-evidence.ts";
import { NameIndex } from "./name-similarity.ts";
import type { ColumnProfile } from "./profile.ts";
import { suggestedSplits } from "./suggest-splits.ts";

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
/** The weight of a name that has a time zone beside it, so that a column without one comes first and is not asked about. */
const withZoneWeight = 0.92;
/** Share of a column's cells that must look like a field's kind. */
const leastShare = 0.8;

/** What is known of the file besides the columns that are mapped. */
export interface MappedFile {
  dialect?: Dialect;
  /** All of its columns, where only some are mapped. */
  all?: readonly ColumnProfile[];
}

/**
 * The mapping of a file's columns.
 *
 * @throws SluiceError `invalid` when a given column or field does not exist, with the ones that do.
 */
export function mapColumns(
  importer: Importer,
  profiles: readonly ColumnProfile[],
  given: readonly Given[] = [],
  file: MappedFile = {},
): Mapping {
  const mapping = mapInSteps(importer, profiles, given, file);
  for (;;) {
    const { done, value } = mapping.next();
    if (done) return value;
  }
}

/** A turn on a thread that answers others as well: 16,384 columns take a tenth of a second or two. */
const turnMs = 10;

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
  given: readonly Given[] = [],
  { dialect, all = profiles }: MappedFile = {},
): Generator<undefined, Mapping> {
  const columns: ColumnMapping[] = profiles.map(({ header }, column) => ({
    column,
    header,
    field: null,
    score: 0,
    reason: "none",
  }));
  const takenFields = new Set<string>();
  const isShared = (name: string): boolean => feedOf(importer, name)?.isShared === true;
  // A report's row numbers and reasons feed nothing when it comes back.
  const takenColumns = new Set<number>(profiles.keys().take(reportColumnCount(profiles.map(({ header }) => header))));
  const names = namesOf(profiles.map(({ header }) => header));
  yield;
  const made: MadeField[] = [];
  for (const said of given) {
    yield;
    const each = asColumn(said, names);
    if (isGivenField(each)) {
      refuseSecond(takenFields, each.field, "");
      const field = madeFieldOf(importer, profiles, names, each);
      if (field === null) continue;
      made.push(field);
      takenFields.add(each.field);
      continue;
    }
    const column = columnOf(profiles, names, each);
    if (each.field !== null) {
      refuseUnknownField(importer, each.field, each.column);
      refuseSecond(takenFields, each.field, each.column);
      refuseUnknownZone(each.column, each.field, each.transform?.timeZone);
      if (!isShared(each.field)) takenFields.add(each.field);
      if (each.default !== undefined) refuseBadValue(importer, each.field, each.default, each.transform);
    }
    takenColumns.add(column);
    columns[column] = {
      ...columns[column],
      field: each.field,
      score: 1,
      reason: "given",
      ...(each.transform && { transform: each.transform }),
      ...(each.default !== undefined && each.field !== null && { default: each.default }),
      ...(each.readBy !== undefined && { readBy: each.readBy }),
    };
  }
  // Parts of what is made feed nothing by themselves, unless somebody says so.
  for (const { source } of made) for (const column of columnsOf(source)) takenColumns.add(column);
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
    if (rival !== undefined && !isShared(candidate.field)) {
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
  // What is left goes where the importer takes it.
  const rest = restField(importer);
  if (rest !== null)
    for (const column of columns)
      if (!takenColumns.has(column.column)) Object.assign(column, { field: restName(rest), score: 1, reason: "rest" });
  let evidence: FileEvidence | null = null;
  const file = (): FileEvidence => {
    evidence ??= fileEvidence(
      tellingColumns(all),
      all.map(({ header }) => header),
      dialect,
    );
    return evidence;
  };
  const mapped = columns.map((column) => {
    const feed = column.field === null ? null : feedOf(importer, column.field);
    return feed === null ? column : withEvidence(column, feed.field, profiles[column.column], file);
  });
  const present: Mapping = made.length === 0 ? { columns: mapped } : { columns: mapped, fields: made };
  const suggested = suggestedSplits(importer, mapped, profiles, (name) => hasValues(importer, present, name));
  if (suggested.length === 0) return present;
  const parts = new Set(suggested.map(({ field }) => field));
  return {
    columns: mapped.map((column) =>
      column.field !== null && parts.has(column.field)
        ? { column: column.column, header: column.header, field: null, score: 0, reason: "none" }
        : column,
    ),
    fields: [...made, ...suggested],
  };
}

/** What still keeps the import from starting: required fields, and groups of which one is needed, without a column. */
export function missingFields(importer: Importer, mapping: Mapping): string[] {
  const missing = Object.entries(importer.fields)
    .filter(([name, field]) => field.required && !hasValues(importer, mapping, name))
    .map(([name]) => name);
  for (const names of neededGroups(importer))
    if (!names.some((name) => hasValues(importer, mapping, name))) missing.push(names.join(" | "));
  return missing;
}

/** Whether a field has values: the mapping feeds it, or the definition makes them. */
function hasValues({ fields }: Importer, mapping: Mapping, name: string): boolean {
  const { default: fallback, derive } = fields[name] ?? {};
  return fallback !== undefined || derive !== undefined || isFed(mapping, name);
}

/** The first field of these keys that nothing feeds. */
export function unfedKey(keys: readonly Key[], importer: Importer, mapping: Mapping): string | undefined {
  return keyFields(keys).find((key) => !hasValues(importer, mapping, key));
}

const sameName = { score: 1, reason: "name" } as const;
const sameAlias = { score: 0.98, reason: "alias" } as const;
const similarTo = (likeness: number) => ({ score: similarWeight * likeness, reason: "similar" }) as const;

/** Those that a column may feed. */
function mappableFields({ fields }: Importer): [name: string, field: Field][] {
  return Object.entries(fields).filter(([, { derive }]) => derive === undefined);
}

/** What one column may feed. */
type CandidatesOf = (column: number, profile: ColumnProfile) => Candidate[];

function byName(importer: Importer, profiles: readonly ColumnProfile[]): CandidatesOf {
  const feeds = feedsOf(importer).filter(({ isRest }) => !isRest);
  const called = feeds.flatMap(({ isShared, member, owner, field }, k) =>
    isShared
      ? []
      : [
          { field: k, name: fold(member ?? owner), isOwn: true },
          ...aliasesOf(field).map((alias) => ({ field: k, name: alias, isOwn: false })),
        ],
  );
  const several = Object.entries(importer.fields).flatMap(([name, field]) =>
    field.kind === "columns" ? [{ name, namer: namerOf(field, fold) }] : [],
  );
  const index = new NameIndex(called.map(({ name }) => name));
  const headers = new Set(profiles.map(({ header }) => header));
  return (column, { header }) => {
    const folded = fold(withoutNumber(header, headers));
    const together = several.filter(({ namer }) => namer(header) !== null);
    if (together.length > 0) return together.map(({ name }) => ({ column, field: name, ...sameName }));
    if (folded === "") return [];
    const best = new Map<number, Pick<Candidate, "score" | "reason">>();
    const look = (by: string, weight: number): void => {
      for (const [place, likeness] of index.similar(by, leastSimilarity / similarWeight)) {
        const { field, name, isOwn } = called[place];
        const { score, reason } = name !== by ? similarTo(likeness) : isOwn ? sameName : sameAlias;
        if (weight * score > (best.get(field)?.score ?? 0)) best.set(field, { score: weight * score, reason });
      }
    };
    look(folded, 1);
    const zoned = headerZone(header);
    if (zoned !== null) look(fold(zoned.name), withZoneWeight);
    return [...best]
      .sort(([a], [b]) => a - b)
      .map(([field, found]) => ({ column, field: feeds[field].name, ...found }));
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
  const fields = mappableFields(importer);
  const only = (kind: Field["kind"]): string | undefined => {
    const those = fields.filter(([, field]) => field.kind === kind);
    return those.length === 1 ? those[0][0] : undefined;
  };
  const kinds = (["email", "phone", "date"] as const).map((kind) => ({ kind, field: only(kind) }));
  const choices = fields.flatMap(([name, field]) =>
    field.kind === "choice" ? [{ name, words: choiceWords(field, {}) }] : [],
  );
  return (column, { filled: all, blanks, shares, top }) => {
    const filled = all - blanks;
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
