/**
 * Words that stand for a value that is not there: what programs write for a null (`NULL`, `NaN`, `<NA>`), and what people write
 * (`n/a`, `saknas`, `-`). In a text they may be meant: there is a person called Null.
 */
import type { FieldKind } from "../core/field.ts";

/** MySQL's and Postgres's null in text files (the manual of Postgres, "COPY"). It is one in every kind of field. */
export const backslashNull = "\\N";

/** Whether a cell stands so in the file, where a backslash may be an escape too. */
export function isBackslashNull(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === 2 && bytes[start] === 0x5c && bytes[start + 1] === 0x4e;
}

/** By programs: SQL, Python and its pandas, R, SAS, JavaScript, spreadsheets. */
const ofPrograms = "null #null nul nan -nan na nat n/a #n/a none nil undefined \\n #na #n/d #nv #i/t #saknas!";
/** What pivot tables and reports write in parentheses for a blank, in the languages of Excel: `(blank)`, `(vide)`, `(tom)`, `(Leer)`. */
const ofPivots =
  "blank|blanks|empty|vide|vides|tom|tomt|tomma|leer|leere|leeg|en blanco|vacío|vacías|vuoto|vuota|vuote|em branco|vazio|vazias" +
  "|puste|tyhjä|tyhjät|prázdné|üres|boş|пусто|пустые|空白";
/** By hand, in English, French, Swedish and their neighbours. */
const byHand =
  "n/a. n.a. n.a n/d n.d. nd n/k unknown missing empty blank|not available|not applicable|not provided|not specified|no data" +
  "|s/o|s.o.|so|sans objet|néant|neant|aucun|aucune|inconnu|inconnue|non renseigné|non renseignée|non renseigne|n/r|n.r.|nr|n.c.|nc|vide|sans" +
  "|saknas|uppgift saknas|okänd|okänt|ej angivet|ej angiven|uppgift finns ej|inget|ingen|inga|tom|tomt" +
  "|k.a.|k. a.|keine angabe|keine|entfällt|unbekannt|leer|ukendt|ukjent|mangler|ingen data|ei tietoa|puuttuu" +
  "|n.v.t.|nvt|onbekend|geen|sin datos|ninguno|ninguna|desconocido|nessuno|nessuna|sconosciuto|nenhum|brak|b/d";
/** Signs alone: dashes of every length, question marks, the dots of statistics programs, a slash, asterisks. */
const signs = /^(?:[-\u2010-\u2015\u2212_]{1,10}|\?{1,5}|\.{1,5}|\u2026|\/{1,2}|\*{1,5})$/;

const programWords: ReadonlySet<string> = new Set(ofPrograms.split(" "));
const pivotWords: ReadonlySet<string> = new Set(ofPivots.split("|"));
const handWords: ReadonlySet<string> = new Set([
  ...byHand.split("|").flatMap((words, k) => (k === 0 ? words.split(" ") : [words])),
  ...pivotWords,
]);
/** A word in a pair of brackets. */
const bracketed = /^(?:\((.+)\)|\[(.+)\]|<(.+)>|\{(.+)\})$/su;
const longest = Math.max(...[...programWords, ...handWords].map((word) => word.length + 2), 20);

/** Days that programs write where there is none: MySQL's `0000-00-00`, SAP's `00.00.0000`, the day 0 of a spreadsheet. */
const noDay =
  /^(?:0000([-/.]?)00\1(?:00)|00([-/.]?)00\2(?:00){1,2}|0?0[-/.]0?1[-/.]1900|0?1[-/.]0?0[-/.]1900|1900-01-00)(?:[T ]00:00(?::00(?:\.0+)?)?)?$/;
/** A phone of nothing but zeros. */
const noNumber = /^[0\s.()/+-]*$/;

/** What a program wrote for a null. */
export function isProgramWord(text: string): boolean {
  if (text.length > longest) return false;
  const word = text.toLowerCase();
  const inner = withinBrackets(word);
  if (inner !== null && (programWords.has(inner) || pivotWords.has(inner))) return true;
  return programWords.has(word) || signs.test(text);
}

/** The word of `(word)`, `[word]`, `<word>` or `{word}`; null: it stands in no brackets. */
function withinBrackets(text: string): string | null {
  return (
    bracketed
      .exec(text)
      ?.slice(1)
      .find((each) => each !== undefined)
      ?.trim() ?? null
  );
}

/** What a person wrote for a value that is not there, in brackets or not. */
function isHandWord(text: string): boolean {
  const word = text.toLowerCase();
  return handWords.has(withinBrackets(word) ?? word);
}

/** Whether a text that is no value of the kind says that there is none. */
export function isBlankWord(text: string, kind: FieldKind): boolean {
  if (text.length > longest) return false;
  if (isProgramWord(text)) return true;
  // Of choices a person may want to map what others have written.
  if (kind !== "choice" && isHandWord(text)) return true;
  if (kind === "date" || kind === "datetime") return noDay.test(text);
  return kind === "phone" && noNumber.test(text);
}

/** Of a key into another table, only what can hardly be a name. */
const surely: ReadonlySet<string> = new Set(["NULL", "(null)", "(NULL)", "[NULL]", "<NULL>", "<null>", "<NA>", "#N/A"]);

export function isSurelyBlank(text: string): boolean {
  return text === backslashNull || surely.has(text) || isPivotBlank(text);
}

function isPivotBlank(text: string): boolean {
  return text.startsWith("(") && text.length <= longest && pivotWords.has(withinBrackets(text.toLowerCase()) ?? "");
}
