/** Counts issues by field and code without limit, and keeps the first warnings of each code row by row. */
import { type IssueCode, type IssueCount, type StoredIssue, warningRowsCap } from "../core/issue.ts";
import type { RowWarning } from "../core/store/stage.ts";

export interface TallyMark {
  counts: [string, number][];
  /** How many. */
  warnings: number;
  warned: [IssueCode, number][];
}

export class IssueTally {
  readonly #counts = new Map<string, number>();
  #warnings: RowWarning[] = [];
  /** How many warnings of each code were handed on, or are about to be. */
  readonly #warned = new Map<IssueCode, number>();

  count({ c, f }: StoredIssue): void {
    const key = `${c} ${f ?? ""}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** Counts the warning, and keeps it while there are fewer than `warningRowsCap` of its code. */
  warn(warning: RowWarning): void {
    this.count(warning.issue);
    const { c } = warning.issue;
    const warned = this.#warned.get(c) ?? 0;
    if (warned >= warningRowsCap) return;
    this.#warned.set(c, warned + 1);
    this.#warnings.push(warning);
  }

  /** What was counted and kept so far, to be restored. */
  mark(): TallyMark {
    return { counts: [...this.#counts], warnings: this.#warnings.length, warned: [...this.#warned] };
  }

  restore({ counts, warnings, warned }: TallyMark): void {
    this.#counts.clear();
    for (const [key, count] of counts) this.#counts.set(key, count);
    this.#warnings.length = warnings;
    this.#warned.clear();
    for (const [code, count] of warned) this.#warned.set(code, count);
  }

  /** The issues counted since the last call. */
  takeCounts(): IssueCount[] {
    const counts = [...this.#counts].map(([key, count]) => {
      const [code, field] = key.split(" ");
      return { field: field || null, code: code as IssueCode, count };
    });
    this.#counts.clear();
    return counts;
  }

  /** The warnings kept since the last call. */
  takeWarnings(): RowWarning[] {
    const warnings = this.#warnings;
    this.#warnings = [];
    return warnings;
  }
}
