/** What updates write: the fields by the rows that change them, and the first records as they are and as they will be. */
import { type ReactNode, useState } from "react";
import type { DryRun, FieldChange, ImporterField, ImporterWithFields } from "../../../client/index.ts";
import { useFormats } from "../../foundation/format.ts";
import { choiceName } from "../../foundation/mappable-fields.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Card } from "../../parts/Card.tsx";
import { Icon } from "../../parts/Icon.tsx";

/** Records that are shown at first. */
const few = 4;

export function ChangedRecords({
  importer,
  dryRun: { counts, changedFields = [], samples = [] },
  isOld,
}: {
  importer: ImporterWithFields;
  dryRun: DryRun;
  isOld: boolean;
}): ReactNode {
  const t = useTexts("options");
  const { number } = useFormats();
  const [all, setAll] = useState(false);
  const labels = new Map(importer.fields.map(({ name, label }) => [name, label]));
  const labelOf = (field: string): string => labels.get(field) ?? field;
  const choicesOf = (field: string) => importer.fields.find(({ name }) => name === field)?.choices ?? null;
  if (changedFields.length === 0) return null;
  const shown = all ? samples : samples.slice(0, few);
  return (
    <Card title={t("changes")} className={isOld ? "changed-records old" : "changed-records"}>
      <p className="muted small">{t("changesHint", { count: counts.updated })}</p>
      <ul className="changed-fields">
        {changedFields.map(({ field, rows }) => (
          <li key={field}>
            <span>{labelOf(field)}</span>
            <span className="changed-bar" aria-hidden="true">
              <span style={{ inlineSize: `${(100 * rows) / Math.max(1, counts.updated)}%` }} />
            </span>
            <span className="number">
              {number(rows)} <span className="hidden-text">{t("rowsWord")}</span>
            </span>
          </li>
        ))}
      </ul>
      {samples.length > 0 && (
        <>
          <h3>{t("examples")}</h3>
          <ul className="changed-samples">
            {shown.map(({ row, recordId, changes }) => (
              <li key={recordId}>
                <p className="muted small">{t("sampleOf", { row: number(row), record: recordId })}</p>
                <dl>
                  {changes.map((change) => (
                    <Change
                      key={change.field}
                      label={labelOf(change.field)}
                      choices={choicesOf(change.field)}
                      change={change}
                    />
                  ))}
                </dl>
              </li>
            ))}
          </ul>
          {!all && samples.length > few && (
            <Button look="quiet" size="small" onClick={() => setAll(true)}>
              {t("showSamples", { count: samples.length })}
            </Button>
          )}
        </>
      )}
    </Card>
  );
}

function Change({
  label,
  choices,
  change: { from, to },
}: {
  label: string;
  choices: ImporterField["choices"] | null;
  change: FieldChange;
}): ReactNode {
  const t = useTexts("options");
  const shown = (value: string | null): ReactNode =>
    value === null || value === "" ? <em className="muted">{t("blank")}</em> : choiceName(choices, value);
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <span className="hidden-text">{t("before")} </span>
        <del dir="auto">{shown(from)}</del>
        <Icon name="chevron" size={14} />
        <span className="hidden-text">{t("after")} </span>
        <ins dir="auto">{shown(to)}</ins>
      </dd>
    </div>
  );
}
