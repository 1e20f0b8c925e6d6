/** The list of imports and the page of each, in French. */
import type { Texts } from "../texts.ts";

export const history: Texts["history"] = {
  title: "Imports",
};
