/** What a file is imported into, and for whom: the importer, and the values that are not in the file. */
import { useQueries } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import type { ImporterSummary, ImporterWithFields } from "../../../client/index.ts";
import { useFormats } from "../../foundation/format.ts";
import { importerQuery } from "../../foundation/importer-queries.ts";
import { fieldsOfKey } from "../../foundation/key-label.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { Card } from "../../parts/Card.tsx";
import { ContextFields } from "../../parts/ContextFields.tsx";

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

interface ContextInputsProps {
  asked: ImporterSummary["context"];
  values: Readonly<Record<string, string>>;
  onChange: (name: string, value: string) => void;
  /** A file waits for them. */
  isWaitedFor: boolean;
}

export function ContextInputs(fields: ContextInputsProps): ReactNode {
  const t = useTexts("upload");
  return (
    <Card title={t("contextTitle")}>
      <div className="cards">
        <ContextFields {...fields} />
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
