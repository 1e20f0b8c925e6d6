/** Which imports are shown: by file name, status, importer, owner and date. */
import type { ReactNode } from "react";
import { useImporters } from "../foundation/importer-queries.ts";
import { useTexts } from "../foundation/texts.ts";
import { useSettled } from "../foundation/use-settled.ts";
import { Button } from "../parts/Button.tsx";
import { Icon } from "../parts/Icon.tsx";
import { Labelled, LabelledInput } from "../parts/Labelled.tsx";
import { firstView, type HistoryView, isFiltered, statusGroups } from "./history-view.ts";

export interface HistoryFiltersProps {
  view: HistoryView;
  onChange: (change: Partial<HistoryView>) => void;
  fixedImporter: boolean;
  isAdmin: boolean;
}

export function HistoryFilters({ view, onChange, fixedImporter, isAdmin }: HistoryFiltersProps): ReactNode {
  const t = useTexts("history");
  const ts = useTexts("status");
  const { importers } = useImporters();
  const clear = (): void => {
    const { sort, order } = view;
    onChange({ ...firstView, sort, order });
  };
  return (
    <search className="history-filters">
      <SearchBox text={view.text} onText={(text) => onChange({ text })} />
      <Labelled label={t("status")}>
        {(control) => (
          <select
            className="select"
            {...control}
            value={view.status}
            onChange={(event) => onChange({ status: event.target.value })}
          >
            <option value="">{t("anyStatus")}</option>
            {Object.entries(statusGroups).map(([group, statuses]) => (
              <optgroup key={group} label={t(group as "running" | "waiting" | "over")}>
                <option value={group}>{t(`${group as "running" | "waiting" | "over"}All`)}</option>
                {statuses.map((status) => (
                  <option key={status} value={status}>
                    {ts(status)}
                  </option>
                ))}
              </optgroup>
            ))}
          </select>
        )}
      </Labelled>
      {!fixedImporter && importers.length > 1 && (
        <Labelled label={t("importer")}>
          {(control) => (
            <select
              className="select"
              {...control}
              value={view.importer}
              onChange={(event) => onChange({ importer: event.target.value })}
            >
              <option value="">{t("anyImporter")}</option>
              {importers.map(({ name, label }) => (
                <option key={name} value={name}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Labelled>
      )}
      {isAdmin && (
        <Labelled label={t("whose")}>
          {(control) => (
            <select
              className="select"
              {...control}
              value={view.mine ? "mine" : "all"}
              onChange={(event) => onChange({ mine: event.target.value === "mine" })}
            >
              <option value="all">{t("everybody")}</option>
              <option value="mine">{t("mine")}</option>
            </select>
          )}
        </Labelled>
      )}
      {(["from", "to"] as const).map((end) => (
        <LabelledInput
          key={end}
          type="date"
          label={t(end)}
          value={view[end]}
          min={end === "to" ? view.from : undefined}
          max={end === "from" ? view.to : undefined}
          onText={(day) => onChange({ [end]: day })}
        />
      ))}
      {isFiltered(view) && (
        <Button look="quiet" size="small" icon="cross" className="history-clear" onClick={clear}>
          {t("clear")}
        </Button>
      )}
    </search>
  );
}

function SearchBox({ text, onText }: { text: string; onText: (text: string) => void }): ReactNode {
  const t = useTexts("history");
  const [typed, setTyped] = useSettled(text, onText);
  return (
    <div className="history-search">
      <LabelledInput
        type="search"
        label={t("search")}
        placeholder={t("searchHint")}
        maxLength={200}
        value={typed}
        onText={setTyped}
      />
      <Icon name="search" />
    </div>
  );
}
