/** What may be above a table: titles, and the comments that programs write. */
import { filledWidth, isFilled, type SampleRow } from "./sample-row.ts";

/** Titles right above a header are searched for in this many rows. */
export const maxTitles = 20;

/** A row with little in it, or cut short, above one that has more: `Report 2024`, `Client: Dupont`. */
export function isTitle(rows: readonly SampleRow[], at: number, width: number): boolean {
  const filled = countFilled(rows[at].cells);
  if (filled < width && rows[at].cells.filter((cell) => isPageNumber(cell)).length === 1) return true;
  const short = filledWidth(rows[at].cells) < width && rows[at].cells.length < width;
  const few = width >= 3 ? filled <= Math.max(1, 0.4 * width) : filled < width && short;
  if (!few) return false;
  return rows.slice(at + 1, at + 1 + maxTitles).some(({ cells }) => countFilled(cells) >= 0.66 * width);
}

const pageNames = "page|pagina|página|seite|sida|strona|oldal|sivu|blatt|feuille|folio";
const shortPageNames = "pages|pag|pg|p|s|sid|side|str|strana|blz|sheet";

/** What a page is called where its number follows, in small letters. */
export const pageWords: ReadonlySet<string> = new Set([...pageNames.split("|"), ...shortPageNames.split("|")]);

const beforePage = "(^|[\\s|([-])";
/** `Page 2`, at the end of a cell. */
const pageNumber = new RegExp(`${beforePage}(${pageNames})\\.?\\s*[:#]?\\s*\\d+\\s*[)\\]]?\\s*$`, "i");
/** Of how many there are: in the middle of a line too, and after a word that is short. */
const pageOfPages = new RegExp(
  `${beforePage}(${pageNames}|${shortPageNames})\\.?\\s*[:#]?\\s*\\d+\\s*(of|von|av|de|sur|di|van|z|ze|af|/)\\s*\\d+(?![\\d.,])`,
  "i",
);

/** `loosely`: also where it does not say of how many. */
export function isPageNumber(line: string, loosely = true): boolean {
  return pageOfPages.test(line) || (loosely && pageNumber.test(line));
}

export function countFilled(cells: readonly string[]): number {
  let count = 0;
  for (const cell of cells) if (isFilled(cell)) count++;
  return count;
}

const comment = /^\s*(#|\/\/|--|%)(?=.*\p{L})/u;

/** What a comment begins with, as programs write them: `#`, `//`, `--`, `%`; null: it is none. */
export function commentMark({ cells }: SampleRow): string | null {
  return comment.exec(cells[0] ?? "")?.[1] ?? null;
}

/** How many of the rows at the top are comments. */
export function countComments(rows: readonly SampleRow[]): number {
  const end = rows.findIndex((row) => commentMark(row) === null);
  return Math.max(0, end);
}
