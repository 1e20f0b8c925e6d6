/**
 * One file's way in, from drop to done. Which step is shown follows from the import's status, so a reload, another tab or another
 * day come back to the same place.
 */
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Import } from "../client/index.ts";
import { Frame } from "./foundation/Frame.tsx";
import type { Place, Places } from "./foundation/Sluice.tsx";
import { type SluiceOptions, useSluice, WithPlaces, WithSluice } from "./foundation/Sluice.tsx";
import { useTexts } from "./foundation/texts.ts";
import { useImport } from "./foundation/use-import.ts";
import { Button } from "./parts/Button.tsx";
import { fetchWhenIdle, later } from "./parts/later.tsx";
import { OfflineNotice, PageProblem } from "./parts/Notice.tsx";
import { Empty, Placeholder } from "./parts/Placeholder.tsx";
import { PlaceLink } from "./parts/PlaceLink.tsx";
import { SignInAgain } from "./parts/SignInAgain.tsx";
import { useNotified } from "./progress/NotifyMe.tsx";
import { type ReadyStep, type Step, Stepper, stepOf } from "./Stepper.tsx";
import { AnalysisStep } from "./steps/analysis/AnalysisStep.tsx";
import { ReviewNeed } from "./steps/analysis/ReviewNeed.tsx";
import { MapStep } from "./steps/map/MapStep.tsx";
import type { TablesProps } from "./steps/map/other-table.ts";
import { ReviewStep, RowGrid } from "./steps/review/ReviewStep.tsx";
import { UploadStep } from "./steps/upload/UploadStep.tsx";
import { nextQueue } from "./steps/upload/use-upload-queue.ts";

/** Steps that no import begins with. */
const OptionsStep = later(async () => (await import("./steps/options/OptionsStep.tsx")).OptionsStep, "page");
const CommitStep = later(async () => (await import("./steps/commit/CommitStep.tsx")).CommitStep, "page");

export interface ImportWizardProps extends SluiceOptions {
  /** Name of the importer; default: the person chooses among those that there are. */
  importer?: string;
  /** Values that the importer wants beside the file, such as the tenant. */
  context?: Readonly<Record<string, string>>;
  /** The import to go on with; null or absent: a new one. */
  importId?: number | null;
  /** There is an import now, or another one; null: back to a new one. */
  onImportChange?: (id: number | null) => void;
  /** Which of the two steps of a ready import is shown; default: the wizard keeps it. */
  readyStep?: ReadyStep;
  onReadyStepChange?: (step: ReadyStep) => void;
  /** Every row has ended. Called once for each import that completes while it is shown. */
  onComplete?: (job: Import) => void;
}

/**
 * @example
 * <ImportWizard importer="leads" baseUrl="https://import.example.com" token={token} onComplete={({ counts }) => show(counts)} />
 */
export function ImportWizard(props: ImportWizardProps): ReactNode {
  const { importer, context, importId, onImportChange, readyStep, onReadyStepChange, onComplete, ...options } = props;
  return (
    <WithSluice {...options}>
      <Frame>
        <Wizard {...{ importer, context, importId, onImportChange, readyStep, onReadyStepChange, onComplete }} />
      </Frame>
    </WithSluice>
  );
}

