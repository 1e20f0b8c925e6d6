/** The window of computed repairs: for each kind of issue what the server would make of its cells, and one button that does it. */
import { type ReactNode, useState } from "react";
import type { EditCounts, IssueCount, NewEdit, RepairOffer } from "../../../client/index.ts";
import { choiceName } from "../../foundation/mappable-fields.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Choice } from "../../parts/Labelled.tsx";
import { Problem } from "../../parts/Notice.tsx";
import type { GridColumn } from "./grid-columns.ts";
import { isSure } from "./use-repairs.ts";

interface RepairDialogProps {
  /** Of one kind of issue, or of all. */
  repairs: readonly RepairOffer[];
  issues: readonly IssueCount[];
  columns: readonly GridColumn[];
  onChange: (edit: NewEdit) => Promise<EditCounts>;
  onClose: () => void;
}

const keyOf = ({ issue, field }: RepairOffer): string => `${issue} ${field}`;

/** Of each kind of issue the first that needs no person's choice, or of one kind alone the first. */
function firstChoices(kinds: ReadonlyMap<string, readonly RepairOffer[]>): Map<string, RepairOffer> {
  return new Map(
    [...kinds].flatMap(([key, offers]): [string, RepairOffer][] => {
      const first = kinds.size === 1 ? offers[0] : offers.find(isSure);
      return first === undefined ? [] : [[key, first]];
    }),
  );
}

export function RepairDialog({ repairs, issues, columns, onChange, onClose }: RepairDialogProps): ReactNode {
  const t = useTexts("review");
  // What was there when it opened: it stays while the repairs are made.
  const [kinds] = useState(() => Map.groupBy(repairs, keyOf));
  const [chosen, setChosen] = useState<ReadonlyMap<string, RepairOffer>>(() => firstChoices(kinds));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const wanted = [...kinds.keys()].flatMap((key) => chosen.get(key) ?? []);
  const rows = wanted.reduce((sum, offer) => sum + offer.rows, 0);
  const choose = (key: string, offer: RepairOffer | null): void => {
    const next = new Map(chosen);
    if (offer === null) next.delete(key);
    else next.set(key, offer);
    setChosen(next);
  };
  const make = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      for (const { field, issue, repair } of wanted) await onChange({ kind: "repair", field, issue, repair });
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t("repairTitle")}
      onClose={onClose}
      wide
      actions={
        <>
          <Button onClick={onClose}>{t("notNow")}</Button>
          <Button
            look="primary"
            busy={busy}
            aria-disabled={wanted.length === 0 || undefined}
            onClick={() => void make()}
          >
            {t("repairRows", { count: rows })}
          </Button>
        </>
      }
    >
      <div className="stack">
        <p className="muted">{t("repairHint")}</p>
        {[...kinds].map(([key, offers]) => {
          const [{ issue, field }] = offers;
          const title = issues.find((each) => each.code === issue && each.field === field)?.title ?? issue;
          const column = columns.find((each) => each.field === field);
          return (
            <RepairChoice
              key={key}
              name={key}
              legend={`${column?.label ?? field} · ${title}`}
              column={column}
              offers={offers}
              chosen={chosen.get(key) ?? null}
              onChoose={(offer) => choose(key, offer)}
            />
          );
        })}
        {error !== null && <Problem error={error} />}
      </div>
    </Dialog>
  );
}

/** The repairs of one kind of issue, and some rows of the one that is chosen. */
function RepairChoice({
  name,
  legend,
  column,
  offers,
  chosen,
  onChoose,
}: {
  name: string;
  legend: string;
  column: GridColumn | undefined;
  offers: readonly RepairOffer[];
  chosen: RepairOffer | null;
  onChoose: (offer: RepairOffer | null) => void;
}): ReactNode {
  const t = useTexts("review");
  const shown = (value: string): ReactNode =>
    value === "" ? <em>{t("blank")}</em> : choiceName(column?.choices ?? null, value);
  return (
    <fieldset className="repair">
      <legend>
        <strong>{legend}</strong>
      </legend>
      {offers.map((offer) => (
        <Choice key={offer.repair} type="radio" name={name} checked={chosen === offer} onChange={() => onChoose(offer)}>
          {t(`repair_${offer.repair}`)} <span className="muted">· {t("rowsSay", { count: offer.rows })}</span>
        </Choice>
      ))}
      <Choice type="radio" name={name} checked={chosen === null} onChange={() => onChoose(null)}>
        {t("repairNone")}
      </Choice>
      {chosen !== null && (
        <table className="repair-samples small">
          <thead>
            <tr>
              <th scope="col" className="repair-number">
                {t("row")}
              </th>
              <th scope="col">{t("repairBefore")}</th>
              <th scope="col">{t("repairAfter")}</th>
            </tr>
          </thead>
          <tbody>
            {chosen.samples.map(({ row, before, after }) => (
              <tr key={row}>
                <th scope="row" className="repair-number">
                  {row}
                </th>
                <td dir="auto">{before === "" ? shown("") : before}</td>
                <td dir="auto">{shown(after)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </fieldset>
  );
}
