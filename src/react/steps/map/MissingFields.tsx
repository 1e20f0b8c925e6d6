/** The fields that still need a column, each with the choice of one, and of another way. */
import { type ReactNode, type Ref, useState } from "react";
import type { GivenColumn, GivenField, Import, ImporterField } from "../../../client/index.ts";
import { useFormats } from "../../foundation/format.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Icon } from "../../parts/Icon.tsx";
import { Labelled } from "../../parts/Labelled.tsx";
import type { ColumnView } from "./column-view.ts";
import { shortened } from "./FieldSelect.tsx";
import { MadeFieldDialog } from "./MadeFieldDialog.tsx";

export interface MissingFieldsProps {
  job: Import;
  /** Each is one field, or several of which one will do. */
  missing: readonly ImporterField[][];
  views: readonly ColumnView[];
  onSay: (columns: GivenColumn[]) => void;
  /** Where its values come from, if from no column. */
  onMake: (field: GivenField) => void;
  /** Where the first can be chosen. */
  first: Ref<HTMLSelectElement>;
}

/** A longer list is no help: then they are looked for among the cards. */
const mostColumns = 300;

export function MissingFields({ job, missing, views, onSay, onMake, first }: MissingFieldsProps): ReactNode {
  const t = useTexts("map");
  const [making, setMaking] = useState<readonly ImporterField[] | null>(null);
  const { either } = useFormats();
  if (missing.length === 0) return null;
  const free = views.filter(({ column }) => column.field === null);
  // A column that feeds another field can be taken too, at its card.
  const offered = free.length <= mostColumns ? free : [];
  return (
    <>
      <section className="notice warn map-missing" aria-labelledby="map-missing">
        <Icon name="warn" size={20} />
        <div className="notice-words stack">
          <div>
            <h2 id="map-missing">{t("missingTitle", { count: missing.length })}</h2>
            <p>{t("missingHint")}</p>
          </div>
          <div className="map-missing-list">
            {missing.map((group, k) => {
              const labels = group.map(({ label }) => label);
              const label =
                group.length === 1
                  ? t("missingOne", { field: labels[0] })
                  : t("missingAny", { fields: either(labels) });
              if (offered.length === 0) {
                return (
                  <div key={group[0]?.name}>
                    <strong>{label}</strong>
                    <p>{t("missingSearch")}</p>
                    <Button size="small" onClick={() => setMaking(group)}>
                      {t("madeOtherwise")}
                    </Button>
                  </div>
                );
              }
              return (
                <div key={group[0]?.name} className="stack map-missing-field">
                  <Labelled label={label}>
                    {(control) => (
                      <select
                        className="select"
                        {...control}
                        ref={k === 0 ? first : undefined}
                        value=""
                        onChange={({ target }) => {
                          const [field, place] = target.value.split(" ");
                          onSay([{ column: views[Number(place)].column.column, field }]);
                        }}
                      >
                        <option value="">{t("missingChoose")}</option>
                        {group.length === 1
                          ? optionsOf(group[0], offered)
                          : group.map((field) => (
                              <optgroup key={field.name} label={t("missingAs", { field: field.label })}>
                                {optionsOf(field, offered)}
                              </optgroup>
                            ))}
                      </select>
                    )}
                  </Labelled>
                  <div>
                    <Button size="small" onClick={() => setMaking(group)}>
                      {t("madeOtherwise")}
                    </Button>
                  </div>
                </div>
              );
            })}
          </div>
        </div>
      </section>
      {making !== null && (
        <MadeFieldDialog
          {...{ job, views }}
          fields={making}
          made={undefined}
          onSay={onMake}
          onClose={() => setMaking(null)}
        />
      )}
    </>
  );
}

function optionsOf(field: ImporterField, offered: readonly ColumnView[]): ReactNode {
  return offered.map(({ column }) => (
    <option key={column.index} value={`${field.name} ${column.index}`}>
      {shortened(column.column, 60)}
    </option>
  ));
}
