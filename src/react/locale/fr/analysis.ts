/** The step in which the file is read, in French. */
import type { Texts } from "../texts.ts";

export const analysis: Texts["analysis"] = {
  title: "Contrôle du fichier",
};
