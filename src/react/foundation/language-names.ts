/** The languages that there are, each as it calls itself. */
import type { ApiLanguage } from "../../client/index.ts";

export const languageNames: readonly (readonly [ApiLanguage, string])[] = [
  ["en", "English"],
  ["fr", "Français"],
  ["sv", "Svenska"],
];
