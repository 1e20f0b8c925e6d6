/** A field that still needs its values: the choice of a column, and beside it the ways that need none. */
import { type ReactNode, useState } from "react";
import type { GivenColumn, GivenField, Import, ImporterField } from "../../../client/index.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Labelled } from "../../parts/Labelled.tsx";
import type { ColumnView } from "./column-view.ts";
import { shortened } from "./FieldSelect.tsx";
import { MadeFieldDialog } from "./MadeFieldDialog.tsx";
import { type Way, ways } from "./made-field.ts";

export interface MissingFieldProps {
  job: Import;
  /** One field, or several of which one will do. */
  group: readonly ImporterField[];
  views: readonly ColumnView[];
  /** What is asked. */
  label: string;
  onSay: (given: GivenColumn) => void;
  /** Where its values come from, if from no column. */
  onMake: (field: GivenField) => void;
}

/** A longer list is no help: then they are looked for in the table. */
const mostColumns = 300;

export function MissingField({ job, group, views, label, onSay, onMake }: MissingFieldProps): ReactNode {
  const t = useTexts("map");
  const [making, setMaking] = useState<Way | null>(null);
  const free = views.filter(({ column }) => column.field === null);
  // A column that feeds another field can be taken too, at its row.
  const offered = free.length <= mostColumns ? free : [];
  return (
    <div className="question-missing">
      {offered.length === 0 ? (
        <p className="small">{t("missingSearch")}</p>
      ) : (
        <Labelled label={label} hideLabel>
          {(control) => (
            <select
              className="select small-control"
              {...control}
              value=""
              onChange={({ target }) => {
                const [field, place] = target.value.split(" ");
                onSay({ column: views[Number(place)].column.column, field });
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
      )}
      <div className="row">
        <span className="muted small">{t("madeOtherwise")}</span>
        {ways.map((way) => (
          <Button key={way} size="small" onClick={() => setMaking(way)}>
            {t(`madeWay_${way}`)}
          </Button>
        ))}
      </div>
      {making !== null && (
        <MadeFieldDialog
          {...{ job, views }}
          fields={group}
          made={undefined}
          way={making}
          onSay={onMake}
          onClose={() => setMaking(null)}
        />
      )}
    </div>
  );
}

function optionsOf(field: ImporterField, offered: readonly ColumnView[]): ReactNode {
  return offered.map(({ column }) => (
    <option key={column.index} value={`${field.name} ${column.index}`}>
      {shortened(column.column, 60)}
    </option>
  ));
}
