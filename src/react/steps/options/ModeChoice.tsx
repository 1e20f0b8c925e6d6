/** What an import does with what is there already: adds and matches, only updates, only adds. */
import { type ReactNode, useId } from "react";
import type { DuplicateOptions, ImporterWithFields, ImportOptions } from "../../../client/index.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Card } from "../../parts/Card.tsx";
import { OptionCard } from "../../parts/Labelled.tsx";

type Mode = ImportOptions["mode"];

/** The modes that this page has words for; others are left to programs. */
const known: readonly Mode[] = ["upsert", "update_only", "append", "mirror", "replace"];

interface ModeChoiceProps {
  importer: ImporterWithFields;
  mode: Mode;
  onChange: (mode: Mode) => void;
}

export function ModeChoice({ importer, mode, onChange }: ModeChoiceProps): ReactNode {
  const t = useTexts("options");
  const id = useId();
  return (
    <Card title={t("does")} className="option-part">
      <fieldset>
        <legend className="hidden-text">{t("does")}</legend>
        <div className="option-cards">
          {offered(importer).map((each) => (
            <OptionCard
              key={each}
              name={`${id}-mode`}
              title={t(`does_${each}`)}
              words={t(`does_${each}_words`)}
              checked={each === mode}
              onChoose={() => onChange(each)}
            />
          ))}
        </div>
      </fieldset>
    </Card>
  );
}

function offered({ modes }: ImporterWithFields): Mode[] {
  return known.filter((mode) => modes.includes(mode));
}

/** Whether there is a choice: rows that nothing recognises are only added, whatever is chosen. */
export function isModeChosen(importer: ImporterWithFields): boolean {
  const useful = offered(importer).filter((mode) => importer.match.keys.length > 0 || addsAll(mode));
  return useful.length > 1;
}

/** Whether rows are added without a look at what is there. */
export function addsAll(mode: Mode): boolean {
  return mode === "append" || mode === "replace";
}

/** What becomes of duplicates in a mode, which may leave no choice. */
export function strategyIn(mode: Mode, { strategy }: DuplicateOptions): DuplicateOptions["strategy"] {
  if (addsAll(mode)) return "create";
  return mode === "upsert" ? strategy : "update";
}
