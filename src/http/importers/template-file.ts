/** A file to fill in: an importer's headers in the reader's language, and a row that shows what belongs under them. */

import { kindOf } from "../../core/field.ts";
import type { Language } from "../../core/fields/language.ts";
import type { Importer } from "../../core/importer.ts";
import type { Template } from "../../engine/downloads.ts";
import { labelOf } from "./importer-view.ts";

/** Spreadsheets of countries with a decimal comma part cells by semicolons. */
export function templateDelimiter(language: Language): string {
  return language === "en" ? "," : ";";
}

/** As a workbook its columns keep leading zeros and phones, and offer the words of a choice. */
export function templateOf(importer: Importer, language: Language): Template {
  const rows = rowsOf(importer, language);
  return {
    name: importer.name,
    rows,
    columns: Object.values(importer.fields).map((field, k) => {
      const { isWords, choices } = kindOf(field);
      return {
        width: Math.min(40, Math.max(12, ...rows.map((cells) => cells[k].length + 2))),
        // A text that a spreadsheet does not interpret.
        isText: isWords,
        ...(choices !== undefined && { choices: choices(field).map(({ value, words: [word] }) => word ?? value) }),
      };
    }),
  };
}

/** The headers and an example. */
function rowsOf(importer: Importer, language: Language): string[][] {
  const fields = Object.entries(importer.fields);
  return [
    fields.map(([name, field]) => labelOf(name, field, language)),
    fields.map(([, field]) => kindOf(field).example(field, language)),
  ];
}
