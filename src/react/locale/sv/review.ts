/** The step in which rows are mended, in Swedish. */
import type { Texts } from "../texts.ts";

export const review: Texts["review"] = {
  title: "Granskning",
};
