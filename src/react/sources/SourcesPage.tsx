/** The places that files are fetched from, for admins: each with how it fares and its files, and a new one. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { ClientError, Page, Source } from "../../client/index.ts";
import { useMe } from "../foundation/importer-queries.ts";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { Button } from "../parts/Button.tsx";
import { Problem } from "../parts/Notice.tsx";
import { Pages } from "../parts/Pages.tsx";
import { Empty, Placeholder } from "../parts/Placeholder.tsx";
import { StepHead } from "../parts/Step.tsx";
import { NewSource } from "./NewSource.tsx";
import { SourceItem } from "./SourceItem.tsx";
import { sourcesKey } from "./sources-key.ts";

const pageSources = 20;
/** Each answer counts all files of the sources on the page: often only while something is about to happen. */
const askMs = 10_000;
const askSoonMs = 3000;

export function SourcesPage(): ReactNode {
  const t = useTexts("sources");
  const me = useMe();
  const top = useRef<HTMLDivElement>(null);
  const adding = useRef<HTMLDivElement>(null);
  const [isAdding, setAdding] = useState(false);
  const isAdmin = me !== undefined && me.role !== "user";
  // The button that had the focus gives way to the form.
  useEffect(() => {
    if (isAdding) adding.current?.focus();
  }, [isAdding]);
  // Where the focus goes when what had it is gone.
  const toTop = (): void => top.current?.querySelector<HTMLElement>("h1")?.focus();
  const endAdding = (): void => {
    setAdding(false);
    toTop();
  };
  return (
    <div className="stack" ref={top}>
      <StepHead
        title={t("title")}
        aside={
          isAdmin &&
          !isAdding && (
            <Button look="primary" icon="plus" onClick={() => setAdding(true)}>
              {t("add")}
            </Button>
          )
        }
      >
        {t("hint")}
      </StepHead>
      {me?.role === "user" && <p>{t("forAdmins")}</p>}
      {isAdding && (
        <div ref={adding} tabIndex={-1}>
          <NewSource onMade={endAdding} onClose={endAdding} />
        </div>
      )}
      {isAdmin && <SourceList isAdding={isAdding} onGone={toTop} />}
    </div>
  );
}

function SourceList({ isAdding, onGone }: { isAdding: boolean; onGone: () => void }): ReactNode {
  const t = useTexts("sources");
  const { client } = useSluice();
  const [keys, setKeys] = useState<readonly string[]>([]);
  const after = keys.at(-1);
  const { data, error, isPlaceholderData, refetch } = useQuery<Page<Source>, ClientError>({
    queryKey: [...sourcesKey, "page", after],
    queryFn: ({ signal }) => client.sources.list({ after, limit: pageSources }, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.items.some(isBusy) ? askSoonMs : askMs),
  });
  // A page whose last source was deleted gives way to the one before it.
  const isPastEnd = data?.items.length === 0 && keys.length > 0 && !isPlaceholderData;
  useEffect(() => {
    if (isPastEnd) setKeys((before) => before.slice(0, -1));
  }, [isPastEnd]);
  const next = data?.next ?? null;
  return (
    <>
      {error !== null && error.status !== 401 && <Problem error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Placeholder lines={12} />}
      {data?.items.length === 0 && keys.length === 0 && !isAdding && (
        <Empty icon="clock" level={2} title={t("none")}>
          {t("noneHint")}
        </Empty>
      )}
      <ul className="stack">
        {data?.items.map((source) => (
          <SourceItem key={source.id} source={source} onDeleted={onGone} />
        ))}
      </ul>
      {(keys.length > 0 || next !== null) && (
        <Pages
          label={t("title")}
          onPrevious={keys.length === 0 ? null : () => setKeys(keys.slice(0, -1))}
          onNext={next === null ? null : () => setKeys([...keys, next])}
          isBusy={isPlaceholderData}
        >
          {t("page", { page: keys.length + 1 })}
        </Pages>
      )}
    </>
  );
}

/** A worker looks at its place, or takes in a file, any moment. */
function isBusy({ state, lookAt, waitsFor, counts }: Source): boolean {
  if (state !== "working") return false;
  const isDue = lookAt !== null && Date.parse(lookAt) <= Date.now();
  return isDue || counts.made > 0 || (counts.ready > 0 && waitsFor === null);
}
