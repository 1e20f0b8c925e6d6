/** What the values mean that are none of a field's choices: a list of choices beside each; Enter goes from one to the next. */
import { type FormEvent, type KeyboardEvent, lazy, type ReactNode, Suspense, useRef, useState } from "react";
import { useFormats } from "../../foundation/format.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { type ColumnView, unknownIn } from "./column-view.ts";
import { shortened } from "./FieldSelect.tsx";

const ValueMap = lazy(async () => ({ default: (await import("./ValueMap.tsx")).ValueMap }));

interface UnknownValuesProps {
  view: ColumnView;
  /** How many of the file's first rows they are of; null: all of them. */
  sampledRows: number | null;
  /** All values that have been given, earlier ones included. */
  onSave: (values: Record<string, string>) => void;
}

/** Values that are asked for here, the most frequent ones; all are in the dialog. */
const mostValues = 6;

export function UnknownValues({ view, sampledRows, onSave }: UnknownValuesProps): ReactNode {
  const t = useTexts("map");
  const { number } = useFormats();
  const form = useRef<HTMLFormElement>(null);
  const [chosen, setChosen] = useState<Record<string, string>>({});
  const [isOpen, setOpen] = useState(false);
  const { column, field, unknownRows } = view;
  const values = unknownIn(view);
  const given = { ...column.transform?.values, ...chosen };
  const isSaid = Object.keys(chosen).length > 0;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isSaid) onSave(given);
    else form.current?.querySelector<HTMLElement>("select")?.focus();
  };
  const walk = (event: KeyboardEvent<HTMLSelectElement>): void => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const all = [...(form.current?.querySelectorAll<HTMLElement>("select, [type=submit]") ?? [])];
    all[all.indexOf(event.currentTarget) + 1]?.focus();
  };
  return (
    <form ref={form} className="stack question-values" onSubmit={submit}>
      <p className="muted small">
        {t("unknownRows", { count: unknownRows })} {sampledRows !== null && t("ofSample", { count: sampledRows })}
      </p>
      <ul>
        {values.slice(0, mostValues).map(({ value, count }) => (
          <li key={value}>
            <span>
              <bdi dir="auto">{shortened(value, 30)}</bdi> <span className="muted small">({number(count)})</span>
            </span>
            <select
              className="select small-control"
              aria-label={t("valueMeansOf", { value: shortened(value) })}
              value={chosen[value] ?? ""}
              onKeyDown={walk}
              onChange={({ target }) => {
                const { [value]: _, ...others } = chosen;
                setChosen(target.value === "" ? others : { ...others, [value]: target.value });
              }}
            >
              <option value="">{t("valueUnknown")}</option>
              {field?.choices?.map((each) => (
                <option key={each.value} value={each.value}>
                  {each.label}
                </option>
              ))}
            </select>
          </li>
        ))}
      </ul>
      <div className="row">
        <Button type="submit" size="small" look="primary">
          {t("saveValues")}
        </Button>
        <Button size="small" look="quiet" onClick={() => setOpen(true)}>
          {t("changeValues")}
        </Button>
      </div>
      {isOpen && (
        <Suspense>
          <ValueMap view={view} onSave={onSave} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </form>
  );
}
