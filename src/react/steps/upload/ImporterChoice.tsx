/** What a file is imported into, and for whom: the importer, and the values that are not in the file. */
import { useQueries } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import type { ContextChoice, ImporterSummary, ImporterWithFields } from "../../../client/index.ts";
import { useFormats } from "../../foundation/format.ts";
import { importerQuery } from "../../foundation/importer-queries.ts";
import { fieldsOfKey } from "../../foundation/key-label.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { Card } from "../../parts/Card.tsx";
import { Labelled, LabelledInput } from "../../parts/Labelled.tsx";

/** Of more importers the fields are not shown: each would be a question to the server. */
const maxDescribed = 12;
const shownFields = 4;

interface ImporterChoiceProps {
  importers: readonly ImporterSummary[];
  chosen: string | undefined;
  onChoose: (name: string) => void;
}

/** One of the importers, each with the fields that matter most. */
export function ImporterChoice({ importers, chosen, onChoose }: ImporterChoiceProps): ReactNode {
  const t = useTexts("upload");
  const { client, language } = useSluice();
  const group = useId();
  const described = useQueries({
    queries: importers.slice(0, maxDescribed).map(({ name }) => importerQuery(client, name, language)),
  });
  return (
    <fieldset className="importers">
      <legend>
        <h2>{t("whatToImport")}</h2>
      </legend>
      <div className="cards importer-cards">
        {importers.map(({ name, label }, k) => (
          <label key={name} className="choice-card importer-card">
            <input
              type="radio"
              name={group}
              checked={name === chosen}
              aria-describedby={`${group}-${k}`}
              onChange={() => onChoose(name)}
            />
            <span>
              <strong>{label}</strong>
              <span id={`${group}-${k}`} className="muted small importer-fields">
                {described[k]?.data !== undefined && <FieldsOf importer={described[k].data} />}
              </span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** Those that are needed first, then those that recognise a record. */
function FieldsOf({ importer }: { importer: ImporterWithFields }): ReactNode {
  const t = useTexts("upload");
  const { list } = useFormats();
  const { fields, atLeastOne, match } = importer;
  const weight = ({ name, required }: ImporterWithFields["fields"][number]): number =>
    (required ? 4 : 0) +
    (atLeastOne.some((names) => names.includes(name)) ? 2 : 0) +
    (match.keys.some((key) => fieldsOfKey(key).includes(name)) ? 1 : 0);
  const labels = [...fields].sort((a, b) => weight(b) - weight(a)).map(({ label }) => label);
  const rest = labels.length - shownFields;
  if (rest <= 1) return list(labels);
  return t("fieldsAndMore", { fields: labels.slice(0, shownFields).join(", "), count: rest });
}

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

interface ContextInputsProps {
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
        })}
      </div>
    </Card>
  );
}

const place = "sluice.importer";

/** The importer that was chosen last, which most people choose again. */
export function useRememberedImporter(): [string | undefined, (name: string) => void] {
  const [name, setName] = useState<string | undefined>(read);
  return [
    name,
    (next) => {
      setName(next);
      write(next);
    },
  ];
}

// A browser may forbid storage: then the choice lasts as long as the step.
function read(): string | undefined {
  try {
    return localStorage.getItem(place) ?? undefined;
  } catch {
    return undefined;
  }
}
function write(name: string): void {
  try {
    localStorage.setItem(place, name);
  } catch {}
}
