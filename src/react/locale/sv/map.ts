/** The step of columns and fields, in Swedish. */
import type { Texts } from "../texts.ts";

export const map: Texts["map"] = {
  title: "Kolumner och fält",
};
