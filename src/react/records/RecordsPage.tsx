/** The records that an import has written, as they are now: a table, page by page, with a filter and a search. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import type {
  ClientError,
  Import,
  ImportedRecord,
  ImporterField,
  RecordFilter,
  RecordPage,
} from "../../client/index.ts";
import { useFormats } from "../foundation/format.ts";
import { importerQuery, useImporterRecords } from "../foundation/importer-queries.ts";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { importKey, useImport } from "../foundation/use-import.ts";
import { useSettled } from "../foundation/use-settled.ts";
import { useWritten } from "../foundation/written.ts";
import { Badge } from "../parts/Badge.tsx";
import { Download } from "../parts/Download.tsx";
import { Choice, LabelledInput, LabelledSelect } from "../parts/Labelled.tsx";
import { Notice, PageProblem, Problem } from "../parts/Notice.tsx";
import { Pages } from "../parts/Pages.tsx";
import { Empty, Placeholder } from "../parts/Placeholder.tsx";
import { PlaceLink } from "../parts/PlaceLink.tsx";
import { ScrollTable } from "../parts/ScrollTable.tsx";
import { StepHead } from "../parts/Step.tsx";

const pageRecords = 50;

export function RecordsPage({ id }: { id: number }): ReactNode {
  const wizard = useTexts("wizard");
  const tc = useTexts("common");
  const { data: job, error } = useImport(id);
  if (error?.status === 404) {
    return (
      <Empty
        icon="trash"
        level={1}
        title={wizard("gone")}
        actions={
          <PlaceLink to={{ page: "history" }} look="primary">
            {tc("allImports")}
          </PlaceLink>
        }
      >
        {wizard("goneHint")}
      </Empty>
    );
  }
  if (job === undefined)
    return error === null || error.status === 401 ? <Placeholder lines={20} isPage /> : <PageProblem error={error} />;
  return <Records job={job} />;
}

function Records({ job }: { job: Import }): ReactNode {
  const t = useTexts("records");
  const tc = useTexts("common");
  const { number } = useFormats();
  const { client, language } = useSluice();
  const kinds = useImporterRecords(job.importer);
  const [kind, setKind] = useState<string>();
  const [outcome, setOutcome] = useState<RecordFilter["outcome"]>();
  const [search, setSearch] = useState("");
  const [typed, setTyped] = useSettled(search, setSearch);
  const [allFields, setAllFields] = useState(false);
  const mapped = useMappedFields(job.id);
  const { data: importer } = useQuery(importerQuery(client, job.importer, language));
  // Keys of the pages that were turned to, so that one can turn back.
  const [keys, setKeys] = useState<readonly string[]>([]);
  const filter = {
    record: kind,
    outcome,
    search: search === "" ? undefined : search,
    after: keys.at(-1),
    limit: pageRecords,
    lang: language,
  };
  const { data, error, isPlaceholderData, refetch } = useQuery<RecordPage, ClientError>({
    queryKey: [...importKey(job.id), "records", filter],
    queryFn: ({ signal }) => client.imports.records(job.id, filter, { signal }),
    placeholderData: keepPreviousData,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question begins at its first page
  useEffect(() => setKeys([]), [kind, outcome, search]);
  const { created, updated } = numbersOf(job, kind);
  const isWhole = kind !== undefined || allFields;
  const columns =
    data?.columns.filter(({ name }, place) => place === 0 || isWhole || mapped === null || mapped.has(name)) ?? [];
  return (
    <div className="stack records">
      <StepHead
        title={t("title")}
        aside={
          <Download id={job.id} name="records.csv" record={kind}>
            {t("download")}
          </Download>
        }
      >
        {t("hint", { file: job.fileName })} <PlaceLink to={{ page: "import", id: job.id }}>{t("back")}</PlaceLink>
      </StepHead>
      {job.status === "undone" && (
        <Notice tone="info" title={t("undone")}>
          {t("undoneHint")}
        </Notice>
      )}
      <div className="records-filter">
        {kinds.length > 1 && (
          <LabelledSelect
            label={t("kind")}
            options={kinds.map(({ name, label }) => [name, label])}
            value={kind ?? (kinds.find(({ isMain }) => isMain) ?? kinds.at(-1))?.name}
            onPick={setKind}
          />
        )}
        <LabelledSelect
          label={t("show")}
          options={[
            [undefined, t("all", { number: number(created + updated) })],
            ["created", t("created", { number: number(created) })],
            ["updated", t("updated", { number: number(updated) })],
          ]}
          value={outcome}
          onPick={setOutcome}
        />
        <LabelledInput
          type="search"
          label={t("search")}
          placeholder={t("searchHint")}
          maxLength={200}
          value={typed}
          onText={setTyped}
        />
        {kind === undefined && (
          <Choice type="checkbox" checked={allFields} onChange={(event) => setAllFields(event.target.checked)}>
            {t("allFields")}
          </Choice>
        )}
      </div>
      {error !== null && data === undefined && error.status !== 401 && (
        <Problem error={error} onRetry={() => void refetch()} />
      )}
      {data === undefined && (error === null || error.status === 401) && <Placeholder lines={24} />}
      {data !== undefined && (
        <div className={isPlaceholderData ? "stack records-stale" : "stack"} aria-busy={isPlaceholderData}>
          {data.items.length > 0 ? (
            <RecordTable
              columns={columns}
              records={data.items}
              fields={kind === undefined ? (importer?.fields ?? []) : []}
              page={keys.length + 1}
              showsOutcome={created > 0 && updated > 0}
            />
          ) : (
            <NoRecords job={job} page={data} filter={filter} />
          )}
          {data.gone > 0 && data.items.length > 0 && <p className="muted">{t("gone", { count: data.gone })}</p>}
          {(keys.length > 0 || data.next !== null) && (
            <Pages
              label={tc("pages")}
              onPrevious={keys.length === 0 ? null : () => setKeys(keys.slice(0, -1))}
              onNext={data.next === null ? null : () => data.next !== null && setKeys([...keys, data.next])}
              isBusy={isPlaceholderData}
            >
              {t("page", { page: keys.length + 1 })}
            </Pages>
          )}
        </div>
      )}
    </div>
  );
}

/** How many an import has created and changed, of one of several records where that is chosen. */
function numbersOf({ counts }: Import, kind: string | undefined): { created: number; updated: number } {
  const numbers: Readonly<Record<string, number>> = { ...counts };
  const of = (outcome: string): number => numbers[kind === undefined ? outcome : `${outcome}_${kind}`] ?? 0;
  if (kind === undefined) return { created: of("created"), updated: of("updated") };
  return { created: of("created"), updated: of("updated") + of("closed") + of("deactivated") };
}

