/** How the file is read, in a line, and the way to correct it. */
import { lazy, type ReactNode, Suspense, useState } from "react";
import type { Import } from "../../../client/index.ts";
import { fileFormats, shapeOf } from "../../../core/file-formats.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Icon } from "../../parts/Icon.tsx";
import { useChoiceName } from "./choice-name.ts";
import { useReadingChoices } from "./use-reading-trial.ts";

const FileReadingDialog = lazy(async () => ({ default: (await import("./FileReadingDialog.tsx")).FileReadingDialog }));

export function FileReading({ job }: { job: Import }): ReactNode {
  const t = useTexts("map");
  const tc = useTexts("common");
  const [isOpen, setOpen] = useState(false);
  const { language } = useSluice();
  const { format, delimiter, encoding, headerRow, sheet, entry } = job.dialect;
  // Records name their members themselves: there is no header to choose.
  const hasNames = shapeOf(format) === "records";
  const nameOf = useChoiceName();
  const close = useReadingChoices(job.id, job.dialect).filter(
    ({ column, runnerUp }) => column === undefined && runnerUp?.isClose,
  );
  const words = [
    delimiter === undefined ? fileFormats[format].title[language] : nameOf("delimiter", delimiter),
    ...(encoding === undefined ? [] : [nameOf("encoding", encoding)]),
    ...(entry === undefined ? [] : [t("entryIs", { name: entry })]),
    ...(sheet === undefined ? [] : [nameOf("sheet", sheet)]),
    ...(hasNames ? [] : [nameOf("headerRow", headerRow)]),
  ];
  return (
    <div className="map-reading-block">
      <div className="map-reading">
        <Icon name="file" />
        <div className="map-reading-words">
          <strong>
            <bdi dir="auto">{job.fileName}</bdi>
          </strong>
          <span className="muted small">
            <span className="hidden-text">{t("fileRead")}: </span>
            {words.join(" · ")}
          </span>
        </div>
        <Button size="small" look="quiet" icon="edit" aria-label={tc("changeReading")} onClick={() => setOpen(true)}>
          {t("change")}
        </Button>
      </div>
      {close.map(({ of, runnerUp }) => (
        <p key={of} className="small map-close-choice">
          {t("closeChoice", { choice: `${nameOf(of, runnerUp?.value ?? "")} ${runnerUp?.reason}` })}
        </p>
      ))}
      {isOpen && (
        <Suspense>
          <FileReadingDialog job={job} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </div>
  );
}
