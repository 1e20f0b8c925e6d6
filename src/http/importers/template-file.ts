/** A file to fill in: an importer's headers in the reader's language, and a row that shows what belongs under them. */

import type { Field, Language } from "../../core/field.ts";
import type { Importer } from "../../core/importer.ts";
import type { Template } from "../../engine/downloads.ts";
import { labelOf } from "./importer-view.ts";

/** Spreadsheets of countries with a decimal comma part cells by semicolons. */
export function templateDelimiter(language: Language): string {
  return language === "en" ? "," : ";";
}

/** Kinds that a spreadsheet is to leave as they are typed; the others it understands itself, and says so in the file. */
const textKinds: ReadonlySet<Field["kind"]> = new Set(["text", "email", "phone", "choice", "reference"]);

/** As a workbook its columns keep leading zeros and phones, and offer the words of a choice. */
export function templateOf(importer: Importer, language: Language): Template {
  const rows = rowsOf(importer, language);
  return {
    name: importer.name,
    rows,
    columns: Object.values(importer.fields).map((field, k) => ({
      width: Math.min(40, Math.max(12, ...rows.map((cells) => cells[k].length + 2))),
      isText: textKinds.has(field.kind),
      ...(field.kind === "choice" && { choices: Object.entries(field.values).map(([value, [word]]) => word ?? value) }),
    })),
  };
}

/** The headers and an example. */
function rowsOf(importer: Importer, language: Language): string[][] {
  const fields = Object.entries(importer.fields);
  return [
    fields.map(([name, field]) => labelOf(name, field, language)),
    fields.map(([, field]) => exampleOf(field, language)),
  ];
}

const yes: Readonly<Record<Language, string>> = { en: "yes", fr: "oui", sv: "ja" };

/** A value that the field takes, where one can be made up. */
function exampleOf(field: Field, language: Language): string {
  switch (field.kind) {
    case "text":
    case "reference":
      return "";
    case "email":
      return "anna.berg@example.com";
    case "phone":
      // Numbers that the regulators keep for fiction (Arcep, PTS).
      return field.country === "SE" ? "070-174 06 05" : field.country === "FR" ? "06 39 98 12 34" : "+33 6 39 98 12 34";
    case "integer":
      return String(Math.min(Math.max(1, field.min ?? 1), field.max ?? 1));
    case "decimal": {
      const number = Math.min(Math.max(1.5, field.min ?? 1.5), field.max ?? 1.5).toFixed(Math.min(field.scale ?? 1, 2));
      return language === "en" ? number : number.replace(".", ",");
    }
    case "date":
      return "2026-01-31";
    case "datetime":
      return "2026-01-31 14:30";
    case "boolean":
      return yes[language];
    case "choice": {
      const [value, words] = Object.entries(field.values)[0] ?? ["", []];
      return words[0] ?? value;
    }
  }
}
