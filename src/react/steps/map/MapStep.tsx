/** Which column feeds which field, how the file is read, and what comes of it: the step of a pending import. */
import { lazy, type ReactNode, Suspense, useState } from "react";
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
import { MapViews } from "./MapViews.tsx";
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
          <MapViews
            columns={
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
            }
            preview={(height) =>
              preview === undefined ? (
                <Placeholder lines={Math.round(0.7 * height)} />
              ) : (
                <Suspense fallback={<Placeholder lines={Math.round(0.7 * height)} />}>
                  <HeadPreview made={madeFieldsOf(mapping, fields)} {...{ preview, views, height }} />
                </Suspense>
              )
            }
          />
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
