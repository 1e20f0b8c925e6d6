/** A column of the file in a line: what it holds, the field it goes to and why; below it, when asked, everything else about it. */
import { type FocusEvent, type KeyboardEvent, lazy, type ReactNode, Suspense, useId, useState } from "react";
import type { GivenColumn, Import, ImporterField, MappedColumn, Transform } from "../../../client/index.ts";
import { useFormats } from "../../foundation/format.ts";
import { ownerName } from "../../foundation/mappable-fields.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Badge } from "../../parts/Badge.tsx";
import { Button } from "../../parts/Button.tsx";
import { Icon } from "../../parts/Icon.tsx";
import { LabelledInput } from "../../parts/Labelled.tsx";
import { ColumnOffers, ColumnReading, hasOffers } from "./ColumnQuestions.tsx";
import { type ColumnView, givenFor, saidTransform } from "./column-view.ts";
import { ClippedText, Distribution } from "./Distribution.tsx";
import { FieldSelect, shortened } from "./FieldSelect.tsx";
import { MergeRule } from "./MergeRule.tsx";

const ValueMap = lazy(async () => ({ default: (await import("./ValueMap.tsx")).ValueMap }));

export interface ColumnRowProps {
  job: Import;
  view: ColumnView;
  sampledRows: number;
  fields: readonly ImporterField[];
  needed: ReadonlySet<string>;
  takenBy: ReadonlyMap<string, string>;
  /** The one line that Tab stops at; arrow keys go to the others. */
  isCurrent: boolean;
  onFocus: (event: FocusEvent) => void;
  onArrow: (event: KeyboardEvent) => void;
  onChoose: (field: string | null) => void;
  onSay: (given: GivenColumn) => void;
}

/** Characters of a header that a line shows. */
const shownHeader = 60;
const samples = 4;

export function ColumnRow(props: ColumnRowProps): ReactNode {
  const { view, fields, needed, takenBy, isCurrent, onFocus, onArrow, onChoose, onSay } = props;
  const t = useTexts("map");
  const { percent } = useFormats();
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const { column, looks, decide } = view;
  const { column: header, field: name } = column;
  const title = header === "" ? t("noHeader") : shortened(header, shownHeader);
  const say = (transform: Transform | undefined): void => onSay(givenFor(column, transform));
  const look = name === null ? "left-out" : decide ? "to-decide" : undefined;
  return (
    <tbody aria-label={title} data-column={column.index} className={look} onFocus={onFocus}>
      <tr className="map-line">
        <th scope="row">
          <button
            type="button"
            className="map-name"
            tabIndex={isCurrent ? 0 : -1}
            aria-expanded={isOpen}
            aria-controls={isOpen ? id : undefined}
            onKeyDown={onArrow}
            onClick={() => setOpen(!isOpen)}
          >
            <Icon name="chevron" size={14} />
            <bdi dir="auto">{title}</bdi>
          </button>
        </th>
        <td className="map-samples">
          {looks !== undefined && looks.top.length === 0 && <span className="muted">{t("empty")}</span>}
          {looks?.top.slice(0, samples).map(({ value }) => (
            <span key={value}>
              <bdi dir="auto">{shortened(value, 40)}</bdi>
            </span>
          ))}
        </td>
        <td className="map-fill number">{looks !== undefined && percent(looks.filled)}</td>
        <td className="map-goes">
          <FieldSelect
            column={header}
            field={name}
            tabIndex={isCurrent ? 0 : -1}
            {...{ fields, needed, takenBy, onChoose }}
          />
        </td>
        <td className="map-state">
          <State view={view} />
        </td>
      </tr>
      {hasOffers(view) && (
        <tr className="map-offers">
          <td colSpan={5}>
            <ColumnOffers view={view} onTransform={say} />
          </td>
        </tr>
      )}
      {isOpen && (
        <tr className="map-details" id={id}>
          <td colSpan={5}>
            <Details {...props} onTransform={say} />
          </td>
        </tr>
      )}
    </tbody>
  );
}

function Details({
  job,
  view,
  sampledRows,
  onChoose,
  onSay,
  onTransform,
}: ColumnRowProps & { onTransform: (transform: Transform | undefined) => void }): ReactNode {
  const t = useTexts("map");
  const [isMappingValues, setMappingValues] = useState(false);
  const { column, looks, field } = view;
  return (
    <div className="map-detail">
      <div className="stack">
        <p>
          <span className="muted small">{t("columnNumber", { number: column.index + 1 })}</span>{" "}
          <strong>{column.column === "" ? t("noHeader") : <ClippedText text={column.column} most={80} />}</strong>
        </p>
        {looks !== undefined && <Distribution looks={looks} rows={sampledRows} />}
      </div>
      <div className="stack">
        {column.default !== undefined && (
          <p className="muted small">{t("blankIs", { value: shortened(column.default) })}</p>
        )}
        <ColumnReading
          view={view}
          onTransform={onTransform}
          onConfirm={() => onTransform(saidTransform(column))}
          onLeave={() => onChoose(null)}
        />
        {field?.kind === "choice" && looks !== undefined && looks.top.length > 0 && (
          <div>
            <Button size="small" look="quiet" icon="edit" onClick={() => setMappingValues(true)}>
              {t("changeValues")}
            </Button>
          </div>
        )}
        {field !== undefined && (
          <>
            <BlankCell key={column.default} column={column} onSay={onSay} />
            <MergeRule job={job} field={{ ...field, name: ownerName(field.name) }} />
          </>
        )}
      </div>
      {isMappingValues && (
        <Suspense>
          <ValueMap
            view={view}
            onSave={(values) => onTransform({ ...saidTransform(column), values })}
            onClose={() => setMappingValues(false)}
          />
        </Suspense>
      )}
    </div>
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
function State({ view: { column, looks, field, decide } }: { view: ColumnView }): ReactNode {
  const t = useTexts("map");
  const { percent } = useFormats();
  const { reason, score } = column;
  const kind = looks?.kind === "datetime" ? "date" : looks?.kind;
  const words =
    reason === "values"
      ? t(kind === "email" || kind === "phone" || kind === "date" ? `looksLike_${kind}` : "looksLike_values")
      : t(reason === "given" && column.field === null ? "reason_left" : `reason_${reason}`);
  // The same name needs no number.
  const isSuggested = field !== undefined && !decide && reason !== "given" && score < 1;
  return (
    <div className="row map-reason small">
      {decide ? <Badge tone="warn">{t("decide")}</Badge> : column.field !== null && <Icon name="check" size={16} />}
      <span className={field === undefined ? "muted" : undefined}>{words}</span>
      {isSuggested && <span className="muted">{t("sure", { share: percent(Math.round(score * 100) / 100) })}</span>}
    </div>
  );
}
