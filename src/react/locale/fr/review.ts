/** The step in which rows are mended, in French. */
import type { Texts } from "../texts.ts";

export const review: Texts["review"] = {
  title: "Vérification",
};