function Wizard({
  importer,
  context,
  importId: given,
  onImportChange,
  readyStep: givenStep,
  onReadyStepChange,
  onComplete,
}: Omit<ImportWizardProps, keyof SluiceOptions>): ReactNode {
  const t = useTexts("wizard");
  const tc = useTexts("common");
  const { places: outer, client, server } = useSluice();
  const [ownId, setOwnId] = useState<number | null>(given ?? null);
  const id = given === undefined ? ownId : given;
  useEffect(() => fetchWhenIdle([RowGrid, OptionsStep, CommitStep]), []);
  const open = useCallback(
    (next: number | null): void => {
      setOwnId(next);
      onImportChange?.(next);
    },
    [onImportChange],
  );
  const [own, setOwn] = useState<{ id: number | null; step: ReadyStep }>({ id, step: "review" });
  const goTo = useCallback(
    (next: ReadyStep): void => {
      setOwn({ id, step: next });
      onReadyStepChange?.(next);
    },
    [id, onReadyStepChange],
  );
  const places = useMemo(() => withinWizard(outer, open), [outer, open]);
  const { data: job, error } = useImport(id);
  useNotified(job);
  const shown = useRef<Step | null>(null);
  // What was chosen for one import is not chosen for the next.
  const wanted = givenStep ?? (own.id === id ? own.step : "review");
  const { isDeciding, isPassedOver, decide } = useReviewNeed(job, shown.current, wanted, goTo);
  const step = isDeciding ? "analysis" : stepOf(id === null ? null : (job ?? null), wanted, shown.current);

  const completed = useRef<number | null>(null);
  useEffect(() => {
    if (job?.status !== "completed" || completed.current === job.id) return;
    completed.current = job.id;
    onComplete?.(job);
  }, [job, onComplete]);

  // Each step begins at its heading, for keyboards and screen readers as for eyes.
  const top = useRef<HTMLDivElement>(null);
  const isThere = id === null || job !== undefined;
  useEffect(() => {
    if (!isThere) return;
    if (shown.current !== null && shown.current !== step) {
      top.current?.querySelector<HTMLElement>("h1, h2")?.focus?.();
      top.current?.scrollIntoView?.({ block: "nearest" });
    }
    shown.current = step;
  }, [isThere, step]);

  return (
    <WithPlaces places={places}>
      <div className="wizard stack" ref={top}>
        <Stepper
          current={step}
          done={job?.status === "completed"}
          open={job?.status === "ready" ? ["review", "options"] : []}
          onGo={(next) => (next === "review" || next === "options") && goTo(next)}
        />
        <OfflineNotice />
        {id === null && <UploadStep importer={importer} context={context} onCreated={open} />}
        {id !== null && job === undefined && error === null && <Placeholder lines={12} isPage />}
        {id !== null && error?.status === 404 && (
          <Empty
            icon="trash"
            title={t("gone")}
            actions={
              <>
                <Button look="primary" onClick={() => open(null)}>
                  {tc("importFile")}
                </Button>
                <PlaceLink to={{ page: "history" }} look="plain">
                  {tc("allImports")}
                </PlaceLink>
              </>
            }
          >
            {t("goneHint")}
          </Empty>
        )}
        {error !== null && error.status !== 404 && error.status !== 401 && job === undefined && (
          <PageProblem error={error} />
        )}
        {job !== undefined && error?.status !== 404 && isDeciding && <ReviewNeed job={job} onDecided={decide} />}
        {job !== undefined && error?.status !== 404 && !isDeciding && (
          <StepOf
            {...{ job, step, goTo, isPassedOver }}
            onNew={() => open(null)}
            onTables={(own, others) => {
              nextQueue(server, client, importer).addTables(job, own, others);
              open(null);
            }}
          />
        )}
      </div>
      <SignInAgain />
    </WithPlaces>
  );
}

/** After the check that was pressed here the options come next where there is nothing to review; every other import is reviewed. */
function useReviewNeed(
  job: Import | undefined,
  shown: Step | null,
  wanted: ReadyStep,
  goTo: (step: ReadyStep) => void,
): { isDeciding: boolean; isPassedOver: boolean; decide: (step: ReadyStep) => void } {
  const check = `${job?.id} ${job?.parsedAt}`;
  const [decided, setDecided] = useState<{ check: string; step: ReadyStep } | null>(null);
  const isKnown = decided?.check === check;
  const decide = useCallback(
    (step: ReadyStep): void => {
      setDecided({ check, step });
      if (step !== wanted) goTo(step);
    },
    [check, wanted, goTo],
  );
  const isFresh = job?.status === "ready" && (shown === "map" || shown === "analysis");
  return { isDeciding: isFresh && !isKnown, isPassedOver: isKnown && decided.step === "options", decide };
}

interface StepOfProps {
  job: Import;
  step: Step;
  /** There was nothing to review. */
  isPassedOver: boolean;
  goTo: (step: ReadyStep) => void;
  onNew: () => void;
  onTables: TablesProps["onTables"];
}

function StepOf({ job, step, isPassedOver, goTo, onNew, onTables }: StepOfProps): ReactNode {
  switch (step) {
    case "map":
      return <MapStep key={job.id} job={job} onTables={onTables} />;
    case "analysis":
      return <AnalysisStep key={job.id} job={job} onNew={onNew} />;
    case "review":
      return <ReviewStep key={job.id} job={job} onNext={() => goTo("options")} />;
    case "options":
      return <OptionsStep key={job.id} job={job} isPassedOver={isPassedOver} onBack={() => goTo("review")} />;
    case "commit":
      return <CommitStep key={job.id} job={job} onNew={onNew} />;
    default:
      return null;
  }
}

/** Imports are opened in the wizard itself where the page says nothing else. */
function withinWizard(outer: Places | null, open: (id: number | null) => void): Places {
  if (outer !== null) return outer;
  return {
    hrefOf: () => null,
    has: (page) => page === "import" || page === "new",
    go(place: Place) {
      if (place.page === "import") open(place.id);
      if (place.page === "new") open(null);
    },
  };
}
