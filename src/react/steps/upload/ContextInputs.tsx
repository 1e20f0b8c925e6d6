/** What an importer must be told beside the file, and neither the server nor the page around says: an owner, a year. */
import type { ReactNode } from "react";
import type { ContextChoice, ImporterSummary } from "../../../client/index.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Card } from "../../parts/Card.tsx";
import { Labelled } from "../../parts/Labelled.tsx";
import { LabelledInput } from "../../parts/LabelledInput.tsx";

type ContextType = ContextChoice["type"];

const patterns: Readonly<Record<ContextType, RegExp>> = {
  text: /\S/,
  uuid: /^\s*[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\s*$/i,
  integer: /^\s*-?\d{1,10}\s*$/,
  bigint: /^\s*-?\d{1,19}\s*$/,
};

/** Whether there is something, and it looks like what is asked for. The server judges. */
export function fitsContext({ type, choices }: ContextChoice, value: string): boolean {
  return choices === undefined ? patterns[type].test(value) : choices.includes(value);
}

export interface ContextInputsProps {
  asked: ImporterSummary["context"];
  values: Readonly<Record<string, string>>;
  onChange: (name: string, value: string) => void;
  /** A file waits for them. */
  isWaitedFor: boolean;
}

export function ContextInputs({ asked, values, onChange, isWaitedFor }: ContextInputsProps): ReactNode {
  const t = useTexts("upload");
  const problemOf = (choice: ContextChoice, value: string): string | undefined => {
    if (value.trim() === "") return isWaitedFor ? t("contextMissing") : undefined;
    if (fitsContext(choice, value)) return undefined;
    return t(choice.type === "uuid" ? "noUuid" : "notWhole");
  };
  return (
    <Card title={t("contextTitle")}>
      <div className="cards">
        {asked.map((choice) => {
          const { name, type, choices } = choice;
          const value = values[name] ?? "";
          const problem = problemOf(choice, value);
          return choices === undefined ? (
            <LabelledInput
              key={name}
              label={readable(name)}
              hint={type === "uuid" ? t("uuid") : type === "text" ? undefined : t("wholeNumber")}
              problem={problem}
              required
              autoComplete="off"
              inputMode={type === "integer" || type === "bigint" ? "numeric" : undefined}
              value={value}
              onText={(text) => onChange(name, text)}
            />
          ) : (
            <Labelled key={name} label={readable(name)} problem={problem}>
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
                      {each}
                    </option>
                  ))}
                </select>
              )}
            </Labelled>
          );
        })}
      </div>
    </Card>
  );
}

/** `fiscal_year` as "Fiscal year". */
function readable(name: string): string {
  return `${name[0].toUpperCase()}${name.slice(1).replaceAll("_", " ")}`;
}
