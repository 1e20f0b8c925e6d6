/** The values that are not in a file, asked for: one control for each that the server does not set. */
import type { ReactNode } from "react";
import type { ContextChoice } from "../../client/index.ts";
import { fitsContext } from "../foundation/context-values.ts";
import { useTexts } from "../foundation/texts.ts";
import { Labelled, LabelledInput } from "./Labelled.tsx";

interface ContextFieldsProps {
  asked: readonly ContextChoice[];
  values: Readonly<Record<string, string>>;
  onChange: (name: string, value: string) => void;
  /** Something cannot go on without them. */
  isWaitedFor: boolean;
  /** What the server said of one. */
  refusalOf?: (name: string) => string | undefined;
}

export function ContextFields({ asked, values, onChange, isWaitedFor, refusalOf }: ContextFieldsProps): ReactNode {
  const t = useTexts("upload");
  const problemOf = (choice: ContextChoice, value: string): string | undefined => {
    if (value.trim() === "") return isWaitedFor ? t("contextMissing") : undefined;
    if (fitsContext(choice, value)) return refusalOf?.(choice.name);
    return t(choice.type === "uuid" ? "noUuid" : "notWhole");
  };
  return asked.map((choice) => {
    const { name, label, type, choices, choiceLabels } = choice;
    const value = values[name] ?? "";
    const problem = problemOf(choice, value);
    return choices === undefined ? (
      <LabelledInput
        key={name}
        label={label}
        hint={type === "uuid" ? t("uuid") : type === "text" ? undefined : t("wholeNumber")}
        problem={problem}
        required
        autoComplete="off"
        inputMode={type === "integer" || type === "bigint" ? "numeric" : undefined}
        value={value}
        onText={(text) => onChange(name, text)}
      />
    ) : (
      <Labelled key={name} label={label} problem={problem}>
        {(control) => (
          <select
            className="select"
            {...control}
            required
            value={value}
            onChange={(event) => onChange(name, event.target.value)}
          >
            <option value="">{t("contextChoose")}</option>
            {choices.map((each) => (
              <option key={each} value={each}>
                {choiceLabels?.[each] ?? each}
              </option>
            ))}
          </select>
        )}
      </Labelled>
    );
  });
}
