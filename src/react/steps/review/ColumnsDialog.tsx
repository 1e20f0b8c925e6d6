/** All columns of the grid: which of them are shown, and up to which one they stay in view. */
import type { ReactNode } from "react";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Choice, Labelled } from "../../parts/Labelled.tsx";
import type { GridColumn } from "./grid-columns.ts";
import { type GridLayout, isLaidOut, noLayout } from "./grid-layout.ts";

interface ColumnsDialogProps {
  /** Those that are hidden too. */
  columns: readonly GridColumn[];
  layout: GridLayout;
  onLayout: (layout: GridLayout) => void;
  onClose: () => void;
}

export function ColumnsDialog({ columns, layout, onLayout, onClose }: ColumnsDialogProps): ReactNode {
  const t = useTexts("review");
  const { hidden, frozen } = layout;
  const shown = columns.filter(({ field }) => !hidden.includes(field)).length;
  const show = (field: string, isShown: boolean): void => {
    const others = hidden.filter((each) => each !== field);
    // One is always there.
    if (isShown || shown > 1) onLayout({ ...layout, hidden: isShown ? others : [...others, field] });
  };
  return (
    // Its keys are not the grid's, nor those of the full window.
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of what is in it
    <div onKeyDown={(event) => event.stopPropagation()}>
      <Dialog
        title={t("columnsTitle")}
        onClose={onClose}
        actions={
          <>
            <Button aria-disabled={!isLaidOut(layout) || undefined} onClick={() => onLayout(noLayout)}>
              {t("resetColumns")}
            </Button>
            <Button look="primary" onClick={onClose}>
              {t("done")}
            </Button>
          </>
        }
      >
        <div className="stack">
          <ul className="column-values" aria-label={t("columnsShown")}>
            {columns.map(({ field, label }) => (
              <li key={field}>
                <Choice
                  type="checkbox"
                  checked={!hidden.includes(field)}
                  onChange={(event) => show(field, event.target.checked)}
                >
                  {label}
                </Choice>
              </li>
            ))}
          </ul>
          <Labelled label={t("freezeTitle")}>
            {(control) => (
              <select
                className="select"
                {...control}
                value={frozen ?? ""}
                onChange={({ target: { value } }) => onLayout({ ...layout, frozen: value === "" ? null : value })}
              >
                <option value="">{t("freezeNone")}</option>
                {columns.map(({ field, label }) => (
                  <option key={field} value={field}>
                    {t("freezeTo", { column: label })}
                  </option>
                ))}
              </select>
            )}
          </Labelled>
        </div>
      </Dialog>
    </div>
  );
}
