/** What an update does with each field that a column feeds. */
import type { ReactNode } from "react";
import type { Import, ImporterWithFields, Mapping } from "../../../client/index.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Card } from "../../parts/Card.tsx";
import { MergeRule } from "../map/MergeRule.tsx";

export function MergeTable({
  job,
  importer,
  mapping,
}: {
  job: Import;
  importer: ImporterWithFields;
  mapping: Mapping;
}): ReactNode {
  const t = useTexts("options");
  const columns = new Map(mapping.columns.map(({ field, column }) => [field, column]));
  return (
    <Card title={t("merge")} className="option-part">
      <p className="muted small">{t("mergeHint")}</p>
      <table className="merge-table">
        <thead>
          <tr>
            <th scope="col">{t("field")}</th>
            <th scope="col">{t("rule")}</th>
          </tr>
        </thead>
        <tbody>
          {importer.fields
            .filter(({ name }) => columns.has(name))
            .map((field) => (
              <tr key={field.name}>
                <th scope="row">
                  {field.label}
                  {columns.get(field.name) !== field.label && (
                    <span className="muted small" dir="auto">
                      {columns.get(field.name)}
                    </span>
                  )}
                </th>
                <td>
                  <MergeRule job={job} field={field} hideLabel />
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </Card>
  );
}
