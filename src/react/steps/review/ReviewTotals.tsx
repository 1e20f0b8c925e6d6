/** How an import stands as a whole: its figures, the verdict, and its invalid rows as a file. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Edit, Import, IssueCount } from "../../../client/index.ts";
import { useFormats } from "../../foundation/format.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Card } from "../../parts/Card.tsx";
import { Download } from "../../parts/Download.tsx";
import { Icon } from "../../parts/Icon.tsx";
import { Notice } from "../../parts/Notice.tsx";
import type { ChosenIssue } from "./FilterBar.tsx";

/** How many rows there are, and how they stand. */
export function ReviewTotals({
  job,
  warnings,
  duplicates,
  chosen,
  onChoose,
}: {
  job: Import;
  /** Undefined until it is known. */
  warnings: number | undefined;
  duplicates: UsedDuplicates;
  chosen: readonly ChosenIssue[];
  onChoose: (issue: ChosenIssue) => void;
}): ReactNode {
  const t = useTexts("review");
  const { validRows, invalidRows, skippedRows } = job;
  const { data, isOld, isCounting, countAgain } = duplicates;
  const showing = (code: "duplicate_in_file" | "duplicate_in_table") => {
    const isShown = chosen.some((each) => each.code === code);
    return { isShown, onShow: () => onChoose({ code, field: null }) };
  };
  return (
    <dl className="review-totals">
      <Figure label={t("total")} value={validRows + invalidRows + skippedRows} />
      <Figure label={t("right")} value={validRows} tone={validRows > 0 ? "good" : undefined} />
      <Figure label={t("wrong")} value={invalidRows} tone={invalidRows > 0 ? "bad" : undefined} />
      <Figure label={t("warnings")} value={warnings} tone={warnings ? "warn" : undefined} />
      <Figure label={t("inFile")} value={data?.inFile} isOld={isOld} {...showing("duplicate_in_file")} />
      <Figure
        label={t("inTable")}
        value={data?.inTable}
        isOld={isOld}
        {...showing("duplicate_in_table")}
        aside={
          isOld && (
            <Button
              look="quiet"
              size="small"
              icon="refresh"
              aria-label={t("countAgain")}
              title={t("countAgain")}
              busy={isCounting}
              onClick={countAgain}
            />
          )
        }
      />
    </dl>
  );
}

function Figure({
  label,
  value,
  tone,
  isOld = false,
  aside,
  isShown = false,
  onShow,
}: {
  label: string;
  value: number | undefined;
  tone?: "good" | "bad" | "warn";
  isOld?: boolean;
  aside?: ReactNode;
  /** Its rows alone are shown. */
  isShown?: boolean;
  /** Absent: it is only a figure. */
  onShow?: () => void;
}): ReactNode {
  const t = useTexts("review");
  const formats = useFormats();
  return (
    <div className={`figure${tone === undefined ? "" : ` ${tone}`}${isOld ? " old" : ""}`}>
      <dt className="small">{label}</dt>
      <dd>
        {value === undefined ? (
          <span className="figure-waiting">{t("counting")}</span>
        ) : onShow === undefined || (value === 0 && !isShown) ? (
          formats.number(value)
        ) : (
          <button
            type="button"
            className="figure-button"
            aria-pressed={isShown}
            aria-label={`${label}: ${formats.number(value)}`}
            onClick={onShow}
          >
            {formats.number(value)}
            <Icon name="filter" size={16} />
          </button>
        )}
        {isOld && <span className="hidden-text"> {t("beforeEdits")}</span>}
        {aside}
      </dd>
    </div>
  );
}

/** How the import stands as a whole, where there is something to say: all is right, or nothing is. */
export function ReviewVerdict({ job: { validRows, invalidRows, skippedRows } }: { job: Import }): ReactNode {
  const t = useTexts("review");
  if (validRows + invalidRows === 0 && skippedRows > 0) {
    return (
      <Notice tone="warn" title={t("allOut")}>
        {t("allOutHint")}
      </Notice>
    );
  }
  if (validRows + invalidRows === 0) {
    return (
      <Notice tone="warn" title={t("emptyTitle")}>
        {t("emptyHint")}
      </Notice>
    );
  }
  if (validRows === 0) {
    return (
      <Notice tone="warn" title={t("noneRight")}>
        {t("noneRightHint")}
      </Notice>
    );
  }
  if (invalidRows > 0) return null;
  return (
    <Notice tone="good" title={t("allRight")}>
      {t("allRightHint", { count: validRows })}
    </Notice>
  );
}

/** The invalid rows as a file, for those who would rather fix them in a spreadsheet. */
export function RejectedDownload({ id, count }: { id: number; count: number }): ReactNode {
  const t = useTexts("review");
  return <FileCard id={id} name="rejected" title={t("rejectedTitle")} hint={t("rejectedHint", { count })} />;
}

/** The whole file with what was changed of it, to take away. */
export function CorrectedDownload({ id }: { id: number }): ReactNode {
  const t = useTexts("review");
  return <FileCard id={id} name="corrected" title={t("correctedTitle")} hint={t("correctedHint")} />;
}

function FileCard({
  id,
  name,
  title,
  hint,
}: {
  id: number;
  name: "rejected" | "corrected";
  title: string;
  hint: string;
}): ReactNode {
  const t = useTexts("review");
  return (
    <Card title={title}>
      <div className="row rejected">
        <p className="muted">{hint}</p>
        <div className="row push">
          <Download id={id} name={`${name}.xlsx`} size="small">
            {t("asWorkbook")}
          </Download>
          <Download id={id} name={`${name}.csv`} size="small">
            {t("asCsv")}
          </Download>
        </div>
      </div>
    </Card>
  );
}

export interface Duplicates {
  inFile: number;
  inTable: number;
  /** What else the match finds of rows: a weaker key shared with somebody else, no record to update. */
  others: readonly IssueCount[];
}

const ofMatch: readonly string[] = ["key_shared_in_file", "key_shared_in_table", "no_match"];

interface UsedDuplicates {
  /** Undefined while they are counted. */
  data: Duplicates | undefined;
  /** Rows were edited since they were counted. */
  isOld: boolean;
  isCounting: boolean;
  countAgain(): void;
}

/**
 * How many rows are in the file twice, and in the table already, as the match finds them. It goes through the whole file, so it
 * is asked for once; after edits when the person says so.
 */
export function useDuplicates(id: number, edits: readonly Edit[] | undefined): UsedDuplicates {
  const { client, language } = useSluice();
  const newest = edits === undefined ? undefined : `${edits[0]?.id} ${edits[0]?.status}`;
  const { data, isFetching, refetch } = useQuery({
    queryKey: ["duplicates", id, language],
    queryFn: async ({ signal }) => {
      const { issues } = await client.imports.dryRun(id, { lang: language, signal });
      const others = issues.filter(({ code }) => ofMatch.includes(code));
      const totalOf = async (issue: "duplicate_in_file" | "duplicate_in_table"): Promise<number> =>
        (await client.imports.rows(id, { issue, offset: 0, limit: 1 }, { signal })).total ?? 0;
      const [inFile, inTable] = [await totalOf("duplicate_in_file"), await totalOf("duplicate_in_table")];
      return { inFile, inTable, others, newest };
    },
    enabled: newest !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  return {
    data,
    isOld: data !== undefined && data.newest !== newest,
    isCounting: isFetching,
    countAgain: () => void refetch(),
  };
}
