/** Which of a workbook's sheets has the table, where nobody says: the one with names that the importer knows, else the first that looks like one. */
import { countKnown } from "../table/header-words.ts";
import { filledWidth, isFilled, type SampleRow } from "../table/sample-row.ts";

interface LookedAtSheet {
  name: string;
  /** Its first rows. */
  rows: readonly SampleRow[];
}

/** A header is searched for in this many rows. */
const headRows = 30;
/** Known names that tell a sheet from others. */
const enoughNames = 2;

/** What sheets without a table are called, in the languages of the importers' people and their neighbours'. */
const aboutSheet =
  /^\W*(read ?me|read me first|lies ?mich|läs ?mig|lisez[- ]?moi|instructions?|anleitung|anvisning(ar)?|hinweise?|mode d.emploi|info(s|rmation(s|en)?)?|about|om|über|a propos|à propos|cover( ?(page|sheet))?|title ?page|deckblatt|titelseite|page de garde|couverture|försättsblad|omslag|inhalt(sverzeichnis)?|(table of )?contents?|sommaire|innehåll(sförteckning)?|legende?|legend|légende|förklaring(ar)?|glossary|changelog|change ?log|version(s|shistorik)?|guide|help|hilfe|hjälp|aide)\W*$/i;

/** Whether a sheet has rows of a table rather than what is said about one. */
export function looksLikeTable({ name, rows }: LookedAtSheet): boolean {
  if (aboutSheet.test(name.trim()) || rows.length < 2) return false;
  const cells = rows.slice(0, headRows).flatMap((row) => row.cells.filter(isFilled));
  const meanChars = cells.reduce((sum, cell) => sum + cell.length, 0) / Math.max(1, cells.length);
  const narrow = rows.slice(0, headRows).every((row) => filledWidth(row.cells) < 2);
  return !(narrow && meanChars > 40);
}

/** How many names that the importer knows are in one row of the sheet's first ones. */
function knownNames({ rows }: LookedAtSheet, names: readonly string[]): number {
  return rows.slice(0, headRows).reduce((most, { cells }) => Math.max(most, countKnown(cells, names)), 0);
}

/** Whether a sheet is likely enough to look at no other where that takes long. */
export function isLikely(sheet: LookedAtSheet, names: readonly string[] = []): boolean {
  return looksLikeTable(sheet) && (names.length === 0 || knownNames(sheet, names) >= enoughNames);
}

/** The likely one of sheets with rows; the first where nothing tells them apart. */
export function likelySheet<T extends LookedAtSheet>(
  sheets: readonly T[],
  names: readonly string[] = [],
): T | undefined {
  let best: { sheet: T; known: number } | null = null;
  for (const sheet of names.length > 0 ? sheets : []) {
    const known = knownNames(sheet, names);
    if (known >= enoughNames && known > (best?.known ?? 0)) best = { sheet, known };
  }
  return best?.sheet ?? sheets.find(looksLikeTable) ?? sheets[0];
}
