/** The frame of the wizard, in Swedish. */
import type { Texts } from "../texts.ts";

export const wizard: Texts["wizard"] = {
  steps: "Importens steg",
  upload: "Fil",
  map: "Kolumner",
  analysis: "Kontroll",
  review: "Granskning",
  options: "Val",
  commit: "Import",
  gone: "Importen finns inte längre",
  goneHint: "Någon har tagit bort den, eller så var den inte din. Poster som den har skrivit finns kvar.",
};
