/** How the list of imports is looked at: filter, order and page. Kept for the tab, so that going to an import and back changes nothing. */
import { useCallback, useState } from "react";
import type { ImportFilter, ImportSort, Status } from "../../client/index.ts";

export interface HistoryView {
  /** Part of the file's name. */
  text: string;
  /** Name of a group of statuses, or a status; empty: all. */
  status: string;
  importer: string;
  mine: boolean;
  /** Days, as `2026-01-31`; empty: any. */
  from: string;
  to: string;
  sort: ImportSort;
  order: "asc" | "desc";
  /** Keys of the pages that were gone through; the last one is behind what is shown. */
  pages: readonly string[];
}

export const firstView: HistoryView = {
  text: "",
  status: "",
  importer: "",
  mine: false,
  from: "",
  to: "",
  sort: "createdAt",
  order: "desc",
  pages: [],
};

export const pageSize = 25;

export const statusGroups: Readonly<Record<string, readonly Status[]>> = {
  running: ["queued", "parsing", "committing", "undoing"],
  waiting: ["pending", "ready", "paused", "failed"],
  over: ["completed", "undone", "cancelled"],
};

export function isFiltered({ text, status, importer, mine, from, to }: HistoryView): boolean {
  return text.trim() !== "" || status !== "" || importer !== "" || mine || from !== "" || to !== "";
}

/** As the API is asked. Days begin and end at the reader's midnight. */
export function filterOf(view: HistoryView, fixedImporter?: string): ImportFilter {
  const importer = fixedImporter ?? view.importer;
  const text = view.text.trim();
  return {
    limit: pageSize,
    sort: view.sort,
    order: view.order,
    ...(view.pages.length > 0 && { after: view.pages.at(-1) }),
    ...(text !== "" && { text }),
    ...(view.status !== "" && { status: statusGroups[view.status] ?? [view.status as Status] }),
    ...(importer !== "" && { importer }),
    ...(view.mine && { user: "me" }),
    ...dayOf("from", view.from, 0),
    ...dayOf("to", view.to, 1),
  };
}

function dayOf(name: "from" | "to", day: string, later: number): { from?: string; to?: string } {
  const [year, month, date] = day.split("-").map(Number);
  const moment = new Date(year, month - 1, date + later);
  return Number.isNaN(moment.getTime()) ? {} : { [name]: moment.toISOString() };
}

/** `change` goes back to the first page, unless it says which. */
export function useHistoryView(name: string): [HistoryView, (change: Partial<HistoryView>) => void] {
  const key = `sluice.history.${name}`;
  const [view, setView] = useState<HistoryView>(() => read(key));
  const change = useCallback(
    (changed: Partial<HistoryView>): void =>
      setView((before) => {
        const next = { ...before, pages: [], ...changed };
        write(key, next);
        return next;
      }),
    [key],
  );
  return [view, change];
}

// A browser may forbid storage: then the view lasts as long as the component.
function read(key: string): HistoryView {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? "{}") as Partial<HistoryView>;
    const entries = Object.entries(firstView).map(([name, value]) => {
      const found = kept[name as keyof HistoryView];
      return [name, typeof found === typeof value && Array.isArray(found) === Array.isArray(value) ? found : value];
    });
    return Object.fromEntries(entries) as HistoryView;
  } catch {
    return firstView;
  }
}
function write(key: string, view: HistoryView): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(view));
  } catch {}
}
