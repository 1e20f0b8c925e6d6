/** Texts that a spreadsheet would run as formulas, and the apostrophe that guards them wherever they are handed to one. */

/**
 * A spreadsheet takes what begins so for a formula (OWASP, "CSV Injection"), whatever white space and invisible characters it
 * trims first; where people write full-width, it reads those marks too. The apostrophe is what guards it, and is guarded itself.
 */
const formulaStart =
  /^(?:['\t\r\n]|[\s\u2800\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]*[=+\-@\u2212\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20])/u;

/** Whether a spreadsheet may run the text as a formula. */
export function isFormula(text: string): boolean {
  return formulaStart.test(text);
}

/** The text as a spreadsheet may have it. */
export function guarded(text: string): string {
  return isFormula(text) ? `'${text}` : text;
}

/** The text without the apostrophe that guarded it. */
export function unguarded(text: string): string {
  return text.startsWith("'") && isFormula(text.slice(1)) ? text.slice(1) : text;
}
