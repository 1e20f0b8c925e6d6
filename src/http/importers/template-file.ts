/** A file to fill in: an importer's headers in the reader's language, and a row that shows what belongs under them. */

import { type Field, kindOf } from "../../core/field.ts";
import { shownChoice } from "../../core/fields/choice.ts";
import { type ColumnsField, namerOf } from "../../core/fields/columns.ts";
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
  const columns = columnsOf(importer, language);
  const rows = [
    columns.map(({ header }) => header),
    columns.map(({ field }) => kindOf(field).example(field, language)),
  ];
  return {
    name: importer.name,
    rows,
    columns: columns.map(({ field }, k) => {
      const { isWords, choices } = kindOf(field);
      return {
        width: Math.min(40, Math.max(12, ...rows.map((cells) => cells[k].length + 2))),
        // A text that a spreadsheet does not interpret.
        isText: isWords,
        ...(choices !== undefined && { choices: choices(field).map((each) => shownChoice(each, language)) }),
      };
    }),
  };
}

interface TemplateColumn {
  header: string;
  /** How its cells are read. */
  field: Field;
}

/** A column for each field that columns can feed, for each member of a document, for each of several that belong together. */
function columnsOf({ fields }: Importer, language: Language): TemplateColumn[] {
  return Object.entries(fields)
    .filter(([, { derive }]) => derive === undefined)
    .flatMap(([name, field]): TemplateColumn[] => {
      if (field.kind === "columns") return headersOf(field).map((header) => ({ header, field: field.element }));
      const members = field.kind === "json" ? Object.entries(field.shape) : [];
      if (members.length === 0) return [{ header: labelOf(name, field, language), field }];
      return members.map(([member, each]) => ({ header: labelOf(member, each, language), field: each }));
    });
}

/** Headers by which the field's columns are found; none where a pattern does not tell what one looks like. */
function headersOf(field: ColumnsField): string[] {
  const { names } = field;
  if (!(names instanceof RegExp)) return Array.isArray(names) ? [...names] : Object.keys(names);
  const isHeader = namerOf(field, (header) => header);
  const shape = names.source.replace(/^\^|\$$/g, "");
  return ["A", "B"].map((name) => shape.replace(/\([^()]*\)/, name)).filter((header) => isHeader(header) !== null);
}
