/** The words of a language. */
import type { ApiLanguage } from "../../client/index.ts";
import type { Texts } from "../locale/texts.ts";

/** Each language is a file of its own, loaded when it is wanted. */
export async function loadTexts(language: ApiLanguage): Promise<Texts> {
  if (language === "fr") return (await import("../locale/fr/fr.ts")).fr;
  if (language === "sv") return (await import("../locale/sv/sv.ts")).sv;
  return (await import("../locale/en/en.ts")).en;
}
