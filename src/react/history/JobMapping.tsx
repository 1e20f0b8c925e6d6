/** Which column of the file fed which field. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ClientError, Import, Mapping } from "../../client/index.ts";
import { useFormats } from "../foundation/format.ts";
import { importKey } from "../foundation/live.ts";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { Placeholder } from "../parts/Placeholder.tsx";
import { Problem } from "../parts/Problem.tsx";
import { ScrollTable } from "../parts/ScrollTable.tsx";
import { useFieldLabels } from "./use-importers.ts";

/** A file may have thousands of columns. */
const shownColumns = 200;

export function JobMapping({ job }: { job: Import }): ReactNode {
  const t = useTexts("history");
  const { client } = useSluice();
  const { number } = useFormats();
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
        {data !== undefined && (
          <span className="muted small">{t("mappingHint", { used: number(used), total: number(columns.length) })}</span>
        )}
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
        </ScrollTable>
      )}
      {columns.length > shownColumns && (
        <p className="muted small">{t("moreColumns", { count: columns.length - shownColumns })}</p>
      )}
    </details>
  );
}
