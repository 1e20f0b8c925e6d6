/** What an importer must be told beside the file, and the page around does not say: a tenant, an owner, a year. */
import type { ReactNode } from "react";
import type { ImporterSummary } from "../../../client/index.ts";
import { Card } from "../../parts/Card.tsx";
import { LabelledInput } from "../../parts/LabelledInput.tsx";
import { useTexts } from "../../texts.ts";

type ContextType = ImporterSummary["context"][number]["type"];

const patterns: Readonly<Record<ContextType, RegExp>> = {
  text: /\S/,
  uuid: /^\s*[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\s*$/i,
  integer: /^\s*-?\d{1,9}\s*$/,
  bigint: /^\s*-?\d{1,18}\s*$/,
};

/** Whether there is something, and it looks like what is asked for. The server judges. */
export function fitsContext(type: ContextType, value: string): boolean {
  return patterns[type].test(value);
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
  const problemOf = (type: ContextType, value: string): string | undefined => {
    if (value.trim() === "") return isWaitedFor ? t("contextMissing") : undefined;
    if (fitsContext(type, value)) return undefined;
    return t(type === "uuid" ? "noUuid" : "notWhole");
  };
  return (
    <Card title={t("contextTitle")}>
      <div className="cards">
        {asked.map(({ name, type }) => (
          <LabelledInput
            key={name}
            label={readable(name)}
            hint={type === "uuid" ? t("uuid") : type === "text" ? undefined : t("wholeNumber")}
            problem={problemOf(type, values[name] ?? "")}
            required
            autoComplete="off"
            inputMode={type === "integer" || type === "bigint" ? "numeric" : undefined}
            value={values[name] ?? ""}
            onText={(value) => onChange(name, value)}
          />
        ))}
      </div>
    </Card>
  );
}

/** `fiscal_year` as "Fiscal year". */
function readable(name: string): string {
  return `${name[0].toUpperCase()}${name.slice(1).replaceAll("_", " ")}`;
}
