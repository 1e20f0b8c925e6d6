/** Quotation marks as each language has them. */
import type { ApiLanguage } from "../../client/index.ts";

/** What goes before and after. French has no-break spaces inside (Lexique des règles typographiques de l'Imprimerie nationale). */
const quotationMarks: Readonly<Record<ApiLanguage, readonly [string, string]>> = {
  en: ["“", "”"],
  fr: ["«\u00a0", "\u00a0»"],
  sv: ["”", "”"],
};

export function quotedIn(language: ApiLanguage, text: string): string {
  return quotationMarks[language].join(text);
}
