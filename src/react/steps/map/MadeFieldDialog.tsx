/** Asks where a field's values come from when no column has them: a fixed value, several columns, a part of one; shows what comes of it. */
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import type { ClientError, GivenField, Import, ImporterField, MappedField, Preview } from "../../../client/index.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { useRested } from "../../foundation/use-settled.ts";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Choice, Labelled, LabelledInput, LabelledSelect } from "../../parts/Labelled.tsx";
import { Problem } from "../../parts/Notice.tsx";
import type { ColumnView } from "./column-view.ts";
import { shortened } from "./FieldSelect.tsx";
import { draftOf, givenOf, type MadeDraft, type Part, parts, type Way, ways } from "./made-field.ts";

export interface MadeFieldDialogProps {
  job: Import;
  views: readonly ColumnView[];
  /** Those that it may be; one: it is that one. */
  fields: readonly ImporterField[];
  made: MappedField | undefined;
  /** The one that it begins with. */
  way?: Way;
  onSay: (given: GivenField) => void;
  onClose: () => void;
}

/** More columns are no help in a list. */
const mostColumns = 300;

export function MadeFieldDialog({ job, views, fields, made, way, onSay, onClose }: MadeFieldDialogProps): ReactNode {
  const t = useTexts("map");
  const formId = useId();
  const [name, setName] = useState(made?.field ?? fields[0]?.name ?? "");
  const field = fields.find((each) => each.name === name);
  const [draft, setDraft] = useState(() => ({ ...draftOf(made, name), ...(way && { way }) }));
  const [isAsked, setAsked] = useState(false);
  const given = givenOf(name, draft);
  const change = (changed: Partial<MadeDraft>): void => setDraft((before) => ({ ...before, ...changed }));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (given === null) {
      setAsked(true);
      return;
    }
    onSay(given);
    onClose();
  };
  return (
    <Dialog
      title={fields.length === 1 ? t("madeTitle", { field: fields[0].label }) : t("madeTitleAny")}
      wide
      onClose={onClose}
      actions={
        <Button type="submit" form={formId} look="primary">
          {t("madeDo")}
        </Button>
      }
    >
      <form id={formId} className="stack" noValidate onSubmit={submit}>
        {fields.length > 1 && (
          <LabelledSelect
            label={t("madeField")}
            options={fields.map((each) => [each.name, each.label])}
            value={name}
            onPick={(picked) => {
              setName(picked);
              change({ part: draftOf(undefined, picked).part });
            }}
          />
        )}
        <fieldset className="made-ways">
          <legend className="hidden-text">{t("madeWay")}</legend>
          {ways.map((way) => (
            <Choice
              key={way}
              type="radio"
              name={`${formId}-way`}
              checked={draft.way === way}
              hint={t(`madeHint_${way}`)}
              onChange={() => change({ way })}
            >
              {t(`madeWay_${way}`)}
            </Choice>
          ))}
        </fieldset>
        {draft.way === "constant" && (
          <Constant field={field} draft={draft} onChange={change} isAsked={isAsked && given === null} />
        )}
        {draft.way === "join" && (
          <Joined views={views} draft={draft} onChange={change} isAsked={isAsked && given === null} />
        )}
        {draft.way === "split" && (
          <Split views={views} draft={draft} onChange={change} isAsked={isAsked && given === null} />
        )}
        {draft.way !== "constant" && (
          <LabelledInput
            label={t("blankCountsAs")}
            hint={t("blankCountsAsHint")}
            autoComplete="off"
            value={draft.fallback}
            onText={(fallback) => change({ fallback })}
          />
        )}
        <Outcome job={job} given={given} />
      </form>
    </Dialog>
  );
}

interface WayProps {
  draft: MadeDraft;
  onChange: (changed: Partial<MadeDraft>) => void;
  /** It was to be taken, and something is missing. */
  isAsked: boolean;
}

function Constant({ field, draft, onChange, isAsked }: WayProps & { field: ImporterField | undefined }): ReactNode {
  const t = useTexts("map");
  const problem = isAsked ? t("madeNeedsValue") : undefined;
  if (field?.choices !== undefined) {
    return (
      <LabelledSelect
        label={t("madeValue")}
        problem={problem}
        options={[["", t("madeChoose")], ...field.choices.map(({ value, label }): [string, string] => [value, label])]}
        value={draft.value}
        onPick={(value) => onChange({ value })}
      />
    );
  }
  return (
    <LabelledInput
      label={t("madeValue")}
      problem={problem}
      autoComplete="off"
      value={draft.value}
      onText={(value) => onChange({ value })}
    />
  );
}

