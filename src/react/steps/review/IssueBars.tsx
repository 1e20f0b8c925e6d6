/** What is wrong, by field and kind, as bars; each is a button that shows its rows alone. */
import { type ReactNode, useState } from "react";
import type { IssueCount } from "../../../client/index.ts";
import { useFormats } from "../../foundation/format.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Icon } from "../../parts/Icon.tsx";
import { isSameIssue, type ReviewFilter } from "./review-filter.ts";

export interface IssueBarsProps {
  issues: readonly IssueCount[];
  chosen: ReviewFilter["issue"];
  onChoose: (issue: ReviewFilter["issue"]) => void;
}

/** As many as are looked through at a glance. */
const firstBars = 7;

export function IssueBars({ issues, chosen, onChoose }: IssueBarsProps): ReactNode {
  const t = useTexts("review");
  const formats = useFormats();
  const [showAll, setShowAll] = useState(false);
  const most = Math.max(...issues.map(({ count }) => count), 1);
  const shown = issues.filter((issue, place) => showAll || place < firstBars || isSameIssue(issue, chosen));
  return (
    <>
      <ul className="issue-bars">
        {shown.map((issue) => {
          const { code, field, label, title, severity, count } = issue;
          const isChosen = isSameIssue({ code, field }, chosen);
          return (
            <li key={`${code} ${field}`}>
              <button
                type="button"
                className={`issue-bar ${severity}`}
                aria-pressed={isChosen}
                onClick={() => onChoose(isChosen ? null : { code, field })}
              >
                <span className="issue-bar-words">
                  <Icon name={severity === "info" ? "info" : "warn"} size={16} />
                  <span>
                    {label !== null && <strong>{label} </strong>}
                    {title}
                    <span className="hidden-text">, {t(severity === "error" ? "isError" : "isNoError")}, </span>
                  </span>
                </span>
                <span className="issue-bar-track" aria-hidden="true">
                  <span style={{ transform: `scaleX(${Math.max(count / most, 0.012)})` }} />
                </span>
                <span className="number">
                  {formats.number(count)}
                  <span className="hidden-text"> {t("rowsWord", { count })}</span>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {issues.length > firstBars && (
        <Button look="quiet" size="small" onClick={() => setShowAll(!showAll)} aria-expanded={showAll}>
          {showAll ? t("fewer") : t("more", { count: issues.length - shown.length })}
        </Button>
      )}
    </>
  );
}
