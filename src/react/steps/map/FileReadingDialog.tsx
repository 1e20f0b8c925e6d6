/** Corrects how the file is read: what stands between cells, its characters, the row of its header. */
import { type FormEvent, type ReactNode, useId, useState } from "react";
import type { DialectHints, Import } from "../../../client/index.ts";
import { useAnnounce } from "../../foundation/Frame.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { useOptions } from "../../foundation/use-options.ts";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Choice, Labelled, LabelledInput } from "../../parts/Labelled.tsx";
import { Problem } from "../../parts/Notice.tsx";
import { delimiterNames, encodingChoices } from "./dialect-names.ts";

export function FileReadingDialog({ job, onClose }: { job: Import; onClose: () => void }): ReactNode {
  const t = useTexts("map");
  const announce = useAnnounce();
  const formId = useId();
  const { options, change, saving, error } = useOptions(job.id);
  const { dialect } = job;
  const [delimiter, setDelimiter] = useState(dialect.delimiter);
  const [isOther, setOther] = useState(delimiter !== undefined && !delimiterNames.has(delimiter));
  const [sign, setSign] = useState(isOther && delimiter !== undefined ? delimiter : "");
  const [encoding, setEncoding] = useState(dialect.encoding);
  const [headerRow, setHeaderRow] = useState(String(Math.max(1, dialect.headerRow)));
  const [hasHeader, setHasHeader] = useState(dialect.headerRow > 0);

  const readAnew = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const hints: DialectHints = { ...options?.dialect, headerRow: hasHeader ? Number(headerRow) : 0 };
    if (delimiter !== undefined) hints.delimiter = isOther ? sign : delimiter;
    if (encoding !== undefined) hints.encoding = encoding;
    try {
      await change({ dialect: hints });
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
      actions={
        <Button type="submit" form={formId} look="primary" busy={saving}>
          {t("readAnew")}
        </Button>
      }
    >
      <form id={formId} className="stack" onSubmit={(event) => void readAnew(event)}>
        {delimiter !== undefined && (
          <div className="map-form-row">
            <Labelled label={t("delimiter")}>
              {(control) => (
                <select
                  className="select"
                  {...control}
                  value={isOther ? "other" : delimiter}
                  onChange={({ target }) => {
                    setOther(target.value === "other");
                    if (target.value !== "other") setDelimiter(target.value);
                  }}
                >
                  {[...delimiterNames].map(([mark, name]) => (
                    <option key={mark} value={mark}>
                      {t(`delimiterName_${name}`)}
                    </option>
                  ))}
                  <option value="other">{t("delimiterOther")}</option>
                </select>
              )}
            </Labelled>
            {isOther && (
              <LabelledInput
                label={t("delimiterSign")}
                className="map-sign"
                required
                maxLength={1}
                value={sign}
                onText={setSign}
              />
            )}
          </div>
        )}
        {encoding !== undefined && (
          <Labelled label={t("encoding")} hint={t("encodingHint")}>
            {(control) => (
              <select
                className="select"
                {...control}
                value={encoding}
                onChange={({ target }) => setEncoding(target.value)}
              >
                {encodingChoices(encoding).map(([label, name]) => (
                  <option key={label} value={label}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </Labelled>
        )}
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
          onText={setHeaderRow}
        />
        <Choice type="checkbox" checked={!hasHeader} onChange={({ target }) => setHasHeader(!target.checked)}>
          {t("hasNoHeader")}
        </Choice>
        {error !== null && <Problem error={error} />}
      </form>
    </Dialog>
  );
}
