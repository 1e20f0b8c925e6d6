/** The list of imports and the page of each, in Swedish. */
import type { Texts } from "../texts.ts";

export const history: Texts["history"] = {
  title: "Importer",
};
