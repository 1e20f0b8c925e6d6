/** Tellings (errors.ts) in the languages that there are: what the server refuses, and why an import has stopped. */
import { type Telling, textOf } from "../core/errors.ts";
import type { Language } from "../core/fields/language.ts";
import { fr } from "./fr/told.ts";
import { sv } from "./sv/told.ts";

/** English template → translation, with the same numbered places. English is the template itself. */
export type Catalog = Readonly<Record<string, string>>;

export const catalogs: Readonly<Partial<Record<Language, Catalog>>> = { fr, sv };

/** A telling as text; in English where the language lacks it, as one that an earlier version has stored. */
export function textIn(language: Language, telling: Telling): string {
  const catalog = catalogs[language];
  const isOne = (count: number): boolean => (language === "fr" ? count < 2 : count === 1);
  return textOf(telling, (template) => catalog?.[template] ?? template, isOne);
}

/** An error's message; as it is where nothing is known of it in other languages. */
export function inLanguage(
  language: Language,
  { message, told }: { message: string; told?: Telling | null | undefined },
): string {
  return told === null || told === undefined || language === "en" ? message : textIn(language, told);
}
