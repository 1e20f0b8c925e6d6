/** The step that takes the file, in French. */
import type { Texts } from "../texts.ts";

export const upload: Texts["upload"] = {
  title: "Importer un fichier",
};
