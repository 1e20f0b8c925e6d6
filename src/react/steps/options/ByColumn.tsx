/** Owners as a column of the file names them, who gets the rest, and whom the file calls by a name that nobody has. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { ClientError, Import, Mapping, Owner, UnknownOwners } from "../../../client/index.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { importKey } from "../../foundation/use-import.ts";
import { Button } from "../../parts/Button.tsx";
import { Labelled } from "../../parts/Labelled.tsx";
import { Problem } from "../../parts/Notice.tsx";
import type { AssignmentDraft } from "./assignment-draft.ts";
import { PersonPicker } from "./PersonPicker.tsx";

interface ByColumnProps {
  job: Import;
  mapping: Mapping;
  draft: AssignmentDraft;
  /** The column whose owners are known to the server. */
  keptColumn: string | null;
  people: ReadonlyMap<string, Owner>;
  onChange: (changes: Partial<AssignmentDraft>) => void;
}

export function ByColumn({ job, mapping, draft, keptColumn, people, onChange }: ByColumnProps): ReactNode {
  const t = useTexts("options");
  // Those that feed no field are likelier to name owners.
  const columns = [...mapping.columns].sort((a, b) => Number(a.field !== null) - Number(b.field !== null));
  const { fallback } = draft;
  return (
    <div className="stack">
      <div className="by-column">
        <Labelled label={t("ownerColumn")} hint={t("ownerColumnHint")}>
          {(control) => (
            <select
              className="select"
              {...control}
              value={draft.column ?? ""}
              onChange={(event) => onChange({ column: event.target.value, values: {} })}
            >
              {draft.column === null && <option value="">{t("chooseColumn")}</option>}
              {columns.map(({ column, index }) => (
                <option key={index} value={column}>
                  {column}
                </option>
              ))}
            </select>
          )}
        </Labelled>
        <PersonPicker
          job={job}
          label={t("fallback")}
          hint={t("fallbackHint")}
          placeholder={t("fallbackNone")}
          person={fallback === null ? null : { id: fallback, name: people.get(fallback)?.name ?? fallback }}
          onChoose={({ id }) => onChange({ fallback: id })}
          onClear={() => onChange({ fallback: null })}
        />
      </div>
      {keptColumn !== null && keptColumn === draft.column && job.status === "ready" && (
        <Unknown job={job} draft={draft} people={people} onChange={onChange} />
      )}
    </div>
  );
}

/** So many are shown at first. */
const few = 8;

function Unknown({ job, draft, people, onChange }: Omit<ByColumnProps, "mapping" | "keptColumn">): ReactNode {
  const t = useTexts("options");
  const { client } = useSluice();
  const [all, setAll] = useState(false);
  const { data, error, refetch } = useQuery<UnknownOwners, ClientError>({
    queryKey: [...importKey(job.id), "unknown-owners", draft.column],
    queryFn: ({ signal }) => client.imports.unknownOwners(job.id, { limit: 1000, signal }),
    // While the file is read again for the column the answer is a conflict, which passes.
    retry: (count, failure) => failure.mayPass || (failure.code === "conflict" && count < 60),
    retryDelay: 500,
    placeholderData: keepPreviousData,
  });
  if (data === undefined) return error === null ? null : <Problem error={error} onRetry={() => void refetch()} />;
  const { items, total, blank } = data;
  const rest = t(draft.fallback === null ? "blankOut" : "blankFallback", { count: blank });
  if (total === 0) {
    return (
      <p className="muted small">
        {t("allKnown")} {blank > 0 && rest}
      </p>
    );
  }
  // Cells are compared in any case.
  const givenTo = (value: string): [string, string] | undefined =>
    Object.entries(draft.values).find(([cell]) => cell.toLowerCase() === value.toLowerCase());
  const withoutCell = (value: string) =>
    Object.fromEntries(Object.entries(draft.values).filter(([cell]) => cell.toLowerCase() !== value.toLowerCase()));
  const open = items.filter(({ value }) => givenTo(value) === undefined);
  const rows = open.reduce((sum, each) => sum + each.rows, 0);
  const shown = all ? items : items.slice(0, few);
  return (
    <section className="unknown" aria-labelledby={`unknown-${job.id}`}>
      <h3 id={`unknown-${job.id}`}>{t("unknown", { count: total })}</h3>
      <p className="muted small">
        {open.length === 0 && total <= items.length
          ? t("unknownDone")
          : t(draft.fallback === null ? "unknownOut" : "unknownFallback", { count: rows })}{" "}
        {blank > 0 && rest}
      </p>
      <ul>
        {shown.map(({ value, rows: count }) => {
          const given = givenTo(value);
          return (
            <li key={value}>
              <span className="unknown-name">
                <strong dir="auto">{value}</strong>
                <span className="muted small">{t("rows", { count })}</span>
              </span>
              <PersonPicker
                job={job}
                label={t("ownerFor", { value })}
                hideLabel
                placeholder={t(draft.fallback === null ? "keptOut" : "toFallback")}
                person={given === undefined ? null : { id: given[1], name: people.get(given[1])?.name ?? given[1] }}
                onChoose={({ id }) => onChange({ values: { ...withoutCell(value), [value]: id } })}
                onClear={() => onChange({ values: withoutCell(value) })}
              />
            </li>
          );
        })}
      </ul>
      {!all && items.length > few && (
        <Button look="quiet" size="small" onClick={() => setAll(true)}>
          {t("showAll", { count: items.length })}
        </Button>
      )}
      {total > items.length && all && (
        <p className="muted small">{t("moreUnknown", { count: total - items.length })}</p>
      )}
    </section>
  );
}
