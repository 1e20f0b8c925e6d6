/** How the list of imports is looked at: filter, order and page. Kept for the tab, so that going to an import and back changes nothing. */
import { useCallback, useEffect, useRef, useState } from "react";
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

/** The part of a page's address that says how the list is looked at. */
export interface HistoryAddress {
  /** Without its question mark. */
  search: string;
  onSearch(search: string): void;
}

const sorts: readonly ImportSort[] = ["createdAt", "fileName", "importer", "status", "totalRows"];

/** The filters and the order as an address has them; pages are of a moment, and stay out. @example "status=running&q=leads" */
export function searchOf(view: HistoryView): string {
  const said = new URLSearchParams();
  if (view.text.trim() !== "") said.set("q", view.text.trim());
  for (const name of ["status", "importer", "from", "to"] as const) if (view[name] !== "") said.set(name, view[name]);
  if (view.mine) said.set("mine", "1");
  if (view.sort !== firstView.sort || view.order !== firstView.order) said.set("sort", `${view.sort}_${view.order}`);
  return said.toString();
}

/** What nobody can have chosen is left out: an address is anybody's. */
export function viewOf(search: string): HistoryView {
  const said = new URLSearchParams(search);
  const text = (name: string): string => (said.get(name) ?? "").slice(0, 200);
  const day = (name: string): string => (/^\d{4}-\d\d-\d\d$/.test(text(name)) ? text(name) : "");
  const isStatus = [...Object.keys(statusGroups), ...Object.values(statusGroups).flat()].includes(text("status"));
  const [sorted, order] = text("sort").split("_");
  const sort = sorts.find((each) => each === sorted);
  return {
    ...firstView,
    text: text("q"),
    status: isStatus ? text("status") : "",
    importer: text("importer"),
    mine: said.get("mine") === "1",
    from: day("from"),
    to: day("to"),
    ...(sort !== undefined && (order === "asc" || order === "desc") && { sort, order }),
  };
}

/** `change` goes back to the first page, unless it says which. What an address says comes before what was kept. */
export function useHistoryView(
  name: string,
  address?: HistoryAddress,
): [HistoryView, (change: Partial<HistoryView>) => void] {
  const key = `sluice.history.${name}`;
  const [view, setView] = useState<HistoryView>(() => {
    const kept = read(key);
    const asked = viewOf(address?.search ?? "");
    // A reload of what was kept stays on its page.
    return searchOf(asked) === "" || searchOf(asked) === searchOf(kept) ? kept : asked;
  });
  const shown = searchOf(view);
  const search = address?.search;
  const known = useRef(search);
  const tell = useRef(address?.onSearch);
  tell.current = address?.onSearch;
  useEffect(() => {
    if (search === undefined) return;
    // A link was followed, or the browser went back.
    const isFromOutside = search !== known.current && search !== "";
    known.current = isFromOutside ? search : shown;
    if (isFromOutside) setView(viewOf(search));
    else if (search !== shown) tell.current?.(shown);
  }, [search, shown]);
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
