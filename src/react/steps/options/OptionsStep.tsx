/** What becomes of duplicates, and who gets the records; beside it what that comes to, to the row, before anything is written. */

import { useQuery } from "@tanstack/react-query";
import { Fragment, type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import type {
  ClientError,
  DryRun,
  DuplicateOptions,
  Import,
  ImporterWithFields,
  ImportOptionsInput,
  Mapping,
} from "../../../client/index.ts";
import { useAnnounce } from "../../foundation/Frame.tsx";
import { useFormats } from "../../foundation/format.ts";
import { importerQuery } from "../../foundation/importer-queries.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { importKey, useImportProgress } from "../../foundation/use-import.ts";
import { useOptions } from "../../foundation/use-options.ts";
import { Button } from "../../parts/Button.tsx";
import { Meter } from "../../parts/Meter.tsx";
import { Notice, Problem } from "../../parts/Notice.tsx";
import { Placeholder } from "../../parts/Placeholder.tsx";
import { leadsOn, SkipLink, StepHead } from "../../parts/Step.tsx";
import { ChangedRecords } from "./ChangedRecords.tsx";
import { DryRunSummary, NothingToImport, nothingReason } from "./DryRunSummary.tsx";
import { strategyIn } from "./ModeChoice.tsx";
import { OptionsFoot } from "./OptionsFoot.tsx";
import { type OptionView, optionControls } from "./option-controls.tsx";
import { type UsedDryRun, useDryRun } from "./use-dry-run.ts";

export function OptionsStep({
  job,
  isPassedOver,
  onBack,
}: {
  job: Import;
  /** The review had nothing to show. */
  isPassedOver: boolean;
  onBack: () => void;
}): ReactNode {
  const t = useTexts("options");
  const tc = useTexts("common");
  const { client, language } = useSluice();
  const { data: importer, error: importerError } = useQuery<ImporterWithFields, ClientError>(
    importerQuery(client, job.importer, language),
  );
  const { data: mapping, error: mappingError } = useQuery<Mapping, ClientError>({
    queryKey: [...importKey(job.id), "mapping"],
    queryFn: ({ signal }) => client.imports.mapping(job.id, { signal }),
  });
  const { options, error, change } = useOptions(job.id);
  const [draft, setDraft] = useState<"kept" | "pending" | "unfinished">("kept");
  // What was pressed last, until it is kept: the next press builds on it.
  const [pressed, setPressed] = useState<DuplicateOptions | null>(null);
  const dryRun = useDryRun(job, options, draft === "pending" || pressed !== null);
  useSaid(dryRun);
  const chooseDuplicates = (duplicates: DuplicateOptions): void => {
    setPressed(duplicates);
    // What goes wrong is shown by `error`.
    change({ duplicates })
      .catch(() => {})
      .finally(() => setPressed((last) => (last === duplicates ? null : last)));
  };
  const keep = useCallback(
    (changes: ImportOptionsInput): void => {
      change(changes).catch(() => {});
    },
    [change],
  );

  const duplicates = pressed ?? options?.duplicates;
  const counts = dryRun.data?.counts;
  const isThere = importer !== undefined && mapping !== undefined && options !== undefined && duplicates !== undefined;
  const view: OptionView | null = isThere
    ? {
        ...{ job, importer, mapping, options, duplicates, counts },
        ...{ isCounting: dryRun.isCounting, change: keep, press: chooseDuplicates, onDraft: setDraft },
      }
    : null;
  const missing = isThere ? null : (importerError ?? mappingError ?? error);
  const warned = dryRun.data?.issues.filter(({ severity }) => severity === "warning") ?? [];
  const removes = (dryRun.data?.removal?.records ?? 0) > 0;
  const reason = counts === undefined || dryRun.isCounting || removes ? null : nothingReason(counts, options?.mode);
  return (
    <div className="stack">
      <StepHead title={t(titleOf(view, importer))}>
        {t("hint")}
        <SkipLink to={leadsOn}>{tc("skipToEnd")}</SkipLink>
      </StepHead>
      {job.status !== "ready" && <ReadAgain job={job} />}
      {missing !== null && missing.status !== 401 && <Problem error={missing} />}
      {isThere && error !== null && error.status !== 401 && job.status === "ready" && (
        <Problem error={error} title={t("notKept")} />
      )}
      {warned.length > 0 ? (
        <Warned issues={warned} onLook={onBack} />
      ) : (
        isPassedOver &&
        (counts === undefined || counts.created === job.validRows) && (
          <Notice tone="good" title={t("plain")} actions={<Button onClick={onBack}>{t("lookAtRows")}</Button>}>
            {t("plainHint", { count: job.validRows })}
          </Notice>
        )
      )}
      {reason !== null && <NothingToImport reason={reason} onBack={onBack} />}
      <div className="options-view">
        {view !== null ? (
          <fieldset className="options-main stack" disabled={job.status !== "ready"}>
            <legend className="hidden-text">{t("title")}</legend>
            {optionControls.map(({ option, isShown, show }) =>
              isShown === undefined || isShown(view) ? <Fragment key={option}>{show(view)}</Fragment> : null,
            )}
          </fieldset>
        ) : (
          missing === null && <Placeholder lines={22} />
        )}
        <div className="options-aside">
          <DryRunSummary importer={job.importer} dryRun={dryRun} />
        </div>
      </div>
      {isThere && dryRun.data !== undefined && strategyIn(options.mode, duplicates) === "update" && (
        <ChangedRecords importer={importer} dryRun={dryRun.data} isOld={dryRun.isCounting} />
      )}
      <OptionsFoot job={job} dryRun={dryRun} isUnfinished={draft === "unfinished"} onBack={onBack} />
    </div>
  );
}

/** What goes in all the same: also what only the match has found, by the options as they are now. */
function Warned({ issues, onLook }: { issues: DryRun["issues"]; onLook: () => void }): ReactNode {
  const t = useTexts("options");
  const { number } = useFormats();
  return (
    <Notice tone="warn" title={t("warned")} actions={<Button onClick={onLook}>{t("lookAtRows")}</Button>}>
      <ul className="options-warned">
        {issues.map(({ code, field, label, title, count }) => (
          <li key={`${code} ${field}`}>
            {[label, title].filter(Boolean).join(" · ")}: {number(count)}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** By what is asked. */
function titleOf(
  view: OptionView | null,
  importer: ImporterWithFields | undefined,
): "title" | "titleDuplicates" | "does" {
  if (importer?.assignsOwners !== false) return "title";
  const asks = optionControls.filter(({ isShown }) => view !== null && (isShown === undefined || isShown(view)));
  return view === null || asks.some(({ option }) => option === "duplicates") ? "titleDuplicates" : "does";
}

/** The file is read once more: for a column of owners, or because the database lost the rows. */
function ReadAgain({ job }: { job: Import }): ReactNode {
  const t = useTexts("options");
  const progress = useImportProgress(job.id);
  return (
    <Notice tone="info" title={t("readAgain")}>
      <div className="stack">
        <span>{t("readAgainHint")}</span>
        <Meter label={t("readAgain")} percent={progress?.percent ?? null} />
      </div>
    </Notice>
  );
}

/** New numbers are said to those who do not see them. */
function useSaid({ data, isCounting }: UsedDryRun): void {
  const t = useTexts("options");
  const { number } = useFormats();
  const announce = useAnnounce();
  const said = useRef<unknown>(undefined);
  useEffect(() => {
    if (isCounting || data === undefined || said.current === data) return;
    said.current = data;
    const { created, updated, unchanged, skipped, invalid } = data.counts;
    const [c, u, n, s, i] = [created, updated, unchanged, skipped, invalid].map(number);
    announce(t("said", { created: c, updated: u, unchanged: n, skipped: s, invalid: i }));
  }, [data, isCounting, announce, t, number]);
}
