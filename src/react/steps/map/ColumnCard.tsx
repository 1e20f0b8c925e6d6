/** A column of the file: what it holds on one side, the field it goes to and what is to be decided on the other. */
import { lazy, type ReactNode, Suspense, useId, useState } from "react";
import type { GivenColumn, Import, ImporterField, MappedColumn, Transform } from "../../../client/index.ts";
import { useFormats } from "../../foundation/format.ts";
import { ownerName } from "../../foundation/mappable-fields.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Badge } from "../../parts/Badge.tsx";
import { Button } from "../../parts/Button.tsx";
import { Icon } from "../../parts/Icon.tsx";
import { LabelledInput } from "../../parts/Labelled.tsx";
import { ColumnQuestions } from "./ColumnQuestions.tsx";
import { type ColumnView, saidTransform } from "./column-view.ts";
import { ClippedText, Distribution } from "./Distribution.tsx";
import { FieldSelect, shortened } from "./FieldSelect.tsx";
import { MergeRule } from "./MergeRule.tsx";

const ValueMap = lazy(async () => ({ default: (await import("./ValueMap.tsx")).ValueMap }));

export interface ColumnCardProps {
  job: Import;
  view: ColumnView;
  sampledRows: number;
  fields: readonly ImporterField[];
  needed: ReadonlySet<string>;
  takenBy: ReadonlyMap<string, string>;
  onChoose: (field: string | null) => void;
  onSay: (given: GivenColumn) => void;
}

export function ColumnCard(props: ColumnCardProps): ReactNode {
  const { job, view, sampledRows, fields, needed, takenBy, onChoose, onSay } = props;
  const t = useTexts("map");
  const id = useId();
  const [isMappingValues, setMappingValues] = useState(false);
  const { column, looks, field, unknown, unknownRows, decide } = view;
  const { column: header, field: name } = column;
  const same = (changed: Transform | undefined): void =>
    onSay({
      column: header,
      field: name,
      transform: changed,
      ...(column.default !== undefined && { default: column.default }),
    });
  return (
    <article
      className={`map-card${name === null ? " left-out" : ""}${decide ? " to-decide" : ""}`}
      aria-labelledby={id}
      data-column={column.index}
    >
      <div className="map-card-file">
        <p className="muted small">{t("columnNumber", { number: column.index + 1 })}</p>
        <h3 id={id}>{header === "" ? t("noHeader") : <ClippedText text={header} most={80} />}</h3>
        {looks !== undefined && <Distribution looks={looks} rows={sampledRows} />}
      </div>
      <span className="map-card-arrow" aria-hidden="true">
        <Icon name="chevron" size={20} />
      </span>
      <div className="map-card-field">
        <FieldSelect column={header} field={name} {...{ fields, needed, takenBy, onChoose }} />
        <Reason view={view} />
        {column.default !== undefined && (
          <p className="muted small">{t("blankIs", { value: shortened(column.default) })}</p>
        )}
        <ColumnQuestions
          key={name}
          view={view}
          onTransform={same}
          onConfirm={() => same(saidTransform(column))}
          onLeave={() => onChoose(null)}
        />
        {unknown > 0 && (
          <div className="map-question">
            <p className="map-legend">{t("unknownValues", { count: unknown })}</p>
            <p className="muted small">{t("unknownRows", { count: unknownRows })}</p>
            <div className="row map-answers-row">
              <Button size="small" onClick={() => setMappingValues(true)}>
                {t("sayValues")}
              </Button>
            </div>
          </div>
        )}
        {field?.kind === "choice" && unknown === 0 && looks !== undefined && looks.top.length > 0 && (
          <Button size="small" look="quiet" icon="edit" onClick={() => setMappingValues(true)}>
            {t("changeValues")}
          </Button>
        )}
        {field !== undefined && (
          <details className="map-more">
            <summary>{t("more")}</summary>
            <BlankCell key={column.default} column={column} onSay={onSay} />
            <MergeRule job={job} field={{ ...field, name: ownerName(field.name) }} />
          </details>
        )}
      </div>
      {isMappingValues && (
        <Suspense>
          <ValueMap
            view={view}
            onSave={(values) => same({ ...saidTransform(column), values })}
            onClose={() => setMappingValues(false)}
          />
        </Suspense>
      )}
    </article>
  );
}

/** What a blank cell counts as; said when the box is left. */
function BlankCell({ column, onSay }: { column: MappedColumn; onSay: (given: GivenColumn) => void }): ReactNode {
  const t = useTexts("map");
  const [text, setText] = useState(column.default ?? "");
  const say = (): void => {
    const wanted = text.trim();
    if (wanted === (column.default ?? "")) return;
    const { column: header, field } = column;
    const transform = saidTransform(column);
    onSay({ column: header, field, ...(transform && { transform }), ...(wanted !== "" && { default: wanted }) });
  };
  return (
    <LabelledInput
      label={t("blankCountsAs")}
      hint={t("blankCountsAsHint")}
      autoComplete="off"
      value={text}
      onText={setText}
      onBlur={say}
      onKeyDown={({ key }) => key === "Enter" && say()}
    />
  );
}

/** Why it goes there, and how sure that is. */
function Reason({ view: { column, looks, field, decide } }: { view: ColumnView }): ReactNode {
  const t = useTexts("map");
  const { percent } = useFormats();
  const { reason, score } = column;
  const kind = looks?.kind === "datetime" ? "date" : looks?.kind;
  const words =
    reason === "values"
      ? t(kind === "email" || kind === "phone" || kind === "date" ? `looksLike_${kind}` : "looksLike_values")
      : t(reason === "given" && column.field === null ? "reason_left" : `reason_${reason}`);
  // The same name needs no number.
  const isSuggested = field !== undefined && reason !== "given" && score < 1;
  return (
    <p className="row map-reason small">
      {decide ? <Badge tone="warn">{t("decide")}</Badge> : column.field !== null && <Icon name="check" size={16} />}
      <span className={field === undefined ? "muted" : undefined}>{words}</span>
      {isSuggested && <span className="muted">{t("sure", { share: percent(Math.round(score * 100) / 100) })}</span>}
    </p>
  );
}