/** Why there is nothing on a page. */
function NoRecords({ job, page, filter }: { job: Import; page: RecordPage; filter: RecordFilter }): ReactNode {
  const t = useTexts("records");
  const { created, updated } = numbersOf(job, filter.record);
  const name = ((): "nothing" | "noneYet" | "noneFound" | "allGone" | "none" => {
    if (created + updated === 0) return "nothing";
    if (page.next !== null) return "noneYet";
    if (filter.search !== undefined) return "noneFound";
    return page.gone > 0 || filter.outcome === undefined ? "allGone" : "none";
  })();
  return (
    <Empty
      level={2}
      icon={name === "noneFound" || name === "noneYet" ? "search" : name === "allGone" ? "trash" : "table"}
      title={t(name)}
    >
      {t(`${name}Hint`)}
    </Empty>
  );
}

interface RecordTableProps {
  /** The first one is the record's id. */
  columns: RecordPage["columns"];
  records: readonly ImportedRecord[];
  /** What the columns hold, where they are the importer's fields. */
  fields: readonly ImporterField[];
  page: number;
  /** Where there are both kinds. */
  showsOutcome: boolean;
}

/** A page of records: a row for each, a column for each field. */
function RecordTable({ columns, records, fields, page, showsOutcome }: RecordTableProps): ReactNode {
  const t = useTexts("records");
  const written = useWritten();
  const known = new Map(fields.map((field) => [field.name, field]));
  const shown = (name: string, value: string | null): ReactNode => {
    const field = known.get(name);
    if (value === null) return <span className="muted">–</span>;
    return field === undefined ? value : written(field, value);
  };
  return (
    <ScrollTable
      label={t("table", { page })}
      head={[...columns.map(({ label }) => label), ...(showsOutcome ? [t("outcome")] : [])]}
    >
      {records.map(({ id, outcome, values }) => (
        <tr key={`${outcome} ${id}`}>
          {columns.map(({ name }, place) => (
            <td key={name} dir="auto" className={place === 0 ? "record-id mono muted" : undefined}>
              <div className="record-value" title={values[name] ?? undefined}>
                {shown(name, values[name] ?? null)}
              </div>
            </td>
          ))}
          {showsOutcome && (
            <td>
              <Badge tone={outcome === "created" ? "good" : "info"}>
                {t(outcome === "created" ? "wasCreated" : "wasUpdated")}
              </Badge>
            </td>
          )}
        </tr>
      ))}
    </ScrollTable>
  );
}

/** Null until they are known. */
function useMappedFields(id: number): ReadonlySet<string> | null {
  const { client } = useSluice();
  const { data } = useQuery({
    queryKey: [...importKey(id), "mapping"],
    queryFn: ({ signal }) => client.imports.mapping(id, { signal }),
  });
  return useMemo(
    () => (data === undefined ? null : new Set([...data.columns, ...data.fields].flatMap(({ field }) => field ?? []))),
    [data],
  );
}
