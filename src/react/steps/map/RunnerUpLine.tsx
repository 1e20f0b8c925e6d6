/** What came second to a choice of how the file is read, why, and the way to try it. */
import type { ReactNode } from "react";
import type { ReadingChoice } from "../../../client/index.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { useChoiceName } from "./choice-name.ts";

interface RunnerUpLineProps {
  choices: readonly ReadingChoice[];
  of: ReadingChoice["of"];
  /** What the control says now. */
  present: string | number | undefined;
  onTake: (value: string | number) => void;
}

/** Nothing where nothing came second, or where it is taken. */
export function RunnerUpLine({ choices, of, present, onTake }: RunnerUpLineProps): ReactNode {
  const t = useTexts("map");
  const nameOf = useChoiceName();
  const runnerUp = choices.find((choice) => choice.of === of)?.runnerUp;
  if (runnerUp === undefined || runnerUp === null || runnerUp.value === present) return null;
  return (
    <p className={`small runner-up${runnerUp.isClose ? " close" : " muted"}`}>
      <span>
        {t("secondChoice")} <strong>{nameOf(of, runnerUp.value)}</strong> <bdi dir="auto">{runnerUp.reason}</bdi>
      </span>
      <Button size="small" look="quiet" onClick={() => onTake(runnerUp.value)}>
        {t("tryIt")}
      </Button>
    </p>
  );
}
