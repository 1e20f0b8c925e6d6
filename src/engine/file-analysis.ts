/**
 * The analysis of a pending import's file: by the file alone, and by a language model where one is configured and a person asks for it.
 * The model gets headers and a bounded sample. What it says is checked against the importer and the file; where it is slow, fails or
 * says nonsense, the file's own analysis stays.
 */
import type { AnalysedColumn, Analysis, AnalysisAnswer, AnalysisQuestion, Analyst } from "../core/analysis.ts";
import { reasonToLog, type Telling, told } from "../core/errors.ts";
import type { Language } from "../core/fields/language.ts";
import type { ImportJob } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import { within } from "../core/within.ts";
import { fieldLabel } from "../locale/locale.ts";
import { analyse, concluded } from "../mapping/analyse.ts";
import { parentFields } from "../mapping/implied.ts";
import type { ColumnProfile } from "../mapping/profile.ts";

/** What of the file a model gets at most: columns, values of each, characters of a value. */
const sentColumns = 100;
const sentValues = 5;
const sentChars = 60;
/** Characters of a reason that are shown. */
const mostReason = 200;
/** Share of a column's cells that must look like the field's kind. */
const leastShare = 0.5;

/** What a model would be sent, or was; and what became of it. */
export interface ModelReport {
  name: string;
  columns: number;
  /** Values of each column. */
  values: number;
  state: "not_asked" | "used" | "failed";
  /** Why its answer is not used; null where it is. */
  problem: Telling | null;
  /** What it said that does not fit the file, and is left out. */
  refused: number;
}

export interface AnalysedFile extends Analysis {
  /** Null: none is configured. */
  model: ModelReport | null;
}

export interface FileAnalysisParts {
  profile(job: ImportJob, signal?: AbortSignal): Promise<ColumnProfile[]>;
  analyst: Analyst | null;
  onEvent: (event: { name: "analysis.failed"; jobId: number; reason: string }) => void;
}

export class FileAnalysis {
  readonly #parts: FileAnalysisParts;

  constructor(parts: FileAnalysisParts) {
    this.#parts = parts;
  }

  /** By the file alone. */
  async ofFile(job: ImportJob, importer: Importer, signal?: AbortSignal): Promise<AnalysedFile> {
    const profiles = await this.#parts.profile(job, signal);
    const local = analyse(importer, profiles, job.mapping);
    return { ...local, model: this.#report(profiles) };
  }

  /** With what a model says of the columns that are open; without one, by the file alone. */
  async withModel(job: ImportJob, importer: Importer, language: Language, signal?: AbortSignal): Promise<AnalysedFile> {
    const { analyst, onEvent } = this.#parts;
    const profiles = await this.#parts.profile(job, signal);
    const local = analyse(importer, profiles, job.mapping);
    const report = this.#report(profiles);
    if (analyst === null || report === null) return { ...local, model: null };
    const failed = (problem: Telling): AnalysedFile => ({ ...local, model: { ...report, state: "failed", problem } });
    const late = AbortSignal.timeout(analyst.timeoutMs);
    let answer: AnalysisAnswer;
    try {
      answer = await within(AbortSignal.any([late, ...(signal === undefined ? [] : [signal])]), (until) =>
        analyst.ask(questionOf(importer, profiles, language), until),
      );
    } catch (error) {
      signal?.throwIfAborted();
      onEvent({ name: "analysis.failed", jobId: job.id, reason: late.aborted ? "too slow" : reasonToLog(error) });
      return failed(
        late.aborted
          ? told`The language model did not answer within ${analyst.timeoutMs / 1000} seconds.`
          : told`The language model could not be asked, or answered something else.`,
      );
    }
    const { columns, refused } = merged(local.columns, answer, importer, profiles);
    return {
      ...concluded(importer, profiles, columns, local),
      model: { ...report, state: "used", refused },
    };
  }

  #report(profiles: readonly ColumnProfile[]): ModelReport | null {
    const { analyst } = this.#parts;
    if (analyst === null) return null;
    const columns = Math.min(sentColumns, profiles.length);
    return { name: analyst.name, columns, values: sentValues, state: "not_asked", problem: null, refused: 0 };
  }
}

function cut(text: string): string {
  return text.length > sentChars ? `${text.slice(0, sentChars)}…` : text;
}

function questionOf(importer: Importer, profiles: readonly ColumnProfile[], language: Language): AnalysisQuestion {
  const parents = new Set(parentFields(importer).map(({ field }) => field));
  const label = fieldLabel(importer, language);
  return {
    importer: importer.name,
    language,
    fields: Object.entries(importer.fields)
      .filter(([, { derive }]) => derive === undefined)
      .map(([name, { kind, required }]) => ({
        ...{ name, kind, required, isParent: parents.has(name) },
        label: label(name),
      })),
    columns: profiles.slice(0, sentColumns).map(({ header, kind, distinct, top }) => ({
      ...{ header: cut(header), kind, distinct },
      examples: top.slice(0, sentValues).map(({ value }) => cut(value)),
    })),
  };
}

/** The columns with what the model says of those that are open, as far as it fits. */
function merged(
  columns: readonly AnalysedColumn[],
  answer: AnalysisAnswer,
  importer: Importer,
  profiles: readonly ColumnProfile[],
): { columns: AnalysedColumn[]; refused: number } {
  const merged = [...columns];
  const settled = new Set(columns.flatMap(({ field, isSuggested }) => (field === null || isSuggested ? [] : [field])));
  const said = new Map<number, { field: string; reason: string }>();
  let refused = 0;
  for (const { header, field, reason } of answer.columns) {
    const column = columns.findIndex((each) => cut(each.header) === header);
    const isOpen = column >= 0 && (columns[column].field === null || columns[column].isSuggested);
    // That a settled column is what it is, or that an open one is nothing, is no suggestion.
    if (field === null || (column >= 0 && columns[column].field === field && !columns[column].isSuggested)) continue;
    const fits = isOpen && !settled.has(field) && !said.has(column) && fitsField(importer, field, profiles[column]);
    if (!fits) {
      refused++;
      continue;
    }
    settled.add(field);
    said.set(column, { field, reason });
  }
  for (const [column, { field, reason }] of said) {
    const words = reason.replace(/\s+/g, " ").trim().slice(0, mostReason);
    merged[column] = {
      ...{ ...merged[column], field, isSuggested: true, score: 0.7, by: "model" },
      reason: words === "" ? told`The language model says so.` : { template: "{0}", values: [words] },
    };
  }
  // What the file alone suggested for a field that the model has given to another column.
  for (const [k, each] of merged.entries())
    if (each.by === "file" && each.isSuggested && each.field !== null && settled.has(each.field))
      merged[k] = { ...each, field: null, isSuggested: false, score: 0, reason: told`Nothing says which field it is.` };
  return { columns: merged, refused };
}

/** Whether the column can be the field, by what its cells look like. */
function fitsField(importer: Importer, name: string, profile: ColumnProfile | undefined): boolean {
  if (!Object.hasOwn(importer.fields, name) || profile === undefined || profile.filled === 0) return false;
  const { kind, derive } = importer.fields[name];
  if (derive !== undefined) return false;
  const { shares } = profile;
  if (kind === "date" || kind === "datetime") return shares.date >= leastShare;
  if (kind === "email" || kind === "boolean") return shares[kind] >= leastShare;
  if (kind === "integer" || kind === "decimal") return shares.decimal >= leastShare;
  if (kind === "phone") return shares.phone + shares.integer >= leastShare;
  return true;
}
