/** An import's status in a list, with how far it is while it runs; there is room for the bar before it is there. */
import type { ReactNode } from "react";
import type { Import } from "../../client/index.ts";
import { useFormats } from "../foundation/format.ts";
import { useTexts } from "../foundation/texts.ts";
import { Meter } from "../parts/Meter.tsx";
import { StatusBadge } from "../parts/StatusBadge.tsx";
import { isRunning, numbersOf } from "./job-numbers.ts";

export function JobStatus({ job }: { job: Import }): ReactNode {
  const t = useTexts("history");
  const { percent: format } = useFormats();
  const { percent } = numbersOf(job);
  return (
    <div className="job-status">
      <StatusBadge status={job.status} />
      {isRunning(job) && (
        <span className="job-progress">
          <Meter label={t("progressOf", { file: job.fileName })} percent={percent} />
          <span className="small job-percent">{percent === null ? "" : format(Math.floor(percent) / 100)}</span>
        </span>
      )}
    </div>
  );
}
