/**
 * What other programs do to a value so that a spreadsheet leaves it as it is: `="01234"`, `'+46701740605`. A cell is read without
 * it. Texts that only look so (`'s-Hertogenbosch`, `=)`) stay.
 */

/** A formula of one constant text (ECMA-376 part 1, 18.17.2.2), bare or in `T()`. */
const constantFormula = /^=\s*(?:T?\(\s*)?"((?:[^"]|"")*)"\s*\)?$/i;
/** `=HYPERLINK(address, text)` (18.17.7.132), in the languages that people around have; the text is what a sheet shows. */
const linkFormula =
  /^=\s*(?:HYPERLINK|LIEN_HYPERTEXTE|HYPERL\u00c4NK|HIPERVINCULO|HIPERV\u00cdNCULO|COLLEG\.IPERTESTUALE)\(\s*"((?:[^"]|"")*)"\s*(?:[,;]\s*"((?:[^"]|"")*)"\s*)?\)$/i;
const numberFormula = /^=\s*([+-]?\d[\d.,]*)$/;

/** What a spreadsheet may run as a formula, which an apostrophe keeps it from (OWASP, "CSV Injection"). */
const guardedFormula = /^[=+\-@\u2212\uff0b\uff0d\uff1d\uff20]/;
/** What a spreadsheet would take for a number or a date. `'68` is a year. */
const guardedDigits = /^\d[\d\s.,:/+-]*\d[\d\s.,:/+-]*\d[\d\s.,:/+-]*$/;

/** A longer text is none that a spreadsheet was kept from. */
const maxChars = 2000;

/** What was taken off a cell. */
export type Mark = "constant_formula" | "guard_removed";

export interface Bare {
  text: string;
  mark: Mark;
}

/**
 * The text without such marks; null where it has none. `isText`: of a text field, where an apostrophe may be the text's own; `wants`:
 * what of a link is the value.
 */
export function withoutMarks(text: string, isText: boolean, wants: "text" | "address" = "text"): Bare | null {
  const first = text[0];
  if (text.length > maxChars) return null;
  if (first === "=") {
    const constant =
      constantFormula.exec(text)?.[1] ?? linked(text, wants) ?? (isText ? undefined : numberFormula.exec(text)?.[1]);
    if (constant === undefined) return null;
    const inner = constant.replaceAll('""', '"').trim();
    return { text: withoutMarks(inner, isText, wants)?.text ?? inner, mark: "constant_formula" };
  }
  if (first !== "'") return null;
  const rest = text.slice(1).trimStart();
  if (isText) {
    // What ends with an apostrophe as well is quoted.
    const isGuard = !rest.endsWith("'") && (guardedFormula.test(rest) || guardedDigits.test(rest));
    return isGuard ? { text: rest, mark: "guard_removed" } : null;
  }
  const bare = rest.endsWith("'") ? rest.slice(0, -1).trimEnd() : rest;
  return { text: bare, mark: "guard_removed" };
}

function linked(text: string, wants: "text" | "address"): string | undefined {
  const link = linkFormula.exec(text);
  return link === null ? undefined : wants === "address" ? link[1] : (link[2] ?? link[1]);
}
