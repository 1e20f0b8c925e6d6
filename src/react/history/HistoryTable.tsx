/** Imports as a table: filtered, sorted, page by page, and live. Where there is no room for a table, as cards. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type ReactNode, type RefCallback, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { ClientError, ImportPage } from "../../client/index.ts";
import { useFormats } from "../foundation/format.ts";
import { useMe } from "../foundation/importer-queries.ts";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { Button } from "../parts/Button.tsx";
import { Problem } from "../parts/Notice.tsx";
import { Pages } from "../parts/Pages.tsx";
import { Empty, Placeholder } from "../parts/Placeholder.tsx";
import { PlaceLink } from "../parts/PlaceLink.tsx";
import { StepHead } from "../parts/Step.tsx";
import { HistoryFilters } from "./HistoryFilters.tsx";
import { HistoryRows } from "./HistoryRows.tsx";
import { filterOf, firstView, type HistoryAddress, isFiltered, pageSize, useHistoryView } from "./history-view.ts";
import { PickedBar } from "./PickedBar.tsx";
import { QueueCard } from "./QueueCard.tsx";
import { importsKey, useLiveImports } from "./use-job-acts.ts";

/** How often lists are refetched when the live stream is silent. */
const lookAgainMs = 30_000;
/** The table's columns need so much. */
const tablePx = 900;

export interface HistoryTableProps {
  importer?: string;
  /** Where a page keeps the filters in its address. */
  address?: HistoryAddress;
}

export function HistoryTable({ importer, address }: HistoryTableProps): ReactNode {
  const t = useTexts("history");
  const tc = useTexts("common");
  const { number } = useFormats();
  const { client } = useSluice();
  const me = useMe();
  const seesOthers = me !== undefined && me.role !== "user";
  const [view, change] = useHistoryView(importer ?? "all", address);
  const [picked, setPicked] = useState<ReadonlySet<number>>(new Set());
  const [failure, setFailure] = useState<unknown>(null);
  const top = useRef<HTMLDivElement>(null);
  const { measure, isNarrow } = useNarrow(tablePx);
  useLiveImports();
  const filter = filterOf(view, importer);
  const { data, error, isPlaceholderData, refetch } = useQuery<ImportPage, ClientError>({
    queryKey: [...importsKey, "page", filter],
    queryFn: ({ signal }) => client.imports.list(filter, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: lookAgainMs,
  });

  // A page whose last import was deleted gives way to the one before it.
  const isPastEnd = data?.items.length === 0 && view.pages.length > 0 && !isPlaceholderData;
  useEffect(() => {
    if (isPastEnd) change({ pages: view.pages.slice(0, -1) });
  }, [isPastEnd, change, view.pages]);

  const pick = useCallback((ids: readonly number[], isPicked: boolean): void => {
    setPicked((before) => {
      const now = new Set(before);
      for (const id of ids) isPicked ? now.add(id) : now.delete(id);
      return now;
    });
  }, []);
  // What is not in sight any more is not meant.
  const shownPicked = data?.items.filter(({ id }) => picked.has(id)) ?? [];

  const toTop = (): void => top.current?.querySelector<HTMLElement>("h1")?.focus();
  const isEmpty = data?.count === 0 && !isFiltered(view) && !isPlaceholderData;
  return (
    <div className="stack" ref={top}>
      <StepHead
        title={t("title")}
        aside={
          !isEmpty && (
            <PlaceLink to={{ page: "new", importer }} look="primary" icon="plus">
              {t("newImport")}
            </PlaceLink>
          )
        }
      >
        {t("hint")}
      </StepHead>
      {!isEmpty && (
        <HistoryFilters view={view} onChange={change} fixedImporter={importer !== undefined} isAdmin={seesOthers} />
      )}
      {failure !== null && (
        <Problem
          error={failure}
          actions={
            <Button size="small" onClick={() => setFailure(null)}>
              {t("dismiss")}
            </Button>
          }
        />
      )}
      {error !== null && error.status !== 401 && <Problem error={error} onRetry={() => void refetch()} />}
      <div ref={measure} className="history-list" aria-busy={isPlaceholderData}>
        {data === undefined && error === null && <Placeholder lines={20} />}
        {isEmpty && <NothingYet importer={importer} />}
        {data?.count === 0 && !isEmpty && <NothingFound onClear={() => change(firstView)} />}
        {data !== undefined && data.items.length > 0 && isNarrow !== undefined && (
          <HistoryRows
            jobs={data.items}
            isNarrow={isNarrow}
            view={view}
            onChange={change}
            oneImporter={importer !== undefined}
            picked={picked}
            onPick={pick}
            onError={setFailure}
            onDeleted={toTop}
          />
        )}
      </div>
      {shownPicked.length > 0 && (
        <PickedBar picked={shownPicked} onClear={() => setPicked(new Set())} onError={setFailure} onDeleted={toTop} />
      )}
      {data !== undefined && data.count > 0 && (
        <Pages
          label={tc("pages")}
          onPrevious={view.pages.length === 0 ? null : () => change({ pages: view.pages.slice(0, -1) })}
          onNext={data.next === null ? null : () => data.next !== null && change({ pages: [...view.pages, data.next] })}
          isBusy={isPlaceholderData}
        >
          {t("range", {
            from: number(view.pages.length * pageSize + 1),
            to: number(view.pages.length * pageSize + Math.max(data.items.length, 1)),
            total: number(data.count),
            count: data.count,
          })}
        </Pages>
      )}
      {seesOthers && <QueueCard />}
    </div>
  );
}

function NothingYet({ importer }: { importer?: string }): ReactNode {
  const t = useTexts("history");
  const tc = useTexts("common");
  return (
    <div className="card">
      <Empty
        icon="table"
        level={2}
        title={t("empty")}
        actions={
          <PlaceLink to={{ page: "new", importer }} look="primary" icon="upload">
            {tc("importFile")}
          </PlaceLink>
        }
      >
        {t("emptyHint")}
      </Empty>
    </div>
  );
}

function NothingFound({ onClear }: { onClear: () => void }): ReactNode {
  const t = useTexts("history");
  return (
    <div className="card">
      <Empty icon="search" level={2} title={t("noneFound")} actions={<Button onClick={onClear}>{t("clear")}</Button>}>
        {t("noneFoundHint")}
      </Empty>
    </div>
  );
}

/**
 * Whether there is room for a table, by the width of the place it would have.
 * Undefined until it is measured.
 */
function useNarrow(belowPx: number): { measure: RefCallback<HTMLElement>; isNarrow: boolean | undefined } {
  const [isNarrow, setNarrow] = useState<boolean>();
  const [element, measure] = useState<HTMLElement | null>(null);
  // Not the ref's own cleanup, which React 18 does not know.
  useLayoutEffect(() => {
    if (element === null) return;
    const look = (): void => setNarrow(element.clientWidth < belowPx);
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, [element, belowPx]);
  return { measure, isNarrow };
}
