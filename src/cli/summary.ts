/** What an import came to: as an object for programs, as a few lines for people. */
import { relative } from "node:path";
import type { Language } from "../core/fields/language.ts";
import type { Counts, ImportJob } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import type { IssueCount } from "../core/issue.ts";
import { countsByRecord, recordOutcomes } from "../core/record-counts.ts";
import { linkName, targetRecord } from "../core/records.ts";
import type { Engine } from "../engine/engine.ts";
import { fieldLabel, rowsText, textsOf } from "../locale/locale.ts";
import { recordLabel } from "../locale/record-label.ts";
import { issueFlag } from "./next-step.ts";
import type { PhaseTimes } from "./progress.ts";
import { recordTable } from "./record-table.ts";
import type { Terminal } from "./terminal.ts";

export interface Summary extends Counts {
  id: number | null;
  importer: string;
  status: string;
  rows: number;
  phases: Record<string, { seconds: number; rowsPerSecond: number }>;
  seconds: number;
  peakRssBytes: number;
  rejectedRowsFile: string | null;
  issues: IssueCount[];
}

export async function summarize(
  engine: Engine,
  jobId: number,
  run: { phases: Record<string, PhaseTimes | undefined>; seconds: number; peakRssBytes: number },
): Promise<Summary> {
  const job = await engine.imports.get(jobId);
  const counts = await engine.imports.counts(jobId);
  return summaryOf(job, counts, await engine.imports.issueCounts(jobId), { ...run, ...wholeTimes(job, run) });
}

/** Of an import that an earlier run began: what reading and writing took from the first of them on, and not this run alone. */
function wholeTimes(
  { parseStartedAt, parsedAt, commitStartedAt, completedAt, processedRows, totalRows }: ImportJob,
  { phases, seconds }: { phases: Record<string, PhaseTimes | undefined>; seconds: number },
): { phases: Record<string, PhaseTimes | undefined>; seconds: number } {
  const isResumed = parseStartedAt !== null && Date.now() - parseStartedAt.getTime() > seconds * 1000;
  if (!isResumed) return { phases, seconds };
  const span = (from: Date | null, to: Date | null): number =>
    from === null || to === null ? 0 : Math.max(0, to.getTime() - from.getTime()) / 1000;
  const [parse, commit] = [span(parseStartedAt, parsedAt), span(commitStartedAt, completedAt)];
  return {
    phases: {
      ...phases,
      ...(parse > 0 && { parse: { seconds: parse, rows: processedRows } }),
      ...(commit > 0 && { commit: { seconds: commit, rows: totalRows } }),
    },
    seconds: Math.max(seconds, parse + commit),
  };
}

export function summaryOf(
  job: ImportJob,
  counts: Counts,
  issues: IssueCount[],
  run: { phases: Record<string, PhaseTimes | undefined>; seconds: number; peakRssBytes: number },
): Summary {
  const phases = Object.entries(run.phases).flatMap(([name, times]) => {
    if (times === undefined) return [];
    return [
      [
        name,
        { seconds: round(times.seconds), rowsPerSecond: Math.round(times.rows / Math.max(0.001, times.seconds)) },
      ] as const,
    ];
  });
  return {
    id: job.id,
    importer: job.importer,
    status: job.status,
    rows: job.totalRows,
    ...counts,
    phases: Object.fromEntries(phases),
    seconds: round(run.seconds),
    peakRssBytes: run.peakRssBytes,
    rejectedRowsFile: job.rejectedRowsPath,
    issues,
  };
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

/** Kinds of issue that are listed, the most frequent first. */
const shownIssues = 12;

/** The lines a person reads at the end. */
export function summaryText(engine: Engine, summary: Summary, language: string, terminal: Terminal): string {
  const importer = engine.importer(summary.importer);
  return summaryLines(fieldLabel(importer, language), summary, language, terminal, recordsOf(importer, language));
}

/** One of several records of a row, and what people call it. */
export interface NamedRecord {
  name: string;
  label: string;
}

export function recordsOf({ records = [] }: Pick<Importer, "records">, language: string): NamedRecord[] {
  return records.map((record) => ({ name: record.name, label: recordLabel(record, language as Language) }));
}

/** Each with the rows of its link table behind it, whether it has one or not. */
export function withLinks(records: readonly NamedRecord[], language: string): NamedRecord[] {
  const { recordLinks } = textsOf(language).words;
  return records.flatMap((record) => [
    record,
    { name: linkName(record.name), label: recordLinks.replace("{record}", record.label) },
  ]);
}

/** The numbers of a summary that are not of rows. */
function countsOf(summary: Summary): Record<string, number> {
  return Object.fromEntries(
    Object.entries(summary).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
  );
}

/** The same where the importer is not at hand: `label` names a field in the reader's language. */
export function summaryLines(
  label: (field: string) => string,
  summary: Summary,
  language: string,
  terminal: Terminal,
  records: readonly NamedRecord[] = [],
): string {
  const { words, titles, recordOutcomes: outcomes } = textsOf(language);
  const count = new Intl.NumberFormat(language);
  const status =
    summary.status === "completed" ? words.completed : summary.status === "paused" ? words.paused : summary.status;
  const what =
    summary.id === null
      ? `${words.dryRun} (${summary.importer})`
      : `${words.import} ${summary.id} (${summary.importer}) ${status}`;
  const lines = [`${what}: ${rowsText(language, summary.rows)}, ${summary.seconds.toFixed(1)} s`];
  if (summary.id === null) lines.push(words.nothingWritten);
  if (summary.rows === 0 && (summary.id === null || summary.status === "completed")) lines.push(words.noRows);
  lines.push("");
  for (const outcome of ["created", "updated", "unchanged", "skipped", "invalid", "failed"] as const) {
    if (summary[outcome] > 0 || outcome === "created")
      lines.push(`  ${count.format(summary[outcome]).padStart(11)}  ${words[outcome]}`);
  }
  const counts = countsOf(summary);
  for (const outcome of ["deactivated", "deleted"] as const) {
    const removed = counts[`${outcome}_${targetRecord}`] ?? 0;
    if (removed > 0) lines.push(`  ${count.format(removed).padStart(11)}  ${outcomes[outcome]}`);
  }
  const shown = withLinks(records, language).filter(
    (record) => records.includes(record) || `created_${record.name}` in counts,
  );
  const byRecord = countsByRecord(
    counts,
    shown.map(({ name }) => name),
  );
  if (byRecord !== undefined) {
    const labelled = shown.map(({ name, label: called }) => [called, byRecord[name]] as const);
    lines.push("", ...recordTable(Object.fromEntries(labelled), recordOutcomes, outcomes, language));
  }
  if (summary.issues.length > 0) {
    lines.push("");
    for (const { code, field, count: rows } of summary.issues.slice(0, shownIssues)) {
      const what = field === null ? titles[code] : `${label(field)}: ${titles[code]}`;
      lines.push(`  ${count.format(rows).padStart(11)}  ${what}${issueFlag(code)}  [${code}]`);
    }
    if (summary.issues.length > shownIssues) lines.push(`  … sluice jobs show ${summary.id} --json`);
  }
  if (summary.rejectedRowsFile !== null) {
    const { rejectedRowsFile } = summary;
    const near = relative(terminal.cwd, rejectedRowsFile);
    // Of a server it is an address.
    const isFar = near.startsWith("..") || /^https?:/.test(rejectedRowsFile);
    lines.push("", `${words.rejectedRows}: ${isFar ? rejectedRowsFile : near}`);
  }
  return `${lines.join("\n")}\n`;
}
