/**
 * What the file seems to be: fields suggested for open columns, the parents that it implies, the time it spans, and what would come of it.
 * A language model is asked only where a person says so, who is told before what is sent.
 */
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { Analysis, ClientError, GivenColumn, Import, ImporterField } from "../../../client/index.ts";
import { useAnnounce } from "../../foundation/Frame.tsx";
import { useFormats } from "../../foundation/format.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { Badge } from "../../parts/Badge.tsx";
import { Button } from "../../parts/Button.tsx";
import { Notice, Problem } from "../../parts/Notice.tsx";

interface FileAnalysisProps {
  job: Import;
  /** Changes whenever the mapping does, and the analysis with it. */
  mappedAs: string;
  fields: readonly ImporterField[];
  onSay(columns: readonly GivenColumn[]): void;
}

export function FileAnalysis({ job, mappedAs, fields, onSay }: FileAnalysisProps): ReactNode {
  const t = useTexts("map");
  const { client, language } = useSluice();
  const announce = useAnnounce();
  const { data } = useQuery<Analysis, ClientError>({
    queryKey: ["import", job.id, "analysis", mappedAs, language],
    queryFn: ({ signal }) => client.imports.analysis(job.id, { lang: language, signal }),
    placeholderData: (before) => before,
  });
  const asking = useMutation<Analysis, ClientError>({
    mutationFn: () => client.imports.askModel(job.id, { lang: language }),
    onSuccess: ({ model }) => announce(t(model?.state === "used" ? "modelAnswered" : "modelFailed")),
  });
  // What the model said stays until what was taken of it has changed the mapping.
  const [askedFor, setAskedFor] = useState<string | null>(null);
  const analysis = asking.data !== undefined && askedFor === mappedAs ? asking.data : data;
  if (analysis === undefined) return null;
  const suggested = analysis.columns.filter(({ isSuggested }) => isSuggested);
  const { parents, spans, structure, model } = analysis;
  const tells = suggested.length > 0 || parents.length > 0 || structure.length > 1 || model !== null;
  if (!tells) return null;
  const take = (columns: typeof suggested): void => {
    onSay(columns.map(({ column, field }) => ({ column, field })));
    announce(t("suggestionsTaken", { count: columns.length }));
  };
  return (
    <details className="card file-analysis" open={suggested.length > 0}>
      <summary>
        <h2>{t("analysis")}</h2>
        <span className="muted small">
          {suggested.length > 0 ? t("suggestions", { count: suggested.length }) : t("analysisHint")}
        </span>
      </summary>
      <div className="stack">
        {suggested.length > 0 && <Suggestions suggested={suggested} fields={fields} onTake={take} />}
        <Implied {...{ parents, spans, structure }} isWhole={analysis.isWhole} />
        {model !== null && (
          <AskModel
            model={model}
            busy={asking.isPending}
            onAsk={() => {
              setAskedFor(mappedAs);
              asking.mutate();
            }}
          />
        )}
        {asking.error !== null && <Problem error={asking.error} />}
      </div>
    </details>
  );
}

type Suggested = Analysis["columns"];

function Suggestions({
  suggested,
  fields,
  onTake,
}: {
  suggested: Suggested;
  fields: readonly ImporterField[];
  onTake(columns: Suggested): void;
}): ReactNode {
  const t = useTexts("map");
  const labelOf = (name: string | null): string => fields.find((field) => field.name === name)?.label ?? name ?? "";
  return (
    <section className="stack">
      <ul className="plain-list suggestion-list">
        {suggested.map((each) => (
          <li key={each.index} className="row">
            <span>
              <bdi>{each.column}</bdi> → <strong>{labelOf(each.field)}</strong>{" "}
              {each.by === "model" && <Badge tone="info">{t("byModel")}</Badge>}
              <span className="muted small suggestion-reason">{each.reason}</span>
            </span>
            <Button
              size="small"
              aria-label={t("takeSuggestion", { column: each.column, field: labelOf(each.field) })}
              onClick={() => onTake([each])}
            >
              {t("take")}
            </Button>
          </li>
        ))}
      </ul>
      {suggested.length > 1 && (
        <div className="row">
          <Button onClick={() => onTake(suggested)}>{t("takeAll")}</Button>
        </div>
      )}
    </section>
  );
}

function Implied({
  parents,
  spans,
  structure,
  isWhole,
}: Pick<Analysis, "parents" | "spans" | "structure" | "isWhole">): ReactNode {
  const t = useTexts("map");
  const { number, day } = useFormats();
  if (parents.length === 0 && structure.length < 2) return null;
  const counted = structure.filter(({ count }) => count !== null);
  return (
    <section className="stack">
      <h3>{t("wouldMake")}</h3>
      {!isWhole && <p className="muted small">{t("bySample")}</p>}
      <ul className="plain-list">
        {counted.map(({ record, table, label, count, isAtLeast, reason }) => (
          <li key={record ?? table}>
            <strong>{label}</strong>: {isAtLeast ? t("atLeast", { number: number(count ?? 0) }) : number(count ?? 0)}{" "}
            <span className="muted small">{reason}</span>
          </li>
        ))}
      </ul>
      {parents.map(({ field, label, values }) => (
        <p key={field} className="small">
          <strong>{label}</strong>{" "}
          <span className="muted">
            {values.slice(0, 12).map(({ value, count }, k) => (
              <span key={value}>
                {k > 0 && " · "}
                <bdi>{value}</bdi> ({number(count)})
              </span>
            ))}
            {values.length > 12 && " …"}
          </span>
        </p>
      ))}
      {spans.map(({ from, to, reason }) => (
        <p key={from} className="small">
          {t("span", { from: day(noonOf(from)), to: day(noonOf(to)) })} <span className="muted">{reason}</span>
        </p>
      ))}
    </section>
  );
}

/** A day is the same wherever it is looked at. */
function noonOf(date: string): string {
  return `${date.slice(0, 10)}T12:00:00`;
}

function AskModel({
  model,
  busy,
  onAsk,
}: {
  model: NonNullable<Analysis["model"]>;
  busy: boolean;
  onAsk(): void;
}): ReactNode {
  const t = useTexts("map");
  const { name, columns, values, state, problem, refused } = model;
  if (state === "used")
    return (
      <p className="muted small">
        {t("modelUsed", { name })} {refused > 0 && t("modelRefused", { count: refused })}
      </p>
    );
  return (
    <Notice
      tone={state === "failed" ? "warn" : "info"}
      title={state === "failed" ? t("modelFailed") : t("modelOffer", { name })}
      actions={
        <Button busy={busy} onClick={onAsk}>
          {t(state === "failed" ? "modelAskAgain" : "modelAsk")}
        </Button>
      }
    >
      {problem !== null && <p>{problem}</p>}
      {t("modelSends", { name, count: columns, values })}
    </Notice>
  );
}
