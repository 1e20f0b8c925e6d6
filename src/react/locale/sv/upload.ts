/** The step that takes the file, in Swedish. */
import type { Texts } from "../texts.ts";

export const upload: Texts["upload"] = {
  title: "Importera en fil",
};
