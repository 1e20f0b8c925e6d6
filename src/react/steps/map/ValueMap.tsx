/** What each value of a column means, of the choices that its field has. Values that are recognised say so. */
import { type ReactNode, useState } from "react";
import { useFormats } from "../../foundation/format.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { ScrollTable } from "../../parts/ScrollTable.tsx";
import type { ColumnView } from "./column-view.ts";
import { ClippedText } from "./Distribution.tsx";
import { shortened } from "./FieldSelect.tsx";

export interface ValueMapProps {
  view: ColumnView;
  /** All values that have been given, earlier ones included. */
  onSave: (values: Record<string, string>) => void;
  onClose: () => void;
}

/** Values that a person can look through. */
const mostValues = 200;

export function ValueMap({ view, onSave, onClose }: ValueMapProps): ReactNode {
  const t = useTexts("map");
  const { number } = useFormats();
  const { column, looks, field } = view;
  const before = column.transform?.values ?? {};
  const [chosen, setChosen] = useState<Record<string, string>>({});
  const top = (looks?.top ?? []).slice(0, mostValues);
  // What is not known stands first.
  const values = [...top.filter(({ choice }) => choice === null), ...top.filter(({ choice }) => choice !== null)];
  return (
    <Dialog
      wide
      title={t("valuesTitle", { column: shortened(column.column) })}
      onClose={onClose}
      actions={
        <Button
          look="primary"
          onClick={() => {
            onSave({ ...before, ...chosen });
            onClose();
          }}
        >
          {t("saveValues")}
        </Button>
      }
    >
      <div className="stack">
        <p className="muted">{t("valuesHint", { field: field?.label ?? "" })}</p>
        <ScrollTable
          label={t("valuesTitle", { column: shortened(column.column) })}
          maxHeight={28}
          head={[t("valueInFile"), { number: t("valueCount") }, t("valueMeans")]}
        >
          {values.map(({ value, count, choice }) => {
            const means = chosen[value] ?? choice ?? "";
            const isRecognised = typeof choice === "string" && chosen[value] === undefined;
            return (
              <tr key={value}>
                <th scope="row" className="map-value">
                  <ClippedText text={value} />
                </th>
                <td className="number">{number(count)}</td>
                <td>
                  <select
                    className={`select small-control${means === "" ? " map-unknown" : ""}`}
                    aria-label={t("valueMeansOf", { value: shortened(value) })}
                    value={means}
                    onChange={({ target }) => setChosen({ ...chosen, [value]: target.value })}
                  >
                    {means === "" && <option value="">{t("valueUnknown")}</option>}
                    {field?.choices?.map((each) => (
                      <option key={each.value} value={each.value}>
                        {each.label}
                        {isRecognised && each.value === choice ? ` (${t("valueKnown")})` : ""}
                      </option>
                    ))}
                  </select>
                </td>
              </tr>
            );
          })}
        </ScrollTable>
        {looks !== undefined && looks.distinct > values.length && <p className="muted small">{t("valuesMore")}</p>}
      </div>
    </Dialog>
  );
}
