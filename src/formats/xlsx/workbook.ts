/** A workbook (ECMA-376 part 1, 18.2) opened from a Source: where its sheets, styles and shared strings are. */
import { SluiceError, type Telling, told } from "../../core/errors.ts";
import type { Source } from "../../core/ports.ts";
import { scanXml, xmlEnd, xmlStart } from "../xml/scan.ts";
import { openZip, type ZipArchive, type ZipEntry } from "../zip/archive.ts";
import { type CellStyles, plainStyles, readStyles } from "./read-styles.ts";
import { maxPartBytes, type Relationship, readRelationships } from "./relationships.ts";

export type SheetKind = "worksheet" | "chartsheet" | "dialogsheet" | "macrosheet";

export interface Sheet {
  name: string;
  /** Place in the workbook, from 1; sheets of every kind count, as their tabs do. */
  index: number;
  kind: SheetKind;
  /** The part with its rows; null where it is not a worksheet or the file lacks the part (`sheetEntry` says which). */
  entry: ZipEntry | null;
  /** Hidden, or hidden so that only a macro shows it again. */
  hidden: boolean;
}

export interface Workbook {
  archive: ZipArchive;
  sheets: Sheet[];
  /** Dates count from 1904-01-01 instead of 1900-01-01. */
  date1904: boolean;
  styles: CellStyles;
  /** The part with the shared strings; null: there is none. */
  sharedStrings: ZipEntry | null;
}

/**
 * Opens a workbook, transitional or strict, with macros or without.
 *
 * @throws SluiceError `invalid`: no workbook, a binary one (XLSB), no sheets, damage of its zip archive or its parts.
 */
export async function openWorkbook(source: Source, signal?: AbortSignal): Promise<Workbook> {
  const archive = await openZip(source, signal);
  const name = await workbookPart(archive, signal);
  const entry = archive.find(name);
  if (entry === null) {
    throw new SluiceError(
      "invalid",
      told`${source.name} is not a workbook: ${name}, the part that would describe it, is missing. Open it in a spreadsheet program and save it again.`,
    );
  }
  if (/\.bin$/i.test(entry.name)) {
    throw new SluiceError(
      "invalid",
      told`${source.name} is a binary workbook (XLSB). Open it in Excel and save it as XLSX.`,
    );
  }
  const read = { maxBytes: maxPartBytes, signal };
  const relationships = await readRelationships(archive, entry.name, signal);
  const byId = relationships && new Map(relationships.map((each) => [each.id, each]));
  const described = describe(await archive.readWhole(entry, read), `${source.name} (${entry.name})`);
  if (described.sheets.length === 0) {
    throw new SluiceError(
      "invalid",
      told`${source.name} has no sheets. Open it in a spreadsheet program and save it again.`,
    );
  }
  const folder = entry.name.slice(0, entry.name.lastIndexOf("/") + 1);
  const partOf = (type: string): ZipEntry | null =>
    archive.find(relationships?.find((each) => each.type === type)?.target ?? `${folder}${type}.xml`);
  const styles = partOf("styles");
  return {
    archive,
    sheets: described.sheets.map(({ name, hidden, id }, k) => {
      const place = placeOf(id, k + 1, byId, folder);
      return {
        name,
        index: k + 1,
        hidden,
        kind: place.kind,
        entry: place.part === null ? null : archive.find(place.part),
      };
    }),
    date1904: described.date1904,
    styles:
      styles === null
        ? plainStyles
        : readStyles(await archive.readWhole(styles, read), `${source.name} (${styles.name})`),
    sharedStrings: partOf("sharedStrings"),
  };
}

const kindWords: Readonly<Record<Exclude<SheetKind, "worksheet">, Telling>> = {
  chartsheet: told`chartsheet`,
  dialogsheet: told`dialogsheet`,
  macrosheet: told`macrosheet`,
};

/**
 * The part with a sheet's rows.
 *
 * @throws SluiceError `invalid`: the sheet has no rows by its kind, or the file lacks the part.
 */
export function sheetEntry(workbook: Workbook, sheet: Sheet): ZipEntry {
  if (sheet.entry !== null) return sheet.entry;
  const { fileName } = workbook.archive;
  const { index, name } = sheet;
  if (sheet.kind !== "worksheet") {
    throw new SluiceError(
      "invalid",
      told`Sheet ${index} (${name}) of ${fileName} is a ${kindWords[sheet.kind]}: it has no rows. Choose another sheet.`,
      { next: { code: "choose_sheet" } },
    );
  }
  throw new SluiceError(
    "invalid",
    told`${fileName} is damaged: the part that holds sheet ${index} (${name}) is missing. Open the file in a spreadsheet program and save it again, or choose another sheet.`,
    { next: { code: "choose_sheet" } },
  );
}

/** Name of the part that describes the workbook. */
async function workbookPart(archive: ZipArchive, signal?: AbortSignal): Promise<string> {
  const relationships = await readRelationships(archive, "", signal);
  return relationships?.find((each) => each.type === "officeDocument")?.target ?? "xl/workbook.xml";
}

/** Excel has no limit of its own; people's workbooks have some hundred at most. */
const maxSheets = 10_000;

interface Description {
  date1904: boolean;
  sheets: { name: string; hidden: boolean; id: string }[];
}

function describe(part: Uint8Array, what: string): Description {
  const description: Description = { date1904: false, sheets: [] };
  const xml = scanXml(part, what);
  const path: string[] = [];
  for (let next = xml.next(); next !== xmlEnd; next = xml.next()) {
    if (next !== xmlStart) continue;
    path.length = xml.depth - 1;
    path.push(xml.name);
    if (xml.depth === 2 && xml.name === "workbookPr") {
      description.date1904 = /^(?:1|true|on)$/i.test(xml.attribute("date1904") ?? "");
    } else if (xml.depth === 3 && xml.name === "sheet" && path[1] === "sheets") {
      if (description.sheets.length === maxSheets) {
        throw new SluiceError("invalid", told`${what} has more than ${maxSheets} sheets. Is it the right file?`);
      }
      const state = xml.attribute("state");
      description.sheets.push({
        name: unescapeName(xml.attribute("name") ?? ""),
        hidden: state === "hidden" || state === "veryHidden",
        id: xml.attribute("id") ?? "",
      });
    }
  }
  return description;
}

/** `_x000D_` and the like: characters that XML cannot hold (ECMA-376 part 1, 22.9.2.19). */
function unescapeName(name: string): string {
  return name.replace(/_x([0-9a-f]{4})_/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** Where a sheet is; in packages without relationships worksheets are found by their paths. */
function placeOf(
  id: string,
  index: number,
  relationships: ReadonlyMap<string, Relationship> | null,
  folder: string,
): { kind: SheetKind; part: string | null } {
  if (relationships === null) return { kind: "worksheet", part: `${folder}worksheets/sheet${index}.xml` };
  const relationship = relationships.get(id);
  switch (relationship?.type) {
    case "chartsheet":
      return { kind: "chartsheet", part: null };
    case "dialogsheet":
      return { kind: "dialogsheet", part: null };
    case "xlMacrosheet":
    case "xlIntlMacrosheet":
      return { kind: "macrosheet", part: null };
    default:
      return { kind: "worksheet", part: relationship?.target ?? null };
  }
}
