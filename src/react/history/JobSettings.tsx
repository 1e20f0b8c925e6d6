/** What was decided about an import: which columns feed which fields, duplicates, merging, owners, values that are not in the file. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Assignment, ClientError, FieldSource, Import, ImportOptions, Mapping } from "../../client/index.ts";
import { useFormats } from "../foundation/format.ts";
import { useFieldLabels } from "../foundation/importer-queries.ts";
import { keyLabel } from "../foundation/key-label.ts";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { importKey } from "../foundation/use-import.ts";
import { Card, Facts } from "../parts/Card.tsx";
import { Problem } from "../parts/Notice.tsx";
import { Placeholder } from "../parts/Placeholder.tsx";
import { ScrollTable } from "../parts/ScrollTable.tsx";

/** What was decided beside the mapping. */
export function JobOptions({ job }: { job: Import }): ReactNode {
  const t = useTexts("history");
  const { client } = useSluice();
  const { list } = useFormats();
  const fieldLabel = useFieldLabels(job.importer);
  const { data, error } = useQuery<ImportOptions, ClientError>({
    queryKey: [...importKey(job.id), "options"],
    queryFn: ({ signal }) => client.imports.options(job.id, { signal }),
  });
  return (
    <Card title={t("options")}>
      {data === undefined && error === null && <Placeholder lines={6} />}
      {data === undefined && error !== null && error.status !== 401 && <Problem error={error} />}
      {data !== undefined && (
        <Facts
          facts={[
            [t("does"), t(`does_${data.mode}`)],
            ...(data.mode === "upsert"
              ? [[t("duplicates"), t(`duplicates_${data.duplicates.strategy}`)] as [string, ReactNode]]
              : []),
            [
              t("recognisedBy"),
              data.duplicates.keys.length === 0
                ? t("nothing")
                : list(data.duplicates.keys.map((key) => keyLabel(key, fieldLabel))),
            ],
            ...(data.repeats === "all" ? [] : [[t("repeats"), t(`repeats_${data.repeats}`)] as [string, ReactNode]]),
            ...Object.entries(data.merge).map(([field, rule]): [string, ReactNode] => [
              t("mergeOf", { field: fieldLabel(field) }),
              t(`merge_${rule}`),
            ]),
            [t("owners"), <Owners key="owners" assignment={data.assignment} />],
            ...Object.entries(data.context).map(([name, value]): [string, ReactNode] => [
              name,
              <bdi key={name}>{value}</bdi>,
            ]),
            [t("autoCommit"), t(data.autoCommit ? "yes" : "no")],
          ]}
        />
      )}
    </Card>
  );
}

function Owners({ assignment }: { assignment: Assignment }): ReactNode {
  const t = useTexts("history");
  switch (assignment.mode) {
    case "single":
      return t("ownersOne");
    case "round-robin":
      return t("ownersTurn", { count: assignment.owners.length });
    case "column":
      return <bdi>{t("ownersColumn", { column: assignment.column })}</bdi>;
    default:
      return t("ownersNone");
  }
}

/** A file may have thousands of columns. */
const shownColumns = 200;

/** Which column of the file fed which field. */
export function JobMapping({ job }: { job: Import }): ReactNode {
  const t = useTexts("history");
  const { client } = useSluice();
  const { quoted } = useFormats();
  const fieldLabel = useFieldLabels(job.importer);
  const { data, error } = useQuery<Mapping, ClientError>({
    queryKey: [...importKey(job.id), "mapping"],
    queryFn: ({ signal }) => client.imports.mapping(job.id, { signal }),
  });
  const columns = data?.columns ?? [];
  // What went in first: a wide file leaves most of its columns out.
  const sorted = [...columns].sort((a, b) => Number(a.field === null) - Number(b.field === null));
  const used = columns.filter(({ field }) => field !== null).length;
  return (
    <details className="card job-mapping">
      <summary>
        <h2>{t("mapping")}</h2>
        {data !== undefined && <span className="muted small">{t("mappingHint", { used, total: columns.length })}</span>}
      </summary>
      {data === undefined && error === null && <Placeholder lines={6} />}
      {data === undefined && error !== null && error.status !== 401 && <Problem error={error} />}
      {columns.length > 0 && (
        <ScrollTable label={t("mapping")} maxHeight={24} head={[t("column"), t("field"), t("chosen")]}>
          {sorted.slice(0, shownColumns).map(({ index, column, field, reason, transform }) => (
            <tr key={index}>
              <td dir="auto">{column === "" ? t("noName") : column}</td>
              <td dir="auto">{field === null ? <span className="muted">{t("leftOut")}</span> : fieldLabel(field)}</td>
              <td className="muted">
                {field === null ? "" : t(reason === "given" ? "byHand" : "suggested")}
                {transform !== undefined && field !== null && ` · ${t("changedOnWay")}`}
              </td>
            </tr>
          ))}
          {data?.fields.map(({ field, source }) => (
            <tr key={`made ${field}`}>
              <td dir="auto">{sourceColumns(source) || <span className="muted">{t("noColumn")}</span>}</td>
              <td dir="auto">{fieldLabel(field)}</td>
              <td className="muted">{source.kind === "constant" ? quoted(source.value) : t("changedOnWay")}</td>
            </tr>
          ))}
        </ScrollTable>
      )}
      {columns.length > shownColumns && (
        <p className="muted small">{t("moreColumns", { count: columns.length - shownColumns })}</p>
      )}
    </details>
  );
}

/** The columns that a field's values are made of. */
function sourceColumns(source: FieldSource): string {
  if (source.kind === "constant") return "";
  return source.kind === "join" ? source.columns.join(" + ") : source.column;
}