function Joined({ views, draft, onChange, isAsked }: WayProps & { views: readonly ColumnView[] }): ReactNode {
  const t = useTexts("map");
  const { columns } = draft;
  // Each once.
  const put = (k: number, column: string): void =>
    onChange({
      columns: [
        ...new Set(
          column === ""
            ? columns.filter((_, at) => at !== k)
            : [...columns.slice(0, k), column, ...columns.slice(k + 1)],
        ),
      ],
    });
  return (
    <>
      <div className="made-columns">
        {columns.map((column, k) => (
          <ColumnSelect
            key={column}
            label={t("madeColumnNth", { number: k + 1 })}
            views={views}
            column={column}
            none={t("madeTakeOut")}
            onChoose={(chosen) => put(k, chosen)}
          />
        ))}
        <ColumnSelect
          key={columns.length}
          label={t("madeColumnNth", { number: columns.length + 1 })}
          views={views}
          column=""
          none={t("missingChoose")}
          problem={isAsked ? t("madeNeedsColumn") : undefined}
          onChoose={(chosen) => put(columns.length, chosen)}
        />
      </div>
      <LabelledSelect
        label={t("madeBetween")}
        options={[...new Set([" ", ", ", " - ", "-", "/", "", draft.joiner])].map((joiner) => [
          joiner,
          joiner === " " ? t("between_space") : joiner === "" ? t("between_nothing") : joiner.trim(),
        ])}
        value={draft.joiner}
        onPick={(joiner) => onChange({ joiner })}
      />
    </>
  );
}

function Split({ views, draft, onChange, isAsked }: WayProps & { views: readonly ColumnView[] }): ReactNode {
  const t = useTexts("map");
  const groups: [string, readonly Part[]][] = [
    [t("partsOfName"), parts.slice(0, 3)],
    [t("partsOfAddress"), parts.slice(3, 7)],
    [t("partsOther"), parts.slice(7)],
  ];
  return (
    <>
      <div className="made-columns">
        <ColumnSelect
          label={t("madeColumn")}
          views={views}
          column={draft.column}
          none={t("missingChoose")}
          problem={isAsked && draft.column === "" ? t("madeNeedsColumn") : undefined}
          onChoose={(column) => onChange({ column })}
        />
        <Labelled label={t("madePart")}>
          {(control) => (
            <select
              className="select"
              {...control}
              value={draft.part}
              onChange={({ target }) => onChange({ part: target.value as Part })}
            >
              {groups.map(([label, members]) => (
                <optgroup key={label} label={label}>
                  {members.map((part) => (
                    <option key={part} value={part}>
                      {t(`part_${part}`)}
                    </option>
                  ))}
                </optgroup>
              ))}
            </select>
          )}
        </Labelled>
      </div>
      {draft.part === "piece" && (
        <div className="made-columns">
          <LabelledInput
            label={t("madeSeparator")}
            problem={isAsked && draft.separator === "" ? t("madeNeedsSeparator") : undefined}
            autoComplete="off"
            maxLength={20}
            value={draft.separator}
            onText={(separator) => onChange({ separator })}
          />
          <LabelledInput
            label={t("madePiece")}
            hint={t("madePieceHint")}
            type="number"
            min={-50}
            max={50}
            value={String(draft.piece)}
            onText={(text) => onChange({ piece: Number.parseInt(text, 10) || 0 })}
          />
        </div>
      )}
    </>
  );
}

interface ColumnSelectProps {
  label: string;
  views: readonly ColumnView[];
  column: string;
  /** What stands for none. */
  none: string;
  problem?: string | undefined;
  onChoose: (column: string) => void;
}

function ColumnSelect({ label, views, column, none, problem, onChoose }: ColumnSelectProps): ReactNode {
  return (
    <Labelled label={label} problem={problem}>
      {(control) => (
        <select className="select" {...control} value={column} onChange={({ target }) => onChoose(target.value)}>
          <option value="">{none}</option>
          {views.slice(0, mostColumns).map((view) => (
            <option key={view.column.index} value={view.column.column}>
              {shortened(view.column.column, 60)}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

/** Rows of which it is shown what they would have. */
const shownRows = 5;

/** What the first rows would have, as the server reads it. */
function Outcome({ job, given }: { job: Import; given: GivenField | null }): ReactNode {
  const t = useTexts("map");
  const { client, language } = useSluice();
  const asked = useRested(given === null ? "" : JSON.stringify(given));
  const { data, error } = useQuery<Preview, ClientError>({
    queryKey: ["import", job.id, "preview", language, asked],
    queryFn: ({ signal }) =>
      client.imports.preview(job.id, { lang: language, limit: shownRows, made: JSON.parse(asked), signal }),
    enabled: asked !== "",
    placeholderData: (before) => before,
  });
  if (given === null) return <p className="muted made-outcome">{t("madeOutcomeLater")}</p>;
  if (error !== null) return <Problem error={error} />;
  return (
    <div className="made-outcome" aria-live="polite">
      <p className="muted small">{t("madeOutcome")}</p>
      <ul>
        {data?.rows.map(({ row, values, issues }) => {
          const wrong = issues.find(({ field, severity }) => field === given.field && severity === "error");
          const value = values?.[given.field];
          return (
            <li key={row}>
              <span className="muted small">{t("rowNumber", { row })}</span>{" "}
              {wrong !== undefined ? (
                <span className="map-cell-problem">{wrong.message}</span>
              ) : value === undefined ? (
                <span className="muted">{t("madeOtherwiseWrong")}</span>
              ) : value === null || value === "" ? (
                <span className="muted">{t("madeBlank")}</span>
              ) : (
                <bdi dir="auto">{shortened(value, 80)}</bdi>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
