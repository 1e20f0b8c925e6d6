/** Corrects how the file is read: what stands between cells, its characters, its header, with the first rows as they would be read. */
import { type FormEvent, type ReactNode, useId, useState } from "react";
import type { DialectHints, Import } from "../../../client/index.ts";
import { shapeOf } from "../../../core/file-formats.ts";
import { quotes } from "../../../core/row.ts";
import { useAnnounce } from "../../foundation/Frame.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { useOptions } from "../../foundation/use-options.ts";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Choice, LabelledInput, LabelledSelect } from "../../parts/Labelled.tsx";
import { Problem } from "../../parts/Notice.tsx";
import { useChoiceName } from "./choice-name.ts";
import { DelimiterChoice } from "./DelimiterChoice.tsx";
import { encodingChoices } from "./dialect-names.ts";
import { MoreReading, wordsIn } from "./MoreReading.tsx";
import { ReadingPreview } from "./ReadingPreview.tsx";
import { RunnerUpLine } from "./RunnerUpLine.tsx";
import { useReadingChoices, useReadingTrial } from "./use-reading-trial.ts";

export function FileReadingDialog({ job, onClose }: { job: Import; onClose: () => void }): ReactNode {
  const t = useTexts("map");
  const announce = useAnnounce();
  const nameOf = useChoiceName();
  const formId = useId();
  const { change, saving, error } = useOptions(job.id);
  const { dialect } = job;
  const { format, packing: _, columns: __, ...said } = dialect;
  const [hints, setHints] = useState<DialectHints>(said);
  const [headerRow, setHeaderRow] = useState(String(Math.max(1, dialect.headerRow)));
  const [words, setWords] = useState((dialect.nulls ?? []).join(", "));
  const choices = useReadingChoices(job.id, dialect);
  const say = (changes: Partial<DialectHints>): void => setHints((before) => ({ ...before, ...changes }));
  const hasHeader = hints.headerRow !== 0;
  // What is half typed is no choice yet.
  const wanted: DialectHints = {
    ...hints,
    ...(hints.delimiter === "" && { delimiter: dialect.delimiter }),
    nulls: wordsIn(words),
  };
  const trial = useReadingTrial(job.id, wanted);
  const takeHeader = (row: number): void => {
    say({ headerRow: row });
    if (row > 0) setHeaderRow(String(row));
  };

  const readAnew = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    try {
      await change({ dialect: wanted });
      announce(t("readDone"));
      onClose();
    } catch {
      // Shown below.
    }
  };

  return (
    <Dialog
      title={t("fileRead")}
      onClose={onClose}
      wide
      actions={
        <Button type="submit" form={formId} look="primary" busy={saving}>
          {t("readAnew")}
        </Button>
      }
    >
      <form id={formId} className="stack" onSubmit={(event) => void readAnew(event)}>
        <div className="reading-controls">
          {hints.delimiter !== undefined && (
            <div>
              <DelimiterChoice delimiter={hints.delimiter} onChoose={(delimiter) => say({ delimiter })} />
              <RunnerUpLine
                choices={choices}
                of="delimiter"
                present={hints.delimiter}
                onTake={(value) => say({ delimiter: String(value) })}
              />
            </div>
          )}
          {hints.encoding !== undefined && (
            <div>
              <LabelledSelect
                label={t("encoding")}
                hint={t("encodingHint")}
                options={encodingChoices(hints.encoding)}
                value={hints.encoding}
                onPick={(encoding) => say({ encoding })}
              />
              <RunnerUpLine
                choices={choices}
                of="encoding"
                present={hints.encoding}
                onTake={(value) => say({ encoding: String(value) })}
              />
            </div>
          )}
          {hints.quote !== undefined && (
            <div>
              <LabelledSelect
                label={t("quote")}
                options={quotes.map((quote) => [quote, nameOf("quote", quote)])}
                value={hints.quote}
                onPick={(quote) => say({ quote })}
              />
              <RunnerUpLine
                choices={choices}
                of="quote"
                present={hints.quote}
                onTake={(value) => say({ quote: value as DialectHints["quote"] })}
              />
            </div>
          )}
          {shapeOf(format) !== "records" && (
            <div className="stack">
              <LabelledInput
                type="number"
                label={t("headerRow")}
                hint={t("headerRowHint")}
                className="map-number"
                required
                min={1}
                max={1_000_000}
                disabled={!hasHeader}
                value={headerRow}
                onText={(text) => {
                  setHeaderRow(text);
                  if (/^[1-9]\d{0,6}$/.test(text)) say({ headerRow: Number(text) });
                }}
              />
              <Choice
                type="checkbox"
                checked={!hasHeader}
                onChange={({ target }) => say({ headerRow: target.checked ? 0 : Number(headerRow) || 1 })}
              >
                {t("hasNoHeader")}
              </Choice>
              <RunnerUpLine
                choices={choices}
                of="headerRow"
                present={hints.headerRow}
                onTake={(value) => takeHeader(Number(value))}
              />
            </div>
          )}
        </div>
        <MoreReading {...{ hints, words }} onWords={setWords} onChange={say} />
        <h3 className="reading-preview-title">{t("trialTitle")}</h3>
        <ReadingPreview trial={trial} />
        {error !== null && trial.error === null && <Problem error={error} />}
      </form>
    </Dialog>
  );
}
