/** What was decided beside the mapping: duplicates, merging, owners, values that are not in the file. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Assignment, ClientError, Import, ImportOptions } from "../../client/index.ts";
import { useFormats } from "../foundation/format.ts";
import { importKey } from "../foundation/live.ts";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { Card } from "../parts/Card.tsx";
import { Placeholder } from "../parts/Placeholder.tsx";
import { Problem } from "../parts/Problem.tsx";
import { Facts } from "./Facts.tsx";
import { useFieldLabels } from "./use-importers.ts";

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
            [t("duplicates"), t(`duplicates_${data.duplicates.strategy}`)],
            [
              t("recognisedBy"),
              data.duplicates.keys.length === 0 ? t("nothing") : list(data.duplicates.keys.map(fieldLabel)),
            ],
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
