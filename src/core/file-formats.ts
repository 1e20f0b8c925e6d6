/** The formats that are read, in the order in which they are listed to people. formats/formats.ts has the reader of each. */
import type { Language } from "./fields/language.ts";

/**
 * What a file of a format is made of: `text` with delimiters, a `workbook` of sheets, or `records` whose members have names. Each
 * has a dialect of its own (row.ts).
 */
export type FormatShape = "text" | "workbook" | "records";

interface FileFormat {
  readonly shape: FormatShape;
  /** As a person calls it. */
  readonly title: Readonly<Record<Language, string>>;
  /** As a developer calls it. */
  readonly shortName: string;
  /** What its files end with, as a browser's file chooser wants them; the first is the usual one. */
  readonly endings: readonly string[];
  readonly mediaTypes?: readonly string[];
}

export const fileFormats = {
  csv: {
    shape: "text",
    title: { en: "Text table", fr: "Tableau en texte", sv: "Texttabell" },
    shortName: "CSV",
    endings: [".csv", ".tsv", ".tab", ".txt"],
    mediaTypes: ["text/csv", "text/tab-separated-values"],
  },
  xlsx: {
    shape: "workbook",
    title: { en: "Excel workbook", fr: "Classeur Excel", sv: "Excel-arbetsbok" },
    shortName: "XLSX",
    endings: [".xlsx", ".xlsm", ".xltx"],
  },
  ods: {
    shape: "workbook",
    title: { en: "OpenDocument spreadsheet", fr: "Classeur OpenDocument", sv: "OpenDocument-kalkylblad" },
    shortName: "ODS",
    endings: [".ods"],
  },
  xls: {
    shape: "workbook",
    title: { en: "Excel workbook (old)", fr: "Classeur Excel (ancien)", sv: "Excel-arbetsbok (äldre)" },
    shortName: "XLS",
    endings: [".xls"],
  },
  json: {
    shape: "records",
    title: { en: "JSON", fr: "JSON", sv: "JSON" },
    shortName: "JSON",
    endings: [".json"],
    mediaTypes: ["application/json"],
  },
  jsonl: {
    shape: "records",
    title: { en: "JSON Lines", fr: "JSON Lines", sv: "JSON Lines" },
    shortName: "JSON Lines",
    endings: [".jsonl", ".ndjson"],
  },
} as const satisfies Readonly<Record<string, FileFormat>>;

export type FormatName = keyof typeof fileFormats;

export const formatNames = Object.keys(fileFormats) as [FormatName, ...FormatName[]];

/** The formats of a shape. */
export type FormatOf<S extends FormatShape> = {
  [F in FormatName]: (typeof fileFormats)[F]["shape"] extends S ? F : never;
}[FormatName];

export function shapeOf(format: FormatName): FormatShape {
  return fileFormats[format].shape;
}

/** What a browser's file chooser offers, the packings too. */
export const acceptedFiles: string = [
  ...formatNames.flatMap((name) => fileFormats[name].endings),
  ...[".gz", ".zip"],
  ...formatNames.flatMap((name) => (fileFormats[name] as FileFormat).mediaTypes ?? []),
].join(",");
