/** Which rows of the file count that are the same record: all of them, the first, the last. */
import { type ReactNode, useId } from "react";
import type { ImportOptions } from "../../../client/index.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Card } from "../../parts/Card.tsx";
import { OptionCard } from "../../parts/Labelled.tsx";

type Repeats = ImportOptions["repeats"];

const choices: readonly Repeats[] = ["all", "first", "last"];

export function RepeatsChoice({
  repeats,
  onChange,
}: {
  repeats: Repeats;
  onChange: (repeats: Repeats) => void;
}): ReactNode {
  const t = useTexts("options");
  const id = useId();
  return (
    <Card title={t("repeats")} className="option-part">
      <fieldset>
        <legend className="hidden-text">{t("repeats")}</legend>
        <div className="option-cards">
          {choices.map((each) => (
            <OptionCard
              key={each}
              name={`${id}-repeats`}
              title={t(`repeats_${each}`)}
              words={t(`repeats_${each}_words`)}
              checked={each === repeats}
              onChoose={() => onChange(each)}
            />
          ))}
        </div>
      </fieldset>
    </Card>
  );
}
