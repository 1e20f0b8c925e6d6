/** Which column feeds which field, how the file is read, and what comes of it: the step of a pending import. */
import { type KeyboardEvent, lazy, type ReactNode, Suspense, useId, useRef, useState } from "react";
import { useFrame } from "../../foundation/Frame.tsx";
import { useConnection } from "../../foundation/server-state.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Problem } from "../../parts/Notice.tsx";
import { Placeholder } from "../../parts/Placeholder.tsx";
import { SkipLink, StepHead } from "../../parts/Step.tsx";
import { ColumnTable } from "./ColumnTable.tsx";
import { type ColumnFilter, madeFieldsOf, missingFieldsOf, viewsOf } from "./column-view.ts";
import { EntryChoice } from "./EntryChoice.tsx";
import { FileAnalysis } from "./FileAnalysis.tsx";
import { FileReading } from "./FileReading.tsx";
import { MadeFields } from "./MadeFields.tsx";
import { MapFoot } from "./MapFoot.tsx";
import type { TablesProps } from "./other-table.ts";
import { checkButton, openQuestion, QuestionList } from "./QuestionList.tsx";
import { questionsOf } from "./question.ts";
import { SheetChoice } from "./SheetChoice.tsx";
import { TemplateOffer } from "./TemplateOffer.tsx";
import { useMapping, useTemplate } from "./use-mapping.ts";

const HeadPreview = lazy(async () => ({ default: (await import("./HeadPreview.tsx")).HeadPreview }));

const TemplateDialog = lazy(async () => ({ default: (await import("./TemplateDialog.tsx")).TemplateDialog }));

export function MapStep({ job, onTables }: TablesProps): ReactNode {
  const t = useTexts("map");
  const frame = useFrame();
  const { reach } = useConnection();
  const { mapping, preview, fields, error, saving, say, make } = useMapping(job);
  const template = useTemplate(job);
  const [tab, setTab] = useState<"columns" | "preview">("columns");
  const [filter, setFilter] = useState<ColumnFilter>("all");
  const [isSaving, setSaving] = useState(false);
  const isThere = mapping !== undefined && fields.length > 0;
  const views = isThere ? viewsOf(mapping, preview, fields) : [];
  const missing = isThere ? missingFieldsOf(mapping.missing, fields) : [];
  const needed = new Set(missing.flat().map(({ name }) => name));
  const open = views.filter(({ decide }) => decide);

  const doubtfulFields = isThere ? mapping.fields.filter(({ doubt }) => doubt !== undefined) : [];
  const questions = questionsOf(missing, views, doubtfulFields);
  const ofSample = preview === undefined || preview.isWhole ? null : preview.sampledRows;
  const focusOn = (selector: string): void => frame?.querySelector<HTMLElement>(selector)?.focus();

  return (
    <>
      <StepHead
        title={t("title")}
        aside={
          isThere && (
            <Button size="small" onClick={() => setSaving(true)}>
              {t("templateSave")}
            </Button>
          )
        }
      >
        {isThere && (
          <>
            {questions.length > 0 && <SkipLink to={openQuestion}>{t("skipToQuestions")}</SkipLink>}
            <SkipLink to={checkButton}>{t("skipToCheck")}</SkipLink>
          </>
        )}
      </StepHead>
      <FileReading job={job} />
      <EntryChoice job={job} onTables={onTables} />
      <SheetChoice job={job} onTables={onTables} />
      {error !== null && error.status !== 401 && reach === "reached" && <Problem error={error} />}
      {isThere && template !== undefined && template !== null && (
        <TemplateOffer job={job} template={template} mapping={mapping} />
      )}
      {!isThere && error === null && <Placeholder lines={24} />}
      {isThere && (
        <>
          <QuestionList {...{ job, questions, views, fields }} sampledRows={ofSample} onSay={say} onMake={make} />
          <FileAnalysis
            job={job}
            mappedAs={mapping.columns.map(({ column, field }) => `${column}\t${field}`).join("\n")}
            fields={fields}
            onSay={say}
          />
          <Tabs
            label={t("tabs")}
            tabs={[
              { name: "columns", title: t("columnsTab") },
              { name: "preview", title: t("previewTab") },
            ]}
            chosen={tab}
            onChoose={setTab}
          >
            <h2 className="hidden-text">{t(tab === "columns" ? "columnsTab" : "previewTab")}</h2>
            {tab === "columns" ? (
              <>
                <MadeFields made={mapping.fields} onSay={make} {...{ job, views, fields, preview }} />
                <ColumnTable
                  // Read anew, they are other columns.
                  key={`${job.dialect.entry} ${job.dialect.sheet} ${job.dialect.delimiter} ${job.dialect.headerRow} ${job.dialect.encoding}`}
                  sampledRows={preview?.sampledRows ?? 0}
                  isWhole={preview?.isWhole ?? true}
                  onFilter={setFilter}
                  onSay={say}
                  {...{ job, views, fields, needed, filter }}
                />
              </>
            ) : preview === undefined ? (
              <Placeholder lines={24} />
            ) : (
              <Suspense fallback={<Placeholder lines={24} />}>
                <HeadPreview preview={preview} views={views} made={madeFieldsOf(mapping, fields)} />
              </Suspense>
            )}
          </Tabs>
          <MapFoot
            sampledRows={ofSample}
            // After a dialog has given back the focus.
            onLook={() => requestAnimationFrame(() => focusOn(openQuestion))}
            {...{ job, missing, open, doubtfulFields, fields, saving }}
          />
        </>
      )}
      {isSaving && template !== undefined && (
        <Suspense>
          <TemplateDialog job={job} template={template} onClose={() => setSaving(false)} />
        </Suspense>
      )}
    </>
  );
}

interface TabsProps<Name extends string> {
  label: string;
  tabs: readonly { name: Name; title: ReactNode }[];
  chosen: Name;
  onChoose: (name: Name) => void;
  /** What belongs to the chosen one. */
  children: ReactNode;
}

/** Views of the same thing, one at a time; arrow keys go from tab to tab (ARIA Authoring Practices, tabs). */
function Tabs<Name extends string>({ label, tabs, chosen, onChoose, children }: TabsProps<Name>): ReactNode {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent): void => {
    const isRtl = list.current !== null && getComputedStyle(list.current).direction === "rtl";
    const steps: Record<string, number> = { ArrowRight: isRtl ? -1 : 1, ArrowLeft: isRtl ? 1 : -1 };
    const at = tabs.findIndex(({ name }) => name === chosen);
    const to =
      event.key === "Home"
        ? 0
        : event.key === "End"
          ? tabs.length - 1
          : event.key in steps
            ? at + steps[event.key]
            : -1;
    const next = tabs[(to + tabs.length) % tabs.length];
    if (to === -1 && event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    onChoose(next.name);
    list.current?.querySelector<HTMLElement>(`[data-tab="${next.name}"]`)?.focus();
  };
  return (
    <div className="map-tabs">
      <div className="map-tab-list" role="tablist" aria-label={label} ref={list} onKeyDown={move}>
        {tabs.map(({ name, title }) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`${id}-${name}`}
            data-tab={name}
            aria-selected={name === chosen}
            aria-controls={`${id}-panel`}
            tabIndex={name === chosen ? 0 : -1}
            onClick={() => onChoose(name)}
          >
            {title}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${chosen}`}>
        {children}
      </div>
    </div>
  );
}
