/** How the file is read, in a line, and the way to correct it. */
import { lazy, type ReactNode, Suspense, useState } from "react";
import type { Import } from "../../../client/index.ts";
import { fileFormats, shapeOf } from "../../../core/file-formats.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Icon } from "../../parts/Icon.tsx";
import { delimiterNames, encodingName } from "./dialect-names.ts";

const FileReadingDialog = lazy(async () => ({ default: (await import("./FileReadingDialog.tsx")).FileReadingDialog }));

export function FileReading({ job }: { job: Import }): ReactNode {
  const t = useTexts("map");
  const tc = useTexts("common");
  const [isOpen, setOpen] = useState(false);
  const { language } = useSluice();
  const { format, delimiter, encoding, headerRow, sheet } = job.dialect;
  // Records name their members themselves: there is no header to choose.
  const hasNames = shapeOf(format) === "records";
  const named = delimiter === undefined ? undefined : delimiterNames.get(delimiter);
  const words = [
    ...(delimiter === undefined
      ? [fileFormats[format].title[language]]
      : [named === undefined ? t("delimiterName_other", { mark: delimiter }) : t(`delimiterName_${named}`)]),
    ...(encoding === undefined ? [] : [encodingName(encoding)]),
    ...(sheet === undefined ? [] : [t("sheetIs", { sheet })]),
    ...(hasNames ? [] : [headerRow === 0 ? t("headerNone") : t("headerIn", { row: headerRow })]),
  ];
  return (
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
      {!hasNames && (
        <Button size="small" look="quiet" icon="edit" aria-label={tc("changeReading")} onClick={() => setOpen(true)}>
          {t("change")}
        </Button>
      )}
      {isOpen && (
        <Suspense>
          <FileReadingDialog job={job} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </div>
  );
}
